"""The due table: every instant at which time alone moves an introduction, and what happens then."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from models.asks import WITH_DEADLINE, Ask, AskState
from models.effects import CheckSilence, ExtendAsk
from models.ids import AskNumber
from models.news import AcceptedLate, NotYetAccepted
from models.process.bounds import next_look
from models.process.chapters.consent import ask_again
from models.process.chapters.endings import keep_promise
from models.process.chapters.follow_up import (
    ask_as_the_term_ends,
    ask_for_thanks,
    ask_whether_met,
    ask_whether_met_again,
    ask_whether_they_wrote,
    ask_whether_written,
    close_the_loop,
    hand_over,
    pass_on,
)
from models.process.chapters.screening import to_backup
from models.process.state.introduction import Introduction
from models.process.state.stages import Delivering, FollowingUp, PassingOn, Resting, Screening
from models.process.turn import Turn
from models.process.verdict import Reason, Refused
from models.time.patience import due


class Waking(StrEnum):
    """What time alone brings about."""

    REMINDER = "reminder"
    DEADLINE = "deadline"
    ASK_AGAIN = "ask_again"
    BACKUP = "backup"
    PROMISE = "promise"
    DELIVERY = "delivery"
    TWO_LINES = "two_lines"
    WRITTEN = "written"
    FIRST_CONTACT = "first_contact"
    MEET = "meet"
    MEET_AGAIN = "meet_again"
    THANKS = "thanks"
    CLOSING = "closing"
    OUTCOME = "outcome"


_HOW_IT_WAS = (Waking.MEET, Waking.MEET_AGAIN, Waking.CLOSING)


class Wake(NamedTuple):
    """A row of the table: an instant (UTC), what it is called, what happens then, and the ask it is about."""

    at: datetime
    what: Waking
    happens: Callable[[Turn], Turn]
    ask: AskNumber | None = None


def next_wake(introduction: Introduction) -> Wake | None:
    """The earliest instant that moves this introduction; None once it is closed."""
    return min(wakes(introduction), key=lambda wake: wake.at, default=None)


def time_is_up(turn: Turn) -> Turn | Refused:
    """The earliest thing due happens; what else is due follows at once, one step each."""
    wake = next_wake(turn.introduction)
    return wake.happens(turn) if wake and wake.at <= turn.now else Refused(reason=Reason.NOTHING_DUE)


def wakes(introduction: Introduction) -> list[Wake]:
    """The table as it stands for this introduction. Held, it waits for the promise to the requester alone."""
    stage = introduction.stage
    if introduction.closed:
        return []
    if introduction.held_at:
        return _of_stage(introduction) if isinstance(stage, Resting) else _promise(introduction)
    if isinstance(stage, PassingOn):
        return _of_stage(introduction)  # an answer is on its way: nobody is reminded, nobody counts as silent
    return [*_of_stage(introduction), *(wake for ask in introduction.asks for wake in _of_ask(ask))]


def lies_ahead(introduction: Introduction) -> tuple[Wake, ...]:
    """What whoever asked may look forward to once introduced: the next question how it was, and the thanks they may
    write before the term ends. Rows of the table, so that a page promises what will be."""
    table = sorted(wakes(introduction) if isinstance(introduction.stage, FollowingUp) else [], key=lambda wake: wake.at)
    asked = [wake for wake in table if wake.what in _HOW_IT_WAS]
    ends = next((wake.at for wake in table if wake.what in (Waking.CLOSING, Waking.OUTCOME)), None)
    thanks = [wake for wake in table if wake.what == Waking.THANKS and (ends is None or wake.at < ends)]
    return (*asked[:1], *thanks)


def _of_stage(introduction: Introduction) -> list[Wake]:
    match introduction.stage:
        case Screening(backup=False) as stage:
            return [*_promise(introduction), Wake(stage.due_at, Waking.BACKUP, to_backup)]
        case PassingOn() as stage:
            return [Wake(stage.due_at, Waking.TWO_LINES, partial(pass_on, stage=stage))]
        case Delivering(handing_over=False) as stage:
            return [Wake(stage.due_at, Waking.DELIVERY, partial(hand_over, stage=stage))]
        case Delivering():
            return []
        case FollowingUp() as stage:
            return _of_follow_up(stage)
        case Resting() as stage:
            afresh = introduction.asked_afresh()  # its deadline moves when they undo their answer
            others = introduction.open_asks() if introduction.rests_for_staff else ()  # a connector's, thinking again
            waiting = [ask.due_at for ask in ((afresh,) if afresh else others)]
            return [Wake(max([stage.tell_at, *waiting]), Waking.PROMISE, keep_promise)]
        case _:
            return _promise(introduction)


def _promise(introduction: Introduction) -> list[Wake]:
    return [] if introduction.told else [Wake(introduction.promised_at, Waking.PROMISE, keep_promise)]


def _of_follow_up(stage: FollowingUp) -> list[Wake]:
    table = (
        (stage.written_at, Waking.WRITTEN, ask_whether_written),
        (stage.first_contact_at, Waking.FIRST_CONTACT, ask_whether_they_wrote),
        (stage.meet_at, Waking.MEET, ask_whether_met),
        (stage.meet_again_at, Waking.MEET_AGAIN, ask_whether_met_again),
        (stage.thanks_at, Waking.THANKS, ask_for_thanks),
        (stage.closing_at, Waking.CLOSING, ask_as_the_term_ends),
        (stage.outcome_at, Waking.OUTCOME, close_the_loop),
    )
    return [Wake(at, what, partial(happens, stage=stage)) for at, what, happens in table if at]


def _of_ask(ask: Ask) -> list[Wake]:
    reminded = ask.remind_at if ask.is_open else None
    silent = ask.due_at if ask.is_open and ask.kind in WITH_DEADLINE and not ask.checking else None
    table = (
        (ask.until if ask.state == AskState.PUT_OFF else None, Waking.ASK_AGAIN, ask_again),
        (reminded, Waking.REMINDER, Turn.remind),
        (silent, Waking.DEADLINE, _check_silence),
    )
    return [Wake(at, what, partial(happens, ask=ask), ask.number) for at, what, happens in table if at]


def _check_silence(turn: Turn, ask: Ask) -> Turn:
    """Silence is a claim about a person: the store is asked before it is made."""
    return turn.update(ask, checking=True).cause(CheckSilence(ask=ask.number))


def more_time(turn: Turn, ask: Ask) -> Turn | Refused:
    """Nobody is silent who has not been reached: their time starts when the relay has taken the letter."""
    rules, calendar = turn.introduction.rules_of(ask), turn.introduction.calendar(ask.person)
    looks = 0
    match turn.news:
        case AcceptedLate(at=at):
            due_at = due(at, rules.answer_within, calendar)
            if due_at <= ask.due_at or ask.kind not in WITH_DEADLINE:
                return Refused(reason=Reason.NOT_NOW)  # they have that much time already
            if ask.remind_at and rules.remind_after:
                turn.update(ask, remind_at=due(at, rules.remind_after, calendar))
            if ask.remind_again_at and rules.remind_again_after:
                turn.update(ask, remind_again_at=due(at, rules.remind_again_after, calendar))
        case NotYetAccepted():
            due_at = due(turn.now, rules.answer_within, calendar)
        case _:
            due_at = turn.now + next_look(turn.introduction, ask.looks)
            looks = ask.looks + 1
    return turn.update(ask, due_at=due_at, checking=False, looks=looks).cause(ExtendAsk(ask=ask.number, due_at=due_at))
