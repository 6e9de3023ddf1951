"""A veil over a quiet ending: the introduction as staff read it, told on as if the party had not spoken yet.

It is told by the core itself, with the question still open, from all that was heard since; and lifts at the deadline,
or once the requester has been told, as in batches may be before: from then on nothing is kept that others do not know.
"""

from datetime import datetime
from typing import NamedTuple

from models.news import (
    Answer,
    AnswerWaiting,
    CapReached,
    ConnectorFound,
    HeldBack,
    Introduced,
    NoConnector,
    NotYetAccepted,
    Resent,
    Silent,
    TimeIsUp,
    Undeliverable,
)
from models.process.state.introduction import Introduction
from models.process.story import decide
from models.process.timetable import next_wake
from models.process.verdict import Refused
from models.record.ledger import ENDED, Entry, Event, Moved, standing
from models.record.quiet_endings import (
    ENDS,
    deadline_of_a_party,
    ends_quietly,
    goes_on_to_others,
    is_quiet,
    silent_until,
)

OF_TIME = (TimeIsUp, Silent, NotYetAccepted, AnswerWaiting)
_OF_STORE = (ConnectorFound, NoConnector, Introduced, HeldBack, CapReached, *OF_TIME)


def drawn(before: Introduction, entry: Entry, after: Introduction) -> "Veil | None":
    """The veil over what this entry says, if there is to be one."""
    if ends_quietly(before, entry.event, after, entry.at):
        return Veil(before, entry)
    until = deadline_of_a_party(before, entry.at) if goes_on_to_others(before, after) else None
    return Veil.over_others(entry, after, until) if until else None


class VeiledNews(NamedTuple):
    """Something that was heard while a no was kept back, and whether staff could read it at once."""

    before: Introduction | None
    entry: Entry
    after: Introduction
    shown: bool


class Veil:
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
    def over_others(cls, entry: Entry, after: Introduction, until: datetime) -> "Veil":
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
        return self.lifted_at or silent_until(self.state)

    def is_lifted(self, at: datetime) -> bool:
        until = self.until
        return self._is_over() or until is None or until <= at or self._requester_is_told

    @property
    def _requester_is_told(self) -> bool:
        return any(_tells(each.entry) for each in self.since)

    def lifted(self) -> "tuple[list[Entry], Veil | None]":
        """What staff read from then on: it ended at the deadline, unless they ended it themselves before."""
        if self._is_over():
            return self.shown, None
        if self.nothing_ended:
            kept = (each.entry for each in self.since if not each.shown)
            return sorted([*self.shown, *kept], key=lambda each: each.seq), None
        told = (each.entry.at for each in self.since if _tells(each.entry))
        until = min([self.until or self.ended.at, *told])  # in batches the requester may have been told before
        found, veil = [*self.shown, _not_before(until, self.ended)], None
        for before, entry, after, shown in self.since:
            if veil:
                veil.hear(before, entry, after, again=shown)
            elif before and not shown and ends_quietly(before, entry.event, after, entry.at):
                veil = Veil(before, entry)
            elif not shown:
                found.append(_not_before(until, entry))
        return found, veil

    def hear(self, before: Introduction | None, entry: Entry, after: Introduction, *, again: bool = False) -> None:
        """What was heard since, as it would have been heard with the question open. `again`: staff have read it."""
        event, told = entry.event, None
        if self.nothing_ended and _answers_one_of(event, len(self.state.asks)):
            self.lifted_at = entry.at
        elif isinstance(event, Moved) and not (isinstance(event.news, _OF_STORE) or is_quiet(self.state, event.news)):
            self.time_passes(entry.at)
            told = self._as_if_open(event, entry)  # None: with the question open it would be refused; told with the end
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
        if not self.with_others and goes_on_to_others(before, verdict.after):
            self.lifted_at, self.with_others = deadline_of_a_party(before, entry.at) or entry.at, True
        update = {"effects": verdict.effects, "standing": standing(verdict.after)}
        return entry.model_copy(update={"event": event.model_copy(update=update)})

    def time_passes(self, now: datetime) -> None:
        """Reminders fall due as they would."""
        while (wake := next_wake(self.state)) and wake.at <= now and wake.what not in ENDS:
            verdict = decide(self.state, TimeIsUp(), wake.at)
            if isinstance(verdict, Refused):
                return
            self.state = verdict.after

    def _is_over(self) -> bool:
        if self.with_others:
            return False  # whom it had gone on to would show
        return self.state.closed or (not self.was_over and self.state.stage.kind in ENDED)


def _tells(entry: Entry) -> bool:
    """The requester hears with it that it has ended."""
    if not isinstance(entry.event, Moved):
        return False
    return entry.event.standing.stage == "closed" and entry.event.standing.told


def _answers_one_of(event: Event, asks_known: int) -> bool:
    """Whether this is an answer to a question that staff do not know to be asked."""
    return isinstance(event, Moved) and isinstance(event.news, Answer) and event.news.ask > asks_known


def _not_before(until: datetime, entry: Entry) -> Entry:
    return entry.model_copy(update={"at": max(until, entry.at)})
