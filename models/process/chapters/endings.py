"""Endings: each without an introduction looks like every other, at the promised time."""

from datetime import datetime

from models.asks import Ask, AskKind
from models.effects import FreeSlot, RevokeConsent
from models.letters import LetterKind, Role
from models.outcomes import Ending
from models.process.state.introduction import Introduction
from models.process.state.stages import Closed, FollowingUp, Resting
from models.process.turn import Turn


def rest(turn: Turn, ending: Ending) -> Turn:
    """It has ended, but the requester hears at the promised time, in the words of every such ending.

    Their own open ask stays open, answers and reminders included: if it closed now, it would tell them of a no.
    """
    tell_at = _telling(turn.introduction, turn.now, ending)
    if tell_at is None:
        return close(turn, ending)
    others = [ask for ask in turn.introduction.open_asks() if ask.role != Role.REQUESTER]
    turn.settle(others).settle(turn.introduction.put_off_asks())
    return turn.stand(Resting(ending=ending, tell_at=tell_at))


def keep_promise(turn: Turn) -> Turn:
    """The promised day: the requester hears now. Where somebody said "later", it goes on: asked anew, or not yet."""
    stage, asked = turn.introduction.stage, turn.introduction.open_asks()
    over = isinstance(stage, Resting)  # whoever opens their question again then waits in vain
    if isinstance(stage, Resting) and turn.introduction.rests_for_staff:
        return close(turn, stage.ending)
    waiting = not over and (turn.introduction.put_off_asks() or turn.introduction.came_back())
    turn.write(LetterKind.NO_INTRODUCTION, Role.REQUESTER, turn.introduction.requester)
    turn.settle(turn.introduction.open_asks(Role.REQUESTER))
    _free_slot(turn).change(told=True)
    if waiting and not turn.introduction.held_at and _may_come_back(turn):
        return _void_requesters_yes(turn)  # a later yes returns as a fresh question to the requester
    return close(turn, stage.ending if isinstance(stage, Resting) else _unanswered(asked))


def reached_nobody(turn: Turn) -> Turn:
    """A letter came back after a no: where only staff have anything to hear still, that is what they hear."""
    return close(turn, Ending.UNDELIVERABLE) if turn.introduction.rests_for_staff else turn


def close(turn: Turn, ending: Ending) -> Turn:
    """Over. Nothing stays open, and a connector who lent their name hears how it went."""
    introduction = turn.introduction
    turn.settle(introduction.open_asks()).settle(introduction.put_off_asks())
    if introduction.approved and introduction.connector:
        stage = introduction.stage
        words = stage.thanks if isinstance(stage, FollowingUp) and stage.thanks_for_connector else None
        turn.write(LetterKind.HOW_IT_WENT, Role.CONNECTOR, introduction.connector, words)
    return _free_slot(turn).change(held_at=None).stand(Closed(ending=ending))


def _unanswered(asked: tuple[Ask, ...]) -> Ending:
    looked_for = any(each.kind == AskKind.ADDRESS for each in asked)
    return Ending.UNDELIVERABLE if looked_for else Ending.LAPSED


def _free_slot(turn: Turn) -> Turn:
    # Once: on the promised day at the latest, and with the introduction itself where there is one.
    freed = turn.introduction.told or isinstance(turn.introduction.stage, FollowingUp)
    return turn if freed else turn.cause(FreeSlot())


def _may_come_back(turn: Turn) -> bool:
    # A yes asked for twice has cost a letter: a later yes needs two more, one to ask afresh and one to introduce.
    asked_twice = any(ask.renews and ask.role == Role.REQUESTER for ask in turn.introduction.asks)
    return not asked_twice or turn.has_budget(Role.REQUESTER, 2)


def _void_requesters_yes(turn: Turn) -> Turn:
    if not turn.introduction.has_opted_in(Role.REQUESTER):
        return turn
    others = tuple(yes for yes in turn.introduction.opt_ins if yes.role != Role.REQUESTER)
    return turn.change(opt_ins=others).cause(RevokeConsent(person=turn.introduction.requester.id))


def _telling(introduction: Introduction, now: datetime, ending: Ending) -> datetime | None:
    """None: everybody has heard, and nothing is kept from anybody."""
    afresh = introduction.asked_afresh()
    if afresh:
        return max(now, afresh.due_at)  # the day they were given for their own answer
    if introduction.told:
        return introduction.silence_would_end_at(now) if ending == Ending.DECLINED else None
    calendar, promised = introduction.calendar(introduction.requester.id), introduction.promised_at
    sooner = introduction.policy.requester.next_telling(introduction.asked_at, now, calendar)
    return min(promised, sooner) if sooner else promised
