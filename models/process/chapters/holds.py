"""Holds and extended deadlines: time an operator gives, until a hold is lifted or by moving a deadline."""

from datetime import datetime

from models.asks import WITH_DEADLINE, Ask
from models.effects import ExtendAsk
from models.news import Extended, Held, News, Resumed
from models.process.state.introduction import Introduction
from models.process.state.stages import Delivering, Screening
from models.process.turn import Turn
from models.process.verdict import Reason
from models.time.open_hours import open_at


def objection_to_steering(introduction: Introduction, news: News, now: datetime) -> Reason | None:
    """Why an operator cannot hold, resume or extend this now, or None."""
    match news:
        case Held() if introduction.held_at or introduction.told:
            return Reason.NOT_NOW  # once the requester was told, no promise would end the hold
        case Resumed() if not introduction.held_at:
            return Reason.NOT_NOW
        case Extended(ask=number, until=until):
            ask = introduction.ask(number)
            return _against_extending(introduction, ask, until, now) if ask else Reason.UNKNOWN_ASK
        case _:
            return None


def steer(turn: Turn, news: Held | Resumed | Extended, ask: Ask | None) -> Turn:
    match news:
        case Held():
            return _hold(turn)
        case Resumed():
            return _resume(turn)
        case Extended(until=until):
            return _extend(turn, ask, until) if ask else turn


def _hold(turn: Turn) -> Turn:
    """No letter starts and nobody counts as silent until it is lifted; what people answer is heard all the same.

    The requester is told on the promised day, whatever is held: a hold that is never lifted ends there.
    """
    for ask in turn.introduction.open_asks():
        turn.update(ask, checking=False)  # a look at silence that is under way finds nothing any more
    return turn.change(held_at=turn.now, holds=turn.introduction.holds + 1)


def _resume(turn: Turn) -> Turn:
    """It goes on, and everybody has as much time left as they had when it was held."""
    since = turn.introduction.held_at or turn.now
    for ask in (*turn.introduction.open_asks(), *turn.introduction.ended_early(since)):
        _give_back(turn, ask, since)
    stage, lost = turn.introduction.stage, turn.now - since
    if isinstance(stage, Screening):
        due_at = open_at(stage.due_at + lost, turn.introduction.calendar())
        turn.stand(stage.model_copy(update={"due_at": due_at}))
    if isinstance(stage, Delivering) and stage.by:
        turn.stand(stage.model_copy(update={"by": stage.by + lost}))
    return turn.change(held_at=None)


def _extend(turn: Turn, ask: Ask, until: datetime) -> Turn:
    """More time for one person. The promised date does not move, so no deadline goes beyond it."""
    return turn.update(ask, due_at=until, checking=False, looks=0, extended=ask.extended + 1).cause(
        ExtendAsk(ask=ask.number, due_at=until)
    )


def _give_back(turn: Turn, ask: Ask, since: datetime) -> None:
    lost, calendar = turn.now - max(since, ask.opened_at), turn.introduction.calendar(ask.person)

    def moved(instant: datetime | None) -> datetime | None:
        is_to_come = instant is not None and (ask.is_open or instant > since)
        return open_at(instant + lost, calendar) if instant and is_to_come else None

    due_at = open_at(ask.due_at + lost, calendar)
    turn.update(ask, due_at=due_at, remind_at=moved(ask.remind_at), remind_again_at=moved(ask.remind_again_at))
    turn.cause(ExtendAsk(ask=ask.number, due_at=due_at))


def _against_extending(introduction: Introduction, ask: Ask, until: datetime, now: datetime) -> Reason | None:
    if ask.kind not in WITH_DEADLINE:
        return Reason.NOT_NOW
    return None if max(now, ask.due_at) < until <= introduction.promised_at else Reason.BAD_DATE
