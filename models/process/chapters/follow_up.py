"""The follow-up. We ask how it went, pass on the thanks, and close the loop."""

from datetime import datetime

from models.asks import Ask, AskKind
from models.effects import CreditHelp, FreeSlot, Introduce
from models.letters import PARTIES, LetterKind, Role
from models.news import Reported, Thanked
from models.outcomes import Ending, MeetingAhead, Met, Outcome, RatherNot, Wrote
from models.process.chapters.consent import renew
from models.process.chapters.endings import close
from models.process.reports import SETTLED, follows, is_an_answer, reported_ending, said_of_meeting
from models.process.state.introduction import Introduction
from models.process.state.stages import Delivering, FollowingUp, PassingOn
from models.process.turn import Turn
from models.process.verdict import Reason, Refused
from models.time.open_hours import open_to_all
from models.time.patience import Patience, due


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
    if turn.introduction.policy.requester.help_within:
        _credit_help(turn)

    def at(patience: Patience) -> datetime:
        return due(turn.now, patience, calendar)

    ends_at = rules.term.end_after(at(rules.did_you_meet), calendar) if rules.term else None
    stage = FollowingUp(
        delivered_at=turn.now,
        written_at=at(rules.written),
        meet_at=at(rules.did_you_meet),
        meet_again_at=None if ends_at else at(rules.did_you_meet_again),
        closing_at=ends_at,
        outcome_at=due(ends_at, rules.term.answer_within, calendar) if rules.term and ends_at else at(rules.outcome),
        first_contact_at=at(rules.first_contact) if rules.first_contact else None,
    )
    return turn.stand(stage)


def _credit_help(turn: Turn) -> None:
    """Where asking again takes a help given, lending one's name is one, and so is saying yes."""
    both = (turn.introduction.connector, turn.introduction.target)
    turn.cause(*(CreditHelp(person=somebody.id) for somebody in both if somebody))


def pass_on(turn: Turn, stage: PassingOn) -> Turn:
    """Two lines instead: they reach the requester through the programme, count as help given, and are a good ending."""
    target = turn.introduction.target
    assert target, "it was the target who answered"
    turn.write(LetterKind.TWO_LINES, Role.REQUESTER, turn.introduction.requester, stage.words)
    return close(turn.cause(CreditHelp(person=target.id)), Ending.TWO_LINES)


def ask_whether_written(turn: Turn, stage: FollowingUp) -> Turn:
    turn.stand(stage.model_copy(update={"written_at": None}))
    # Two letters are kept, for "did you meet?" and the thank-you; where there are no more, their own page asks.
    return _ask(turn, AskKind.WRITTEN, Role.REQUESTER, with_letter=turn.has_budget(Role.REQUESTER, 3))


def ask_whether_they_wrote(turn: Turn, stage: FollowingUp) -> Turn:
    """The requester has not said that they wrote: before anybody is told so, the other party is asked, in one tap."""
    turn.stand(stage.model_copy(update={"first_contact_at": None}))
    # The last letter of the target's is kept for the check-in, which carries the thanks; else their own page asks.
    return _ask(turn, AskKind.WRITTEN, Role.TARGET, with_letter=turn.has_budget(Role.TARGET, 2))


def ask_whether_met(turn: Turn, stage: FollowingUp) -> Turn:
    turn.stand(stage.model_copy(update={"meet_at": None, **_NO_MORE_OF_WRITING}))
    turn.settle(_open(turn.introduction, AskKind.WRITTEN))
    return _ask(turn, AskKind.MEET, Role.REQUESTER, with_letter=turn.has_budget(Role.REQUESTER))


def ask_whether_met_again(turn: Turn, stage: FollowingUp) -> Turn:
    """Nobody has said yet: remind whoever has not answered, and ask the other party once.

    Where holidays have carried the first question past this day, it is not asked after this one.
    """
    turn.stand(stage.model_copy(update={"meet_again_at": None, "meet_at": None, **_NO_MORE_OF_WRITING}))
    turn.settle(_open(turn.introduction, AskKind.WRITTEN))
    if isinstance(said_of_meeting(stage, Role.REQUESTER), SETTLED):
        return turn
    waiting = _open(turn.introduction, AskKind.MEET)
    if waiting and not waiting[0].on_page:
        turn.remind(waiting[0])
    if not waiting:
        _ask(turn, AskKind.MEET, Role.REQUESTER, with_letter=turn.has_budget(Role.REQUESTER))
    return _ask_target_once(turn)


def ask_for_thanks(turn: Turn, stage: FollowingUp) -> Turn:
    turn.stand(stage.model_copy(update={"thanks_at": None}))
    return _ask(turn, AskKind.THANKS, Role.REQUESTER, with_letter=turn.has_budget(Role.REQUESTER))


def ask_as_the_term_ends(turn: Turn, stage: FollowingUp) -> Turn:
    """The term is over: both are asked how it was, and whatever else was still open is not asked any more."""
    turn.stand(stage.model_copy(update={"closing_at": None, "thanks_at": None}))
    turn.settle(turn.introduction.open_asks())
    for role in PARTIES:
        if not isinstance(said_of_meeting(stage, role), RatherNot):
            _ask(turn, AskKind.CLOSING, role, with_letter=turn.has_budget(role))
    return turn if turn.introduction.open_asks() else close_the_loop(turn, stage)


def reported(turn: Turn, stage: FollowingUp, ask: Ask, news: Reported) -> Turn | Refused:
    """Somebody says how it went. A meeting adds a tie between the two, and asks for the thank-you."""
    if not is_an_answer(turn.introduction, ask, news.outcome):
        return Refused(reason=Reason.NOT_AN_ANSWER)
    turn.answer(ask)
    stage = stage.model_copy(update={"outcomes": (*stage.outcomes, (ask.role, news.outcome))})
    turn.stand(stage).cause(*follows(turn.introduction, stage, ask.role, news.outcome))
    if isinstance(news.outcome, Wrote):
        _after_first_contact(turn, stage, news.outcome)
    elif ask.role == Role.REQUESTER and ask.kind == AskKind.MEET:
        _after_requesters_report(turn, stage, news.outcome)
    return _finish_if_all_is_said(turn)


def thanked(turn: Turn, stage: FollowingUp, ask: Ask, news: Thanked) -> Turn | Refused:
    """The thanks travel in the next letter to the one met and, with leave, in the connector's."""
    if ask.kind != AskKind.THANKS:
        return Refused(reason=Reason.NOT_AN_ANSWER)
    update = {"thanks": news.words, "thanks_for_connector": news.share_with_connector}
    turn.answer(ask).stand(stage.model_copy(update=update))
    return _finish_if_all_is_said(_ask_target_once(turn))


def close_the_loop(turn: Turn, stage: FollowingUp) -> Turn:
    return close(turn, reported_ending(turn.introduction, stage))


def _after_first_contact(turn: Turn, stage: FollowingUp, outcome: Wrote) -> None:
    """Once one of them says so, neither is asked about it any more."""
    if outcome.yet and turn.introduction.policy.follow_up.first_contact:
        turn.stand(stage.model_copy(update=_NO_MORE_OF_WRITING)).settle(_open(turn.introduction, AskKind.WRITTEN))


def _after_requesters_report(turn: Turn, stage: FollowingUp, outcome: Outcome) -> None:
    if isinstance(outcome, MeetingAhead):
        return
    if isinstance(outcome, Met):
        rules = turn.introduction.policy.follow_up
        thanks_at = due(turn.now, rules.thanks, turn.introduction.calendar(turn.introduction.requester.id))
        turn.stand(stage.model_copy(update={"meet_again_at": None, "thanks_at": thanks_at}))
    else:
        turn.stand(stage.model_copy(update={"meet_again_at": None}))
        _ask_target_once(turn)


def _finish_if_all_is_said(turn: Turn) -> Turn:
    introduction, stage = turn.introduction, turn.introduction.stage
    if not isinstance(stage, FollowingUp) or not isinstance(said_of_meeting(stage, Role.REQUESTER), SETTLED):
        return turn
    waiting = stage.thanks_at or stage.closing_at or introduction.open_asks()
    return turn if waiting else close_the_loop(turn, stage)


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


def _open(introduction: Introduction, kind: AskKind) -> tuple[Ask, ...]:
    return tuple(ask for ask in introduction.open_asks() if ask.kind == kind)


_NO_MORE_OF_WRITING: dict[str, object] = {"written_at": None, "first_contact_at": None}
