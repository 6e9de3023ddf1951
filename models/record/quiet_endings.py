"""Quiet endings: what ended without a party's yes, kept from staff until the question's own deadline (S41).

A no and a silence read alike to staff, so a no may not show before the silence would. Until then they read the
introduction as it would stand with the question still open: told again from the ledger, without the no.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from models.asks import AskKind
from models.letters import Role
from models.news import (
    AnswerWaiting,
    Barred,
    Blocked,
    ConnectorFound,
    Declined,
    Erased,
    HeldBack,
    Introduced,
    News,
    NoConnector,
    NotYetAccepted,
    OptedOut,
    Silent,
    TimeIsUp,
    TookBack,
)
from models.process.introduction import Introduction, Opening
from models.process.late_reports import heard
from models.process.story import begin, decide
from models.process.timetable import Waking, next_wake, wakes
from models.process.verdict import Refused
from models.record.disclosure import due_for_staff
from models.record.ledger import Began, Entry, Mailed, Moved, Standing, standing

ENDED = ("resting", "closed")
_QUIET = (Declined, Barred, OptedOut, Blocked, TookBack, Erased)
_OF_TIME = (TimeIsUp, Silent, NotYetAccepted, AnswerWaiting)
_OF_STORE = (ConnectorFound, NoConnector, Introduced, HeldBack, *_OF_TIME)
_ENDS = (Waking.DEADLINE, Waking.PROMISE, Waking.ASK_AGAIN)  # where the open question would be settled one way or other
_ASKS = (AskKind.CONFIRM, AskKind.OPT_IN)
_LOOKS = ("take_up", "find_connector")


class AsStaffKnow(NamedTuple):
    """An introduction as staff may know it. `until`: so long it is told as if a question were still open."""

    introduction: Introduction | None  # None: recorded under rules we no longer know
    entries: tuple[Entry, ...]
    until: datetime | None = None
    kept_from: int | None = None  # so long, what this step and later ones caused is not for staff

    @property
    def step(self) -> int:
        """How far it has moved for staff: what time alone does counts where it can be seen."""
        return sum(_moves(entry, before) for before, entry in zip((None, *self.entries), self.entries, strict=False))


class ShownToStaff(NamedTuple):
    """The columns that lists for staff are drawn from; all but the due time only so long as something is kept back."""

    shown_stage: str | None
    shown_waiting_on: str | None
    shown_due_at: datetime | None
    shown_until: datetime | None


def may_end_quietly(event: Began | Moved) -> bool:
    return isinstance(event, Moved) and event.standing.stage in ENDED and isinstance(event.news, _QUIET)


def shown_to_staff(opening: Opening, entries: Sequence[Entry], now: datetime) -> ShownToStaff | None:
    """What the columns hold after these events; None where nothing is kept back."""
    found = as_staff_know(opening, entries, now)
    if found.until is None or found.introduction is None:
        return None
    where = standing(found.introduction)
    return ShownToStaff(where.stage, where.waiting_on, due_of(found.introduction), found.until)


def due_of(introduction: Introduction) -> datetime | None:
    """What staff read as due."""
    where, promised_at = standing(introduction), introduction.promised_at
    return due_for_staff(where.stage, where.due_at, introduction.asks, promised_at, told=introduction.told)


def as_staff_know(opening: Opening, entries: Sequence[Entry], now: datetime) -> AsStaffKnow:
    """The story as staff may read it at this instant."""
    real: Introduction | None = None
    veil: _Veil | None = None
    shown: list[Entry] = []
    for entry in entries:
        if isinstance(entry.event, Mailed):
            continue
        if veil and veil.is_lifted(entry.at):
            shown, veil = [*shown, *veil.lifted()], None
        before, real = real, _next(opening, real, entry)
        if real is None:
            return AsStaffKnow(None, tuple(each for each in entries if not isinstance(each.event, Mailed)))
        if veil:
            veil.hear(entry)
        elif before and _ends_quietly(before, entry, real):
            veil = _Veil(before, entry)
        else:
            shown.append(entry)
    if veil is None:
        return AsStaffKnow(real, tuple(shown))
    if veil.is_lifted(now):
        return AsStaffKnow(real, (*shown, *veil.lifted()))
    veil.time_passes(now)
    return AsStaffKnow(veil.state, (*shown, *veil.shown), veil.until, veil.kept_from)


class _Veil:
    """The introduction as it would go on if the party had not spoken yet."""

    def __init__(self, before: Introduction, ended: Entry) -> None:
        self.state, self.ended = before, ended
        self.shown: list[Entry] = []
        self.kept_back = [ended]
        self.lifted_at: datetime | None = None

    @property
    def kept_from(self) -> int | None:
        return self.ended.event.step if isinstance(self.ended.event, Moved) else None

    @property
    def until(self) -> datetime | None:
        if self.lifted_at:
            return self.lifted_at
        return min((wake.at for wake in wakes(self.state) if wake.what in _ENDS), default=None)

    def is_lifted(self, at: datetime) -> bool:
        until = self.until
        return self._is_over() or until is None or until <= at

    def lifted(self) -> list[Entry]:
        """What staff read from then on: it ended at the deadline, unless they ended it themselves before."""
        if self._is_over():
            return self.shown
        until = self.until or self.ended.at
        return [*self.shown, *(each.model_copy(update={"at": max(until, each.at)}) for each in self.kept_back)]

    def hear(self, entry: Entry) -> None:
        """What was heard since, as it would have been heard with the question open."""
        event = entry.event
        if not isinstance(event, Moved) or isinstance(event.news, (*_OF_STORE, *_QUIET)):
            self.kept_back.append(entry)
            return
        self.time_passes(entry.at)
        verdict = decide(self.state, event.news, entry.at)
        if isinstance(verdict, Refused):
            return
        self.state = verdict.after
        if any(effect.kind in _LOOKS for effect in verdict.effects):
            self.lifted_at = entry.at  # it would go on to others from here, and nobody can say how
        update = {"effects": verdict.effects, "standing": standing(verdict.after)}
        self.shown.append(entry.model_copy(update={"event": event.model_copy(update=update)}))

    def time_passes(self, now: datetime) -> None:
        """Reminders fall due as they would."""
        while (wake := next_wake(self.state)) and wake.at <= now and wake.what not in _ENDS:
            verdict = decide(self.state, TimeIsUp(), wake.at)
            if isinstance(verdict, Refused):
                return
            self.state = verdict.after

    def _is_over(self) -> bool:
        return self.state.stage.kind in ENDED


def _ends_quietly(before: Introduction, entry: Entry, after: Introduction) -> bool:
    """A party, or what stands between the two, has ended it while a party was asked."""
    if not isinstance(entry.event, Moved) or before.stage.kind in ENDED or after.stage.kind not in ENDED:
        return False
    veil, asked = _Veil(before, entry), any(ask.kind in _ASKS for ask in before.open_asks())
    return asked and _is_quiet(before, entry.event.news) and not veil.is_lifted(entry.at)


def _is_quiet(before: Introduction, news: News) -> bool:
    """A connector's no is theirs to know."""
    ask = before.ask(news.ask) if isinstance(news, Declined) else None
    return isinstance(news, _QUIET) and (ask is None or ask.role != Role.CONNECTOR)


def _next(opening: Opening, introduction: Introduction | None, entry: Entry) -> Introduction | None:
    if isinstance(entry.event, Began):
        return begin(opening, entry.at).after
    if not isinstance(entry.event, Moved) or introduction is None:
        return introduction
    verdict = heard(introduction, entry.event.news, entry.at)
    return None if isinstance(verdict, Refused) else verdict.after


def _moves(entry: Entry, before: Entry | None) -> bool:
    if not isinstance(entry.event, Moved) or not isinstance(entry.event.news, _OF_TIME):
        return True
    return before is None or _seen(_standing(entry)) != _seen(_standing(before))


def _standing(entry: Entry) -> Standing | None:
    return None if isinstance(entry.event, Mailed) else entry.event.standing


def _seen(where: Standing | None) -> tuple[object, ...]:
    return (where.stage, where.told, where.version, where.connector, where.held) if where else ()
