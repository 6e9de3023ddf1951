"""What happens after the two were introduced? We ask how it went, pass on the thanks, and close the loop."""

from datetime import datetime

from models.asking import renew
from models.asks import Ask, AskKind
from models.calendar import Patience, due
from models.closing import close, reported_ending
from models.days import open_to_all
from models.effects import CreditHelp, FreeSlot, Introduce, KeepTie
from models.introduction import Delivering, FollowingUp, Introduction, PassingOn
from models.letters import LetterKind, Role
from models.news import Reported, Somebody, Thanked
from models.outcomes import DidNotMeet, Ending, MeetingAhead, Met, Outcome, Wrote
from models.turn import Turn
from models.verdict import Reason, Refused


def hand_over(turn: Turn, stage: Delivering) -> Turn:
    """The store plans both letters and discloses both sides in one transaction, or says what held it back."""
    open_from = open_to_all(turn.now, turn.introduction.calendars_of_both(), stage.by) if stage.by else turn.now
    if turn.introduction.stale_yeses(open_from):
        return renew(turn, open_from)
    if open_from > turn.now:
        return turn.stand(stage.model_copy(update={"due_at": open_from}))  # late, and somebody's day is over
    return turn.stand(stage.model_copy(update={"handing_over": True})).cause(Introduce())


def introduced(turn: Turn) -> Turn:
    """They have been introduced; the rest of the timetable is counted from this instant."""
    rules = turn.introduction.policy.follow_up
    calendar = turn.introduction.calendar(turn.introduction.requester.id)
    turn.count(Role.REQUESTER).count(Role.TARGET)
    if not turn.introduction.told:
        turn.cause(FreeSlot())

    def at(patience: Patience) -> datetime:
        return due(turn.now, patience, calendar)

    stage = FollowingUp(
        delivered_at=turn.now,
        written_at=at(rules.written),
        meet_at=at(rules.did_you_meet),
        meet_again_at=at(rules.did_you_meet_again),
        outcome_at=at(rules.outcome),
    )
    return turn.stand(stage)


def pass_on(turn: Turn, stage: PassingOn, target: Somebody) -> Turn:
    """Two lines instead: they reach the requester through the programme, count as help given, and are a good ending."""
    turn.write(LetterKind.TWO_LINES, Role.REQUESTER, turn.introduction.requester, stage.words)
    return close(turn.cause(CreditHelp(person=target.id)), Ending.TWO_LINES)


def ask_whether_written(turn: Turn, stage: FollowingUp) -> Turn:
    turn.stand(stage.model_copy(update={"written_at": None}))
    # Two letters are kept, for "did you meet?" and the thank-you; where there are no more, their own page asks.
    return _ask(turn, AskKind.WRITTEN, Role.REQUESTER, with_letter=turn.has_budget(Role.REQUESTER, 3))


def ask_whether_met(turn: Turn, stage: FollowingUp) -> Turn:
    turn.stand(stage.model_copy(update={"meet_at": None, "written_at": None}))
    turn.settle(_open(turn.introduction, AskKind.WRITTEN))
    return _ask(turn, AskKind.MEET, Role.REQUESTER, with_letter=turn.has_budget(Role.REQUESTER))


def ask_whether_met_again(turn: Turn, stage: FollowingUp) -> Turn:
    """Nobody has said yet: remind whoever has not answered, and ask the other party once."""
    turn.stand(stage.model_copy(update={"meet_again_at": None, "meet_at": None, "written_at": None}))
    turn.settle(_open(turn.introduction, AskKind.WRITTEN))
    if _outcome(stage, Role.REQUESTER, Met, DidNotMeet):
        return turn
    waiting = _open(turn.introduction, AskKind.MEET, Role.REQUESTER)
    if waiting and not waiting[0].on_page:
        turn.remind(waiting[0])
    if not waiting:
        _ask(turn, AskKind.MEET, Role.REQUESTER, with_letter=turn.has_budget(Role.REQUESTER))
    return _ask_target_once(turn)


def ask_for_thanks(turn: Turn, stage: FollowingUp) -> Turn:
    turn.stand(stage.model_copy(update={"thanks_at": None}))
    return _ask(turn, AskKind.THANKS, Role.REQUESTER, with_letter=turn.has_budget(Role.REQUESTER))


def reported(turn: Turn, stage: FollowingUp, ask: Ask, news: Reported) -> Turn | Refused:
    """Somebody says how it went. A meeting adds a tie between the two, and asks for the thank-you."""
    if isinstance(news.outcome, Wrote) != (ask.kind == AskKind.WRITTEN) or ask.kind == AskKind.THANKS:
        return Refused(reason=Reason.NOT_AN_ANSWER)
    turn.answer(ask)
    stage = stage.model_copy(update={"outcomes": (*stage.outcomes, (ask.role, news.outcome))})
    turn.stand(stage)
    if isinstance(news.outcome, Met):
        _keep_ties(turn)
    if ask.role == Role.REQUESTER:
        _after_requesters_report(turn, stage, news.outcome)
    return _finish_if_all_is_said(turn)


def thanked(turn: Turn, stage: FollowingUp, ask: Ask, news: Thanked) -> Turn | Refused:
    """The thanks travel in the next letter to the one met and, with leave, in the connector's."""
    if ask.kind != AskKind.THANKS:
        return Refused(reason=Reason.NOT_AN_ANSWER)
    update = {"thanks": news.words, "thanks_for_connector": news.share_with_connector}
    turn.answer(ask).stand(stage.model_copy(update=update))
    return _finish_if_all_is_said(_ask_target_once(turn))


def close_the_loop(turn: Turn) -> Turn:
    stage = turn.introduction.stage
    return close(turn, reported_ending(stage)) if isinstance(stage, FollowingUp) else turn


def _after_requesters_report(turn: Turn, stage: FollowingUp, outcome: Outcome) -> None:
    if isinstance(outcome, Wrote | MeetingAhead):
        return
    turn.settle(_open(turn.introduction, AskKind.WRITTEN))
    quiet: dict[str, object] = {"written_at": None, "meet_at": None, "meet_again_at": None}
    if isinstance(outcome, Met):
        rules = turn.introduction.policy.follow_up
        thanks_at = due(turn.now, rules.thanks, turn.introduction.calendar(turn.introduction.requester.id))
        turn.stand(stage.model_copy(update=quiet | {"thanks_at": thanks_at}))
    else:
        turn.stand(stage.model_copy(update=quiet))
        _ask_target_once(turn)


def _finish_if_all_is_said(turn: Turn) -> Turn:
    introduction, stage = turn.introduction, turn.introduction.stage
    if not isinstance(stage, FollowingUp) or not _outcome(stage, Role.REQUESTER, Met, DidNotMeet):
        return turn
    waiting = stage.thanks_at or introduction.open_asks()
    return turn if waiting else close(turn, reported_ending(stage))


def _ask_target_once(turn: Turn) -> Turn:
    # One check-in, the only one: it carries the thanks where there are any.
    introduction = turn.introduction
    asked = [ask for ask in introduction.asks if ask.kind == AskKind.MEET and ask.role == Role.TARGET]
    if asked or not turn.has_budget(Role.TARGET):
        return turn
    return _ask(turn, AskKind.MEET, Role.TARGET)


def _ask(turn: Turn, kind: AskKind, role: Role, with_letter: bool = True) -> Turn:
    introduction = turn.introduction
    somebody = introduction.requester if role == Role.REQUESTER else introduction.target
    stage = introduction.stage
    if somebody is None or not isinstance(stage, FollowingUp) or turn.now >= stage.outcome_at:
        return turn
    if somebody.id in introduction.left:
        return turn
    return turn.open_until(kind, role, somebody, stage.outcome_at, with_letter=with_letter)


def _keep_ties(turn: Turn) -> None:
    requester, target = turn.introduction.requester, turn.introduction.target
    if target:
        turn.cause(KeepTie(connector=requester.id, person=target.id, met=True))
        turn.cause(KeepTie(connector=target.id, person=requester.id, met=True))


def _open(introduction: Introduction, kind: AskKind, role: Role | None = None) -> tuple[Ask, ...]:
    return tuple(ask for ask in introduction.open_asks(role) if ask.kind == kind)


def _outcome(stage: FollowingUp, role: Role, *kinds: type) -> bool:
    return any(who == role and isinstance(outcome, kinds) for who, outcome in stage.outcomes)
