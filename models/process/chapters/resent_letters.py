"""Letters sent again. Once, in place of one that did not arrive, or of a reminder that has not left yet.

Nobody gets more letters by it than their policy allows, no new question is asked, and a deadline begins anew only where
the letter never reached its reader.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from models.asks import LETTER_OF, Ask, AskKind, AskState
from models.effects import ExtendAsk, TakeUp, WriteAgain, WriteLetter
from models.letters import DELIVERY, RECEIVER, LetterKind, Role
from models.news import Resent, Somebody, Undeliverable
from models.outcomes import Ending
from models.process.state.introduction import Introduction
from models.process.state.stages import FollowingUp, PassingOn, Resting, WithParties
from models.process.turn import Turn
from models.process.verdict import Reason, Refused
from models.time.patience import due


def did_not_arrive(turn: Turn, stage: FollowingUp, news: Undeliverable) -> Turn:
    """After the introduction nothing follows from it by itself: an operator sees it, and may send the letter again."""
    ask = turn.introduction.ask(news.ask) if news.ask else None
    if ask:
        return turn.update(ask, unreached=True)
    if news.letter not in DELIVERY or news.letter in stage.unreached:
        return turn
    return turn.stand(stage.model_copy(update={"unreached": (*stage.unreached, news.letter)}))


def resend(turn: Turn, news: Resent) -> Turn | Refused:
    if news.ask is not None and turn.introduction.ask(news.ask) is None:
        return Refused(reason=Reason.UNKNOWN_ASK)
    way = way_to_resend(turn.introduction, news, turn.now)
    return way(turn, news) if way else Refused(reason=Reason.NOT_NOW)


Resending = Callable[[Turn, Resent], Turn]


def way_to_resend(introduction: Introduction, news: Resent, now: datetime) -> Resending | None:
    """How this letter goes out again; None where it does not."""
    if introduction.held_at or isinstance(introduction.stage, PassingOn):
        return None
    ask = introduction.ask(news.ask) if news.ask else None
    if ask is None:
        return _of_delivery(introduction, news.letter)
    if ask.sent_again or ask.version != introduction.version:
        return None
    if _ended_for_want_of_it(introduction, ask):
        return _of_lost_question(introduction, ask, now)
    if ask in introduction.ended_early(now):
        return partial(_to_nobody, ask) if _would_go_again(introduction, ask, now) else None
    if ask.person in introduction.left:
        return None
    if ask.is_open and not ask.checking and ask.remind_at and not ask.unreached:
        return partial(_now_instead_of_later, ask)
    return partial(_question_again, ask) if ask.is_open and ask.unreached else None


def _of_lost_question(introduction: Introduction, ask: Ask, now: datetime) -> Resending | None:
    """It is put anew while it could still come about; behind a no that was said since, it goes to nobody."""
    if not introduction.left and _other_may_agree(introduction, ask):
        return partial(_as_if_it_had_arrived, ask)
    said_no = _target_has_thought_again(introduction) or introduction.ended_early(now)
    return partial(_to_nobody, ask) if introduction.ends_as_silence_would and said_no else None


def _of_delivery(introduction: Introduction, kind: LetterKind | None) -> Resending | None:
    stage = introduction.stage
    if not isinstance(stage, FollowingUp) or kind not in stage.unreached or kind in stage.sent_again:
        return None
    to = introduction.target if RECEIVER[kind] == Role.TARGET else introduction.requester
    return partial(_delivery_again, stage, kind, to) if to and to.id not in introduction.left else None


def _now_instead_of_later(ask: Ask, turn: Turn, news: Resent) -> Turn:
    """The reminder that was to come leaves now; the deadline stays."""
    return turn.update(ask, sent_again=True).remind(ask, news.words)


def _to_nobody(ask: Ask, turn: Turn, news: Resent) -> Turn:
    """They have said no, which staff learn no earlier than silence: it is taken as any other, and nothing is sent."""
    turn.update(ask, sent_again=True, unreached=False)
    if not ask.unreached:
        return turn
    rules, calendar = turn.introduction.rules_of(ask), turn.introduction.calendar(ask.person)
    due_at = due(turn.now, rules.answer_within, calendar)  # all their time anew, as whoever is reached has
    if isinstance(turn.introduction.stage, Resting):
        turn.stand(turn.introduction.stage.model_copy(update={"ending": Ending.DECLINED}))  # no letter could mend it
    return turn.update(ask, due_at=due_at).cause(ExtendAsk(ask=ask.number, due_at=due_at))


def _question_again(ask: Ask, turn: Turn, news: Resent) -> Turn:
    """A question after the introduction, whose letter came back."""
    turn.update(ask, sent_again=True, unreached=False)
    return turn.cause(_letter(turn, ask, news))


def _as_if_it_had_arrived(ask: Ask, turn: Turn, news: Resent) -> Turn:
    """It had ended only because a letter reached nobody, and the requester has not been told: the question is open
    again with all its time, after another look at what stands between the two."""
    turn.reopen(ask, turn.introduction.rules_of(ask)).update(ask, sent_again=True, unreached=False)
    turn.count(ask.role).cause(TakeUp(), _letter(turn, ask, news))
    return turn.stand(WithParties())


def _delivery_again(stage: FollowingUp, kind: LetterKind, to: Somebody, turn: Turn, news: Resent) -> Turn:
    """What was disclosed is disclosed: the same letter, to the one who never had it."""
    gone = tuple(each for each in stage.unreached if each != kind)
    turn.stand(stage.model_copy(update={"unreached": gone, "sent_again": (*stage.sent_again, kind)}))
    return turn.cause(WriteLetter(letter=kind, to=to.id, not_before=turn.open_to(to.id), words=news.words))


def _letter(turn: Turn, ask: Ask, news: Resent) -> WriteAgain:
    not_before = max(turn.open_to(ask.person), turn.introduction.quiet_until or turn.now)
    letter = LETTER_OF[ask.kind, ask.role]
    return WriteAgain(ask=ask.number, letter=letter, not_before=not_before, reminder=False, words=news.words)


def _would_go_again(introduction: Introduction, ask: Ask, now: datetime) -> bool:
    """Whether it had not arrived, or a reminder would still be to come, had they not spoken."""
    lost = introduction.ends_as_silence_would and ask.unreached
    return lost or any(at > now for at in (ask.remind_at, ask.remind_again_at) if at)


def _ended_for_want_of_it(introduction: Introduction, ask: Ask) -> bool:
    """Whether nobody has been told meanwhile."""
    stage = introduction.stage
    if not isinstance(stage, Resting) or stage.ending != Ending.UNDELIVERABLE or introduction.told:
        return False
    return introduction.approved and ask.unreached and ask.state == AskState.SETTLED and ask.kind == AskKind.OPT_IN


def _target_has_thought_again(introduction: Introduction) -> bool:
    """They want no more of it, or have taken back their yes."""
    asked = [ask for ask in introduction.asks if ask.role == Role.TARGET and ask.version == introduction.version]
    taken_back = any(ask.state == AskState.ANSWERED and not ask.agreed for ask in asked[-1:])
    return taken_back or any(ask.person in introduction.left for ask in asked)


def _other_may_agree(introduction: Introduction, ask: Ask) -> bool:
    """Whether it could still come about."""
    if ask.role == Role.REQUESTER:
        return introduction.has_opted_in(Role.TARGET)
    return _requester_may_agree(introduction)


def _requester_may_agree(introduction: Introduction) -> bool:
    asked = [ask for ask in introduction.asks if _is_the_requesters(ask) and ask.version == introduction.version]
    return introduction.has_opted_in(Role.REQUESTER) or not asked or introduction.is_asked(Role.REQUESTER)


def _is_the_requesters(ask: Ask) -> bool:
    return ask.role == Role.REQUESTER and ask.kind == AskKind.OPT_IN
