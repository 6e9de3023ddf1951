"""Changed clocks: zone law is another while an introduction waits. What is to come keeps its hour on the wall.

People were told an hour of theirs, "by Tuesday, 09:00", so that is what stays. Only the promised instant does not move:
it is what the requester was promised, and everything else is held against it. No deadline comes nearer, and nothing is
moved into the past.
"""

from datetime import datetime, timedelta

from models.asks import Ask, AskState
from models.effects import ExtendAsk, KeepHours, OnTheWall
from models.news import ClocksChanged, Somebody
from models.process.state.introduction import Introduction
from models.process.state.stages import FollowingUp, Resting, Screening, Stage
from models.process.turn import Turn
from models.process.verdict import Reason, Refused
from models.time.clocks import Clocks, clock_in, kept_on_the_wall, with_clocks

LETTERS_WAIT = timedelta(days=230)  # at most, over a quiet period


def keep_hours(turn: Turn, news: ClocksChanged) -> Turn | Refused:
    walls = _Walls(turn.introduction.clocks, with_clocks(turn.introduction.clocks, news.clocks), turn.now)
    if not any(walls.differ(zone) for zone, _ in news.clocks):
        return Refused(reason=Reason.NOT_NOW)  # it has been told
    turn.change(clocks=walls.after, stage=_of_stage(turn.introduction, walls))
    in_question = (*turn.introduction.open_asks(), *turn.introduction.ended_early(turn.now))
    for ask in (*in_question, *turn.introduction.put_off_asks()):
        _move(turn, ask, walls)
    return turn.cause(KeepHours(law=news.law, readers=tuple(_readers(turn.introduction, walls))))


class _Walls:
    """What clocks show, before and after."""

    def __init__(self, before: Clocks, after: Clocks, now: datetime) -> None:
        self.before, self.after, self.now = before, after, now

    def differ(self, zone: str) -> bool:
        return clock_in(self.before, zone) != clock_in(self.after, zone)

    def moved(self, at: datetime, zone: str) -> datetime:
        return kept_on_the_wall(at, clock_in(self.before, zone), clock_in(self.after, zone), self.now)

    def reader(self, somebody: Somebody) -> OnTheWall:
        kept = self.now - timedelta(days=1), self.now + LETTERS_WAIT
        before, after = (clock_in(each, somebody.zone).between(*kept) for each in (self.before, self.after))
        return OnTheWall(person=somebody.id, before=before, after=after)


def _readers(introduction: Introduction, walls: _Walls) -> list[OnTheWall]:
    people = (introduction.requester, introduction.target, introduction.connector)
    return [walls.reader(each) for each in people if each and walls.differ(each.zone)]


def _move(turn: Turn, ask: Ask, walls: _Walls) -> None:
    """A look at silence that is under way has found its deadline: that one stays."""
    names = ("remind_at", "remind_again_at", "until", *([] if ask.checking else ["due_at"]))
    moved = {name: walls.moved(at, ask.zone) for name in names if (at := getattr(ask, name))}
    if "due_at" in moved:
        moved["due_at"] = max(ask.due_at, moved["due_at"])
    if all(getattr(ask, name) == at for name, at in moved.items()):
        return
    turn.update(ask, **moved)
    if ask.state != AskState.PUT_OFF and moved.get("due_at", ask.due_at) != ask.due_at:
        turn.cause(ExtendAsk(ask=ask.number, due_at=moved["due_at"]))


def _of_stage(introduction: Introduction, walls: _Walls) -> Stage:
    """Letters that wait for an hour open to both are looked at again when it comes (`hand_over`)."""
    requesters = introduction.requester.zone
    match introduction.stage:
        case Screening() as stage:
            return stage.model_copy(update={"due_at": walls.moved(stage.due_at, introduction.zone)})
        case FollowingUp() as stage:
            moved = {name: walls.moved(at, requesters) for name in _FOLLOW_UP if (at := getattr(stage, name))}
            return stage.model_copy(update=moved)
        case Resting() as stage if stage.tell_at < introduction.promised_at:
            tell_at = min(walls.moved(stage.tell_at, requesters), introduction.promised_at)
            return stage.model_copy(update={"tell_at": tell_at})
        case stage:
            return stage


_FOLLOW_UP = ("written_at", "first_contact_at", "meet_at", "meet_again_at", "thanks_at", "closing_at", "outcome_at")
