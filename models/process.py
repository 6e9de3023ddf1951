"""The story: how an introduction goes from a request to its ending. Read `decide` from top to bottom."""

from datetime import datetime, timedelta

from models import asking, closing, following
from models.asks import Ask, AskKind, AskState
from models.calendar import after
from models.effects import ExtendAsk, RecordConsent, RevokeConsent, StopAddress, WriteAgain
from models.introduction import (
    Closed,
    Confirming,
    Delivering,
    Finding,
    FollowingUp,
    Introduction,
    MadeBy,
    Opening,
    OptIn,
    Resting,
    Screening,
    Seeking,
    WithConnector,
    WithParties,
)
from models.letters import LetterKind, Role
from models.news import (
    AcceptedLate,
    AnsweredInTwoLines,
    AnswerWaiting,
    Barred,
    Blocked,
    ConnectorApproved,
    ConnectorForwards,
    ConnectorFound,
    Declined,
    HeldBack,
    Introduced,
    LinkRequested,
    News,
    NoConnector,
    NotMe,
    NotYetAccepted,
    OptedIn,
    OptedOut,
    Proposed,
    PutOff,
    Redirected,
    Reported,
    RequestConfirmed,
    Screened,
    Silent,
    Stopped,
    Thanked,
    TimeIsUp,
    TookBack,
    Undeliverable,
    Undone,
    Withdrew,
)
from models.objections import asked, objection
from models.outcomes import Ending
from models.policy import AnswerRules, Order
from models.turn import Turn
from models.undoing import undo
from models.verdict import Reason, Refused, Step
from models.waiting import time_is_up

RETRY = timedelta(seconds=30)  # how soon we look again where somebody's answer is on its way


def begin(opening: Opening, now: datetime) -> Step:
    """The first step of a request that was taken at the door."""
    turn = Turn(_introduction(opening), None, now)
    if opening.target is None:
        return asking.seek(turn).step()
    if opening.made_by != MadeBy.REQUESTER:
        return asking.confirm_first(turn).step()
    if opening.policy.order == Order.REQUESTER_AT_REQUEST:
        _opt_in_with_request(turn, opening)
    return asking.take_up(turn).step()


def decide(introduction: Introduction, news: News, now: datetime) -> Step | Refused:
    """What follows when `news` reaches `introduction` at `now` (UTC): a step, or a refusal with its reason."""
    why = objection(introduction, news, now)
    if why:
        return Refused(reason=why)
    turn = _hear(Turn(introduction, news, now), introduction, news)
    return turn if isinstance(turn, Refused) else turn.step()


def _hear(turn: Turn, introduction: Introduction, news: News) -> Turn | Refused:  # noqa: C901, PLR0911
    match introduction.stage, news, asked(introduction, news):
        # 1. A request made for somebody is theirs only once they say so. A need finds its person first.
        case Confirming(), RequestConfirmed(), Ask() as ask:
            return asking.confirmed(turn, ask, news)
        case Confirming(), Declined(), Ask() as ask:
            return closing.close(turn.answer(ask), Ending.WITHDRAWN)
        case Confirming(), Silent(), Ask() as ask:
            return closing.close(turn.answer(ask, AskState.LAPSED), Ending.LAPSED)
        case Confirming(), Undeliverable(), Ask():
            return closing.close(turn, Ending.UNDELIVERABLE)
        case Seeking(), Proposed(), _:
            return asking.proposed(turn, news)

        # 2. An operator reads it, where the policy says so.
        case Screening(), Screened(approved=True), _:
            return asking.find_connector(turn)
        case Screening(), Screened(), _:
            return closing.rest(turn, Ending.DECLINED)

        # 3. One connector at a time is asked, and nobody else is told before they approve.
        case Finding(), ConnectorFound(), _:
            return asking.ask_connector(turn, news)
        case Finding(), NoConnector(), _:
            return closing.rest(turn, _why_no_connector(introduction))
        case WithConnector(), ConnectorApproved() | ConnectorForwards(), Ask() as ask if introduction.target:
            return asking.approved(turn, ask, introduction.target, news)
        case WithConnector(), Declined() | NotMe() | Redirected(), Ask() as ask:
            return asking.next_connector(turn, ask, AskState.ANSWERED, news)
        case WithConnector(), Undeliverable(), Ask() as ask:
            return asking.next_connector(turn, ask, AskState.SETTLED, news)
        case WithConnector(), Silent(), Ask() as ask:
            return asking.next_connector(turn, ask, AskState.LAPSED, news)
        case WithConnector(), PutOff(), Ask() as ask:
            return turn.answer(ask, AskState.PUT_OFF, news.until)

        # 4. Both parties must opt in. One no is enough, and the other never learns whose.
        case WithParties(), OptedIn(), Ask(kind=AskKind.OPT_IN) as ask:
            return asking.opted_in(turn, ask, news)
        case WithParties(), AnsweredInTwoLines(), Ask(role=Role.TARGET) as ask:
            return asking.in_two_lines(turn, ask, news)
        case WithParties(), PutOff(), Ask(role=Role.TARGET) as ask:
            return turn.answer(ask, AskState.PUT_OFF, news.until)
        case WithParties(), LinkRequested(), Ask(by_hand=True) as ask:
            return _write_to_target(turn, ask)
        case WithParties(), Declined(), Ask() as ask:
            return closing.rest(turn.answer(ask), Ending.DECLINED)
        case WithParties(), NotMe(), Ask(role=Role.TARGET) as ask:
            turn.answer(ask).cause(StopAddress(person=ask.person))
            return closing.rest(turn, Ending.UNDELIVERABLE)
        case WithParties(), Undeliverable(), Ask() as ask:
            return closing.rest(turn.settle([ask]), Ending.UNDELIVERABLE)
        case WithParties(), Silent(), Ask() as ask:
            return closing.rest(turn.answer(ask, AskState.LAPSED), Ending.LAPSED)

        # 5. The introduction goes out, once. Two lines go out instead.
        case Delivering(handing_over=True), Introduced(), _:
            return following.introduced(turn)
        case Delivering(handing_over=True), HeldBack(), _:
            return turn.stand(Delivering(due_at=turn.now + RETRY))

        # 6. We ask how it went, pass on the thanks, and close the loop.
        case FollowingUp() as stage, Reported(), Ask() as ask:
            return following.reported(turn, stage, ask, news)
        case FollowingUp() as stage, Thanked(), Ask() as ask:
            return following.thanked(turn, stage, ask, news)
        case FollowingUp(), Undeliverable(), _:
            return turn  # an operator sees the letter; what was said stays said

        # 7. Once it has ended, the requester's own ask goes on as if nothing had happened: anything else would tell.
        case Resting(), OptedIn(), Ask(role=Role.REQUESTER) as ask:
            return asking.note_opt_in(turn, ask, news)
        case Resting(), Declined(), Ask(role=Role.REQUESTER) as ask:
            return turn.answer(ask)
        case Resting(), Silent() | Undeliverable(), Ask(role=Role.REQUESTER) as ask:
            return turn.answer(ask, AskState.LAPSED)

        # 8. At any time.
        case _, TimeIsUp(), _:
            return time_is_up(turn)
        case _, Undone(), Ask() as ask:
            return undo(turn, ask)
        case _, NotYetAccepted() | AnswerWaiting() | AcceptedLate(), Ask() as ask:
            return _more_time(turn, ask)
        case _, OptedOut() | Blocked(), _:
            return _leaves(turn, introduction.role_of(news.by))
        case Closed() | FollowingUp(), _, _:
            return Refused(reason=Reason.NOT_NOW)
        case Resting(), Stopped() | TookBack() | Barred(), _:
            return turn
        case _, Withdrew(), _:
            return closing.close(turn, Ending.WITHDRAWN)
        case _, TookBack() | Barred(), _:
            return closing.rest(_void(turn), Ending.DECLINED)
        case _, Stopped(), _:
            return closing.rest(turn, Ending.STOPPED)
        case _:
            return Refused(reason=Reason.NOT_NOW)


def _introduction(opening: Opening) -> Introduction:
    return Introduction(
        id=opening.id,
        programme=opening.programme,
        policy=opening.policy,
        requester=opening.requester,
        target=opening.target,
        made_by=opening.made_by,
        asked_at=opening.asked_at,
        promised_at=opening.promised_at,
        zone=opening.zone,
        stage=Seeking(),
    )


def _opt_in_with_request(turn: Turn, opening: Opening) -> None:
    turn.change(opt_ins=(OptIn(role=Role.REQUESTER, version=1, at=opening.asked_at),))
    consent = RecordConsent(
        role=Role.REQUESTER,
        person=opening.requester.id,
        ask=None,
        channels=opening.channels,
        wording=opening.wording,
    )
    turn.cause(consent)


def _why_no_connector(introduction: Introduction) -> Ending:
    states = [ask.state for ask in introduction.asks if ask.kind == AskKind.APPROVE]
    if not states:
        return Ending.NO_ROUTE
    return Ending.DECLINED if AskState.ANSWERED in states else Ending.LAPSED


def _write_to_target(turn: Turn, ask: Ask) -> Turn:
    # They hold the link their connector forwarded; only a letter of their own carries one that may answer.
    start = max(turn.now, turn.introduction.quiet_until or turn.now)
    rules = turn.introduction.policy.target
    turn.count(Role.TARGET).update(ask, by_hand=False, due_at=after(start, rules.answer_within, ask.zone))
    return turn.cause(
        WriteAgain(ask=ask.number, letter=LetterKind.ASK_TARGET, not_before=start, reminder=False),
        ExtendAsk(ask=ask.number, due_at=after(start, rules.answer_within, ask.zone)),
    )


def _more_time(turn: Turn, ask: Ask) -> Turn:
    """Nobody is silent who has not been reached: their time starts when the relay has taken the letter."""
    match turn.news:
        case AcceptedLate(at=at):
            due = after(at, _rules(turn.introduction, ask).answer_within, ask.zone)
        case NotYetAccepted():
            due = after(turn.now, _rules(turn.introduction, ask).answer_within, ask.zone)
        case _:
            due = turn.now + RETRY
    return turn.update(ask, due_at=due, checking=False).cause(ExtendAsk(ask=ask.number, due_at=due))


def _leaves(turn: Turn, role: Role | None) -> Turn:
    """Somebody wants no more letters, or no way to be open to this requester. Their own asks end with it."""
    introduction = turn.introduction
    match introduction.stage, role:
        case FollowingUp() | Resting(), Role():
            return turn.settle(introduction.open_asks(role))
        case _, Role.REQUESTER:
            return closing.close(turn, Ending.WITHDRAWN)
        case WithConnector(), Role.CONNECTOR:
            waiting = [*introduction.open_asks(role), *introduction.put_off_asks()]
            return asking.next_connector(turn, waiting[0], AskState.SETTLED, turn.news)
        case _, Role.CONNECTOR if isinstance(turn.news, OptedOut):
            return turn  # the approval they gave stands; they only want no more letters
        case _:
            return closing.rest(_void(turn), Ending.DECLINED)


def _void(turn: Turn) -> Turn:
    """A yes taken back is gone: it cannot count for a later delivery."""
    kept = tuple(yes for yes in turn.introduction.opt_ins if yes.role != Role.TARGET)
    if turn.introduction.target and len(kept) < len(turn.introduction.opt_ins):
        turn.cause(RevokeConsent(person=turn.introduction.target.id))
    return turn.change(opt_ins=kept)


def _rules(introduction: Introduction, ask: Ask) -> AnswerRules:
    by_role: dict[Role, AnswerRules] = {
        Role.REQUESTER: introduction.policy.requester,
        Role.CONNECTOR: introduction.policy.connector,
        Role.TARGET: introduction.policy.target,
    }
    return by_role[ask.role]
