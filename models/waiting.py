"""The timetable: what an introduction is waiting for.

Every instant at which time alone moves it, and what happens then.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from models.asking import ask_again
from models.asks import WITH_DEADLINE, Ask, AskState
from models.calendar import due
from models.closing import keep_promise
from models.effects import CheckSilence, ExtendAsk
from models.following import (
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
from models.ids import AskNumber
from models.introduction import Closed, Delivering, FollowingUp, Introduction, PassingOn, Resting, Screening
from models.news import AcceptedLate, NotYetAccepted
from models.screening import to_backup
from models.turn import Turn
from models.verdict import Reason, Refused


class Waking(StrEnum):
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


class Wake(NamedTuple):
    """An instant (UTC) at which something is due, and what."""

    at: datetime
    what: Waking
    ask: AskNumber | None = None


RETRY = timedelta(seconds=30)  # how soon we look again where somebody's answer is on its way


def next_wake(introduction: Introduction) -> Wake | None:
    """The earliest instant that moves this introduction; None once it is closed."""
    return min(wakes(introduction), key=lambda wake: wake.at, default=None)


def wakes(introduction: Introduction) -> list[Wake]:
    if introduction.closed:
        return []
    if introduction.held_at:
        return _while_held(introduction)
    if isinstance(introduction.stage, PassingOn):
        return _of_stage(introduction)  # an answer is on its way: nobody is reminded, nobody counts as silent
    return [*_of_stage(introduction), *_of_asks(introduction)]


def more_time(turn: Turn, ask: Ask) -> Turn | Refused:
    """Nobody is silent who has not been reached: their time starts when the relay has taken the letter."""
    rules, calendar = turn.introduction.rules_of(ask), turn.introduction.calendar(ask.person)
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
            due_at = turn.now + RETRY
    return turn.update(ask, due_at=due_at, checking=False).cause(ExtendAsk(ask=ask.number, due_at=due_at))


def time_is_up(turn: Turn) -> Turn | Refused:
    """The earliest thing due happens; what else is due follows at once, one step each."""
    wake = next_wake(turn.introduction)
    if wake is None or wake.at > turn.now:
        return Refused(reason=Reason.NOTHING_DUE)
    ask = turn.introduction.ask(wake.ask) if wake.ask else None
    return _ask_is_due(turn, wake.what, ask) if ask else _stage_is_due(turn, wake.what)


def _ask_is_due(turn: Turn, what: Waking, ask: Ask) -> Turn:
    match what:
        case Waking.REMINDER:
            return turn.remind(ask)
        case Waking.ASK_AGAIN:
            return ask_again(turn, ask)
        case _:  # silence is a claim about a person: the store is asked before it is made
            return turn.update(ask, checking=True).cause(CheckSilence(ask=ask.number))


def _stage_is_due(turn: Turn, what: Waking) -> Turn | Refused:
    introduction = turn.introduction
    match introduction.stage, what:
        case _, Waking.PROMISE:
            return keep_promise(turn)
        case Screening(), Waking.BACKUP if introduction.policy.screening:
            return to_backup(turn, introduction.policy.screening)
        case Delivering() as stage, Waking.DELIVERY:
            return hand_over(turn, stage)
        case PassingOn() as stage, Waking.TWO_LINES if introduction.target:
            return pass_on(turn, stage, introduction.target)
        case FollowingUp() as stage, _:
            return _follow_up_is_due(turn, stage, what)
        case _:
            return Refused(reason=Reason.NOTHING_DUE)


def _follow_up_is_due(turn: Turn, stage: FollowingUp, what: Waking) -> Turn:
    match what:
        case Waking.WRITTEN:
            return ask_whether_written(turn, stage)
        case Waking.FIRST_CONTACT:
            return ask_whether_they_wrote(turn, stage)
        case Waking.MEET:
            return ask_whether_met(turn, stage)
        case Waking.MEET_AGAIN:
            return ask_whether_met_again(turn, stage)
        case Waking.THANKS:
            return ask_for_thanks(turn, stage)
        case Waking.CLOSING:
            return ask_as_the_term_ends(turn, stage)
        case _:
            return close_the_loop(turn, stage)


def _of_stage(introduction: Introduction) -> list[Wake]:
    match introduction.stage:
        case Resting(tell_at=tell_at):
            afresh = introduction.asked_afresh()  # its deadline moves when they undo their answer
            return [Wake(at=max(tell_at, afresh.due_at) if afresh else tell_at, what=Waking.PROMISE)]
        case Delivering(due_at=due_at, handing_over=False):
            return [Wake(at=due_at, what=Waking.DELIVERY)]
        case PassingOn(due_at=due_at):
            return [Wake(at=due_at, what=Waking.TWO_LINES)]
        case FollowingUp() as stage:
            return _of_follow_up(stage)
        case Delivering() | Closed():
            return []
        case Screening(due_at=due_at, backup=False):
            return [*_promise(introduction), Wake(at=due_at, what=Waking.BACKUP)]
        case _:
            return _promise(introduction)


def _while_held(introduction: Introduction) -> list[Wake]:
    """The promise to the requester is kept; everything else waits."""
    return _of_stage(introduction) if isinstance(introduction.stage, Resting) else _promise(introduction)


def _promise(introduction: Introduction) -> list[Wake]:
    return [] if introduction.told else [Wake(at=introduction.promised_at, what=Waking.PROMISE)]


def _of_follow_up(stage: FollowingUp) -> list[Wake]:
    instants = (
        (stage.written_at, Waking.WRITTEN),
        (stage.first_contact_at, Waking.FIRST_CONTACT),
        (stage.meet_at, Waking.MEET),
        (stage.meet_again_at, Waking.MEET_AGAIN),
        (stage.thanks_at, Waking.THANKS),
        (stage.closing_at, Waking.CLOSING),
        (stage.outcome_at, Waking.OUTCOME),
    )
    return [Wake(at=at, what=what) for at, what in instants if at]


def _of_asks(introduction: Introduction) -> list[Wake]:
    found: list[Wake] = []
    for ask in introduction.asks:
        if ask.state == AskState.PUT_OFF and ask.until:
            found.append(Wake(at=ask.until, what=Waking.ASK_AGAIN, ask=ask.number))
        if ask.is_open and ask.remind_at:
            found.append(Wake(at=ask.remind_at, what=Waking.REMINDER, ask=ask.number))
        if ask.is_open and ask.kind in WITH_DEADLINE and not ask.checking:
            found.append(Wake(at=ask.due_at, what=Waking.DEADLINE, ask=ask.number))
    return found
