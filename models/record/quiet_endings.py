"""Quiet endings: what ended without a party's yes, kept from staff until the question's own deadline (S41).

A no and a silence read alike to staff, so a no may not show before the silence would. Until then they read the
introduction as it would stand with the question still open: told again from the ledger, without the no.

Where it would then go on to other connectors (an edit, or a connector who thinks again), nobody can say to whom. So who
is asked next is kept from staff for as long, whether or not there was a no, or until a connector has answered.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from models.asks import AskKind
from models.letters import Role
from models.news import (
    Answer,
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
    Resent,
    Silent,
    TimeIsUp,
    TookBack,
    Undeliverable,
)
from models.process.introduction import Introduction, Opening, Resting
from models.process.late_reports import heard
from models.process.story import begin, decide
from models.process.timetable import Waking, next_wake, wakes
from models.process.verdict import Refused
from models.record.disclosure import due_for_staff
from models.record.ledger import Began, Entry, Event, Mailed, Moved, Standing, standing

ENDED = ("resting", "closed")
_QUIET = (Declined, Barred, OptedOut, Blocked, TookBack, Erased)
_OF_TIME = (TimeIsUp, Silent, NotYetAccepted, AnswerWaiting)
_OF_STORE = (ConnectorFound, NoConnector, Introduced, HeldBack, *_OF_TIME)
_ENDS = (Waking.DEADLINE, Waking.PROMISE, Waking.ASK_AGAIN)  # where the open question would be settled one way or other
_ASKS = (AskKind.CONFIRM, AskKind.OPT_IN)
_AT_ONCE = timedelta(minutes=5)


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


def may_be_kept_back(event: Began | Moved) -> bool:
    if not isinstance(event, Moved):
        return False
    ended = event.standing.stage in ENDED and isinstance(event.news, _QUIET)
    return ended or any(effect.kind == "find_connector" for effect in event.effects)


def shown_to_staff(opening: Opening, entries: Sequence[Entry], now: datetime) -> ShownToStaff | None:
    """What the columns hold after these events; None where nothing is kept back."""
    found = as_staff_know(opening, entries, now)
    if found.until is None or found.introduction is None:
        return None
    where = standing(found.introduction)
    return ShownToStaff(where.stage, where.waiting_on, due_of(found.introduction), found.until)


def as_recorded(opening: Opening, entries: Sequence[Entry]) -> Introduction | None:
    """As it stands after these events, whoever may know of them."""
    introduction: Introduction | None = None
    for entry in entries:
        introduction = _next(opening, introduction, entry)
    return introduction


def due_of(introduction: Introduction) -> datetime | None:
    """What staff read as due."""
    where, promised_at = standing(introduction), introduction.promised_at
    if isinstance(introduction.stage, Resting) and not introduction.told:
        return introduction.stage.tell_at  # earlier than promised, where endings are told in batches
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
            continue
        veil = _drawn(before, entry, real) if before else None
        if veil is None:
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
        self.with_others = False  # it has gone on to other connectors, and who is asked does not show
        self.nothing_ended = False  # no party has said no: only who is asked next is kept back

    @classmethod
    def over_others(cls, entry: Entry, after: Introduction, until: datetime) -> "_Veil":
        """Nobody has said no; it goes on to other connectors, as it would seem to if somebody had."""
        veil = cls(after, entry)
        veil.shown, veil.lifted_at = [entry], until
        veil.with_others = veil.nothing_ended = True
        return veil

    @property
    def kept_from(self) -> int | None:
        step = self.ended.event.step if isinstance(self.ended.event, Moved) else None
        return step + 1 if step and self.nothing_ended else step

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
        if self.nothing_ended:
            kept = (each.entry for each in self.since if not each.shown)
            return sorted([*self.shown, *kept], key=lambda each: each.seq), None
        told = (each.entry.at for each in self.since if _closes(each.entry))
        until = min([self.until or self.ended.at, *told])  # in batches the requester may have been told before
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
        if self.nothing_ended and _answers_one_of(event, len(self.state.asks)):
            self.lifted_at = entry.at
        elif isinstance(event, Moved) and not (isinstance(event.news, _OF_STORE) or _is_quiet(self.state, event.news)):
            self.time_passes(entry.at)
            told = self._as_if_open(event, entry)
            if told is None:
                return
        self.since.append(VeiledNews(before, entry, after, shown=again or told is not None))
        if told and not again:
            self.shown.append(told)

    def _as_if_open(self, event: Moved, entry: Entry) -> Entry | None:
        before, verdict = self.state, decide(self.state, event.news, entry.at)
        if isinstance(verdict, Refused):
            return None
        self.state = verdict.after
        if isinstance(event.news, Undeliverable | Resent):  # an end that is known, and no longer
            self.was_over = verdict.after.stage.kind in ENDED
        if not self.with_others and _goes_on_to_others(before, verdict.after):
            self.lifted_at, self.with_others = _deadline(before, entry.at) or entry.at, True
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
        if self.with_others:
            return False  # whom it had gone on to would show
        return self.state.closed or (not self.was_over and self.state.stage.kind in ENDED)


def _drawn(before: Introduction, entry: Entry, after: Introduction) -> _Veil | None:
    if _ends_quietly(before, entry, after):
        return _Veil(before, entry)
    until = _deadline(before, entry.at) if _goes_on_to_others(before, after) else None
    return _Veil.over_others(entry, after, until) if until else None


def _goes_on_to_others(before: Introduction, after: Introduction) -> bool:
    return after.stage.kind == "finding" and before.stage.kind not in (*ENDED, "finding", "screening")


def _deadline(before: Introduction, at: datetime) -> datetime | None:
    """Until when a party's question could be open: the earliest, where several are."""
    asked = (each for each in before.asks if each.kind in _ASKS and each.version == before.version and not each.agreed)
    return min((each.due_at for each in asked if each.due_at > at), default=None)


def _closes(entry: Entry) -> bool:
    return isinstance(entry.event, Moved) and entry.event.standing.stage == "closed"


def _answers_one_of(event: Event, asks_known: int) -> bool:
    """Whether this is an answer to a question that staff do not know to be asked."""
    return isinstance(event, Moved) and isinstance(event.news, Answer) and event.news.ask > asks_known


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
