"""Quiet endings: what ended without a party's yes, kept from staff until the question's own deadline (S41).

A no and a silence read alike to staff, so a no may not show before the silence would. Until then they read the
introduction as it would stand with the question still open: told again from the ledger, without the no.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
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
_AT_ONCE = timedelta(minutes=5)
_LOOKS = ("take_up", "find_connector")


class AsStaffKnow(NamedTuple):
    """An introduction as staff may know it. `until`: so long it is told as if a question were still open."""

    introduction: Introduction | None  # None: recorded under rules we no longer know
    entries: tuple[Entry, ...]
    until: datetime | None = None
    kept_from: int | None = None  # so long, what this step and later ones caused is not for staff

    @property
    def step(self) -> int:
        """How far it has moved for staff: what time does, and a no, counts where it can be seen, and together once."""
        all_of_it = (None, *self.entries, None)
        return sum(_moves(*each) for each in zip(all_of_it, self.entries, all_of_it[2:], strict=False))


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
        shown, veil = _lifted(shown, veil, entry.at)
        before, real = real, _next(opening, real, entry)
        if real is None:
            return AsStaffKnow(None, tuple(each for each in entries if not isinstance(each.event, Mailed)))
        if veil:
            veil.hear(before, entry, real)
        elif before and _ends_quietly(before, entry, real):
            veil = _Veil(before, entry)
        else:
            shown.append(entry)
    shown, veil = _lifted(shown, veil, now)
    if veil is None:
        return AsStaffKnow(real, tuple(shown))
    veil.time_passes(now)
    return AsStaffKnow(veil.state, (*shown, *veil.shown), veil.until, veil.kept_from)


def _lifted(shown: list[Entry], veil: "_Veil | None", at: datetime) -> "tuple[list[Entry], _Veil | None]":
    """What staff read once its time has come, and what is kept back still: a second no has a deadline of its own."""
    while veil and veil.is_lifted(at):
        now_shown, veil = veil.lifted()
        shown = [*shown, *now_shown]
    return shown, veil


class VeiledNews(NamedTuple):
    """Something that was heard while a no was kept back, and whether staff could read it at once."""

    before: Introduction | None
    entry: Entry
    after: Introduction
    shown: bool


class _Veil:
    """The introduction as it would go on if the party had not spoken yet."""

    def __init__(self, before: Introduction, ended: Entry) -> None:
        self.state, self.ended = before, ended
        self.was_over = before.stage.kind in ENDED  # the requester's own question, open beside an end that is known
        self.shown: list[Entry] = []
        self.since: list[VeiledNews] = []
        self.lifted_at: datetime | None = None

    @property
    def kept_from(self) -> int | None:
        return self.ended.event.step if isinstance(self.ended.event, Moved) else None

    @property
    def until(self) -> datetime | None:
        if self.lifted_at:
            return self.lifted_at
        ends = [wake.at for wake in wakes(self.state) if wake.what in _ENDS]
        checked = [ask.due_at for ask in self.state.open_asks() if ask.checking]  # their silence is being looked at
        return min([*ends, *checked], default=None)

    def is_lifted(self, at: datetime) -> bool:
        until = self.until
        return self._is_over() or until is None or until <= at

    def lifted(self) -> "tuple[list[Entry], _Veil | None]":
        """What staff read from then on: it ended at the deadline, unless they ended it themselves before."""
        if self._is_over():
            return self.shown, None
        until = self.until or self.ended.at
        found, veil = [*self.shown, _not_before(until, self.ended)], None
        for before, entry, after, shown in self.since:
            if veil:
                veil.hear(before, entry, after, again=shown)
            elif before and not shown and _ends_quietly(before, entry, after):
                veil = _Veil(before, entry)
            elif not shown:
                found.append(_not_before(until, entry))
        return found, veil

    def hear(self, before: Introduction | None, entry: Entry, after: Introduction, *, again: bool = False) -> None:
        """What was heard since, as it would have been heard with the question open. `again`: staff have read it."""
        event, told = entry.event, None
        if isinstance(event, Moved) and not (isinstance(event.news, _OF_STORE) or _is_quiet(self.state, event.news)):
            self.time_passes(entry.at)
            told = self._as_if_open(event, entry)
            if told is None:
                return
        self.since.append(VeiledNews(before, entry, after, shown=again or told is not None))
        if told and not again:
            self.shown.append(told)

    def _as_if_open(self, event: Moved, entry: Entry) -> Entry | None:
        verdict = decide(self.state, event.news, entry.at)
        if isinstance(verdict, Refused):
            return None
        self.state = verdict.after
        if any(effect.kind in _LOOKS for effect in verdict.effects):
            self.lifted_at = entry.at  # it would go on to others from here, and nobody can say how
        update = {"effects": verdict.effects, "standing": standing(verdict.after)}
        return entry.model_copy(update={"event": event.model_copy(update=update)})

    def time_passes(self, now: datetime) -> None:
        """Reminders fall due as they would."""
        while (wake := next_wake(self.state)) and wake.at <= now and wake.what not in _ENDS:
            verdict = decide(self.state, TimeIsUp(), wake.at)
            if isinstance(verdict, Refused):
                return
            self.state = verdict.after

    def _is_over(self) -> bool:
        return self.state.closed or (not self.was_over and self.state.stage.kind in ENDED)


def _not_before(until: datetime, entry: Entry) -> Entry:
    return entry.model_copy(update={"at": max(until, entry.at)})


def _ends_quietly(before: Introduction, entry: Entry, after: Introduction) -> bool:
    """A party, or what stands between the two, has ended it while a party was asked; or, once it has ended, a party
    whose own question lies open has said no to that."""
    if not isinstance(entry.event, Moved) or not _is_quiet(before, entry.event.news):
        return False
    by = getattr(entry.event.news, "by", None)
    ends = before.stage.kind not in ENDED and after.stage.kind in ENDED
    says_no = before.stage.kind == "resting"
    asked = any(ask.kind in _ASKS and (ends or ask.person == by) for ask in before.open_asks())
    return (ends or says_no) and asked and not _Veil(before, entry).is_lifted(entry.at)


def _is_quiet(before: Introduction, news: News) -> bool:
    """A connector's no, however it is said, is for staff to know."""
    by = getattr(news, "by", None)
    is_connectors = any(ask.role == Role.CONNECTOR and ask.person == by for ask in before.asks)
    return isinstance(news, _QUIET) and not is_connectors


def _next(opening: Opening, introduction: Introduction | None, entry: Entry) -> Introduction | None:
    if isinstance(entry.event, Began):
        return begin(opening, entry.at).after
    if not isinstance(entry.event, Moved) or introduction is None:
        return introduction
    verdict = heard(introduction, entry.event.news, entry.at)
    return None if isinstance(verdict, Refused) else verdict.after


def _moves(before: Entry | None, entry: Entry, following: Entry | None) -> bool:
    if not _is_of(entry, (*_OF_TIME, *_QUIET)):
        return True
    at_once = following and _is_of(following, _OF_TIME) and following.at - entry.at < _AT_ONCE
    if following and at_once and _seen(_standing(entry)) != _seen(_standing(following)):
        return False  # counted with what follows at once
    return before is None or _seen(_standing(entry)) != _seen(_standing(before))


def _is_of(entry: Entry, kinds: tuple[type[News], ...]) -> bool:
    return isinstance(entry.event, Moved) and isinstance(entry.event.news, kinds)


def _standing(entry: Entry) -> Standing | None:
    return None if isinstance(entry.event, Mailed) else entry.event.standing


def _seen(where: Standing | None) -> tuple[object, ...]:
    return (where.stage, where.told, where.version, where.connector, where.held) if where else ()
