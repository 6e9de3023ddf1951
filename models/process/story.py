"""The story: how an introduction goes from a request to its ending. Read `decide` from top to bottom."""

from datetime import datetime

from models.asks import Ask, AskKind, AskState
from models.effects import StopAddress
from models.letters import Role
from models.news import (
    AcceptedLate,
    AddressGiven,
    Answer,
    AnsweredInTwoLines,
    AnswerWaiting,
    Barred,
    Blocked,
    CapReached,
    ClocksChanged,
    ConnectorApproved,
    ConnectorForwards,
    ConnectorFound,
    Declined,
    Edited,
    Erased,
    Extended,
    HandedOver,
    Held,
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
    Resent,
    Resumed,
    Screened,
    SentBack,
    Silent,
    Stopped,
    Thanked,
    TimeIsUp,
    TookBack,
    Undeliverable,
    Undone,
    Withdrew,
)
from models.outcomes import Ending
from models.process.bounds import next_look
from models.process.changed_clocks import keep_hours
from models.process.chapters import consent, edits, endings, follow_up, holds, resent_letters, screening, second_address
from models.process.chapters.answers_in_vain import is_in_vain, note_in_vain
from models.process.chapters.departures import leaves, took_back, void
from models.process.chapters.second_thoughts import decline_after_all
from models.process.chapters.undo import undo
from models.process.late_reports import hear_afterwards
from models.process.objections import asked, objection
from models.process.state.introduction import Introduction, begun
from models.process.state.opening import MadeBy, Opening
from models.process.state.stages import (
    Closed,
    Confirming,
    Delivering,
    Finding,
    FollowingUp,
    PassingOn,
    Resting,
    Screening,
    Seeking,
    WithConnector,
    WithParties,
)
from models.process.timetable import more_time, time_is_up
from models.process.turn import Turn
from models.process.verdict import REFUSED, Reason, Refused, Step

Leaving = Withdrew | TookBack | OptedOut | Blocked | Erased
Steering = Held | Resumed | Extended | Resent | Stopped
Overtaking = Undone | Edited | NotYetAccepted | AnswerWaiting | AcceptedLate | Barred


def begin(opening: Opening, now: datetime) -> Step:
    """The first step of a request that was taken at the door."""
    introduction = begun(opening)
    turn = Turn(introduction, None, now)
    if opening.target is None:
        return consent.seek(turn).step()
    if opening.made_by != MadeBy.REQUESTER:
        return consent.confirm_first(turn).step()
    if introduction.agrees_in_its_words:
        consent.opt_in_with_request(turn, opening.asked_at, opening.channels, opening.wording)
    return consent.take_up(turn).step()


def heard(introduction: Introduction, news: News, now: datetime, *, in_time: bool = False) -> Step | Refused:
    """What follows, before the end and after it. `in_time`: it was said before the end, whenever it is heard."""
    if introduction.closed:
        return hear_afterwards(introduction, news, now, in_time=in_time)
    return decide(introduction, news, now)


def decide(introduction: Introduction, news: News, now: datetime) -> Step | Refused:
    """What follows when `news` reaches `introduction` at `now` (UTC): a step, or a refusal with its reason.

    What speaks against hearing it at all is asked first (`models/process/objections.py`). Then the chapters are a
    table: where it stands, what is heard, the ask this is about, and what follows.
    """
    why = objection(introduction, news, now)
    if why:
        return REFUSED[why]
    turn = _chapters(Turn(introduction, news, now), introduction, news)
    return turn if isinstance(turn, Refused) else turn.step()


def _chapters(turn: Turn, introduction: Introduction, news: News) -> Turn | Refused:  # noqa: C901, PLR0915
    match introduction.stage, news, asked(introduction, news):
        # Whatever somebody said before, their no is heard as long as nothing was shared.
        case _, Declined(), Ask(is_open=False) as ask:
            undone = undo(turn, ask)
            if isinstance(undone, Refused):
                return decline_after_all(turn, ask)
            return _chapters(undone, undone.introduction, news)

        # 1. A request made for somebody is theirs only once they say so. A need finds its person first.
        case Confirming(), RequestConfirmed(), Ask() as ask:
            return consent.confirmed(turn, ask, news)
        case Confirming() | Resting(), Declined(), Ask(kind=AskKind.CONFIRM) as ask:
            return endings.close(turn.answer(ask), Ending.WITHDRAWN)
        case Confirming() | Resting(), Silent(), Ask(kind=AskKind.CONFIRM) as ask:
            return endings.close(turn.answer(ask, AskState.LAPSED), Ending.LAPSED)
        case Confirming() | Resting(), Undeliverable(), Ask(kind=AskKind.CONFIRM):
            return endings.close(turn, Ending.UNDELIVERABLE)
        case Seeking(), Proposed(), _:
            return consent.proposed(turn, news)

        # 2. An operator reads it, where the policy says so.
        case Screening(), Screened(approved=True), _:
            return screening.pass_on(turn, news)
        case Screening(), Screened(), _:
            return endings.rest(turn, Ending.DECLINED)
        case Screening(), SentBack(), _:
            return screening.send_back(turn, news)

        # 3. One connector at a time is asked, and nobody else is told before they approve.
        case Finding(), ConnectorFound(), _ if _has_left_before_a_name(introduction):
            return endings.rest(turn, Ending.NO_ROUTE)
        case Finding(), ConnectorFound(), _:
            return consent.ask_connector(turn, news)
        case Finding(), NoConnector(), _:
            return endings.rest(turn, _why_no_connector(introduction))
        case Resting(), HandedOver(), _ if introduction.waits_for_a_name:
            return consent.find_named(turn, news.to)
        case WithConnector(), ConnectorApproved() | ConnectorForwards(), Ask() as ask if introduction.target:
            return consent.approved(turn, ask, introduction.target, news)
        case WithConnector(), Declined() | NotMe() | Redirected(), Ask() as ask:
            return consent.next_connector(turn, ask, AskState.ANSWERED, news)
        case WithConnector(), Undeliverable(), Ask() as ask:
            return consent.next_connector(turn, ask, AskState.SETTLED, news)
        case WithConnector(), Silent(), Ask() as ask:
            return consent.next_connector(turn, ask, AskState.LAPSED, news)
        case WithConnector(), PutOff(), Ask() as ask:
            return turn.answer(ask, AskState.PUT_OFF, news.until)
        case WithConnector(), HandedOver(), _:
            return consent.hand_over_to(turn, news.to)

        # 4. Both parties must opt in. One no is enough, and the other never learns whose.
        case WithParties(), OptedIn(), Ask(kind=AskKind.OPT_IN) as ask:
            return consent.opted_in(turn, ask, news)
        case WithParties(), AnsweredInTwoLines(), Ask(role=Role.TARGET) as ask:
            return consent.in_two_lines(turn, ask, news)
        case WithParties(), PutOff(), Ask(role=Role.TARGET) as ask:
            return turn.answer(ask, AskState.PUT_OFF, news.until)
        case WithParties(), LinkRequested(), Ask(by_hand=True) as ask:
            return consent.write_to_target(turn, ask)
        case WithParties(), Undeliverable(address_is_dead=True), Ask(role=Role.TARGET, by_hand=False) as ask if (
            second_address.may_ask_for_another_address(introduction)
        ):
            return second_address.ask_for_another_address(turn, ask)
        case WithParties(), AddressGiven() | Declined() | Silent(), Ask(kind=AskKind.ADDRESS) as ask:
            return second_address.answered(turn, ask, news)
        case WithParties() | PassingOn(), Declined(), Ask() as ask:
            return endings.rest(turn.answer(ask), Ending.DECLINED)
        case WithParties(), NotMe(), Ask(role=Role.TARGET) as ask:
            turn.answer(ask).cause(StopAddress(person=ask.person))
            return endings.rest(turn, Ending.UNDELIVERABLE)
        case WithParties() | PassingOn(), Undeliverable(), Ask() as ask:
            return endings.rest(turn.update(ask, unreached=True).drop([ask]), Ending.UNDELIVERABLE)
        case WithParties(), Silent(), Ask() as ask:
            return endings.rest(turn.answer(ask, AskState.LAPSED), Ending.LAPSED)
        case PassingOn(), Silent(), Ask() as ask:
            return more_time(turn, ask)  # the two lines will reach them first

        # 5. The introduction goes out, once. Two lines go out instead.
        case Delivering(handing_over=True), Introduced(), _:
            return follow_up.introduced(turn)
        case Delivering(handing_over=True, looks=looks), HeldBack(), _:
            return turn.stand(Delivering(due_at=turn.now + next_look(introduction, looks), looks=looks + 1))
        case Delivering(handing_over=True), CapReached(), _:
            return consent.ask_beyond_cap(turn, news.role)

        # 6. We ask how it went, pass on the thanks, and close the loop.
        case FollowingUp() as stage, Reported(), Ask() as ask:
            return follow_up.reported(turn, stage, ask, news)
        case FollowingUp() as stage, Thanked(), Ask() as ask:
            return follow_up.thanked(turn, stage, ask, news)
        case FollowingUp() as stage, Undeliverable(), _:
            return resent_letters.did_not_arrive(turn, stage, news)

        # 7. Once it has ended, each one's own ask goes on as if nothing had happened: anything else would tell.
        case Resting() | PassingOn(), OptedIn(), Ask(kind=AskKind.OPT_IN, role=Role.REQUESTER) as ask:
            return consent.note_opt_in(turn, ask, news)
        case Resting(), RequestConfirmed(), Ask(kind=AskKind.CONFIRM) as ask:
            return consent.note_opt_in(turn, ask, news)
        case Resting(), Declined(), Ask(role=Role.REQUESTER) as ask:
            return turn.answer(ask)
        case Resting(), Undeliverable(), Ask(is_open=False) as ask:
            return endings.reached_nobody(turn.update(ask, unreached=True))
        case Resting(ending=Ending.DECLINED), Undeliverable(), Ask(role=Role.REQUESTER) as ask if (
            introduction.ends_as_silence_would
        ):
            return turn.update(ask, unreached=True).drop([ask])
        case Resting(ending=Ending.DECLINED), HandedOver(), _ if (
            introduction.ends_as_silence_would and introduction.waits_for_a_connector
        ):
            return consent.take_from_connector(turn)  # and nobody else is asked
        case Resting(), Silent() | Undeliverable(), Ask(role=Role.REQUESTER) as ask:
            return turn.answer(ask, AskState.LAPSED)
        case Resting(), Answer() | Silent() | Undeliverable(), Ask(is_open=True) as ask if is_in_vain(ask, news):
            return note_in_vain(turn, ask, news)

        # Time alone has a table of its own: `models/process/timetable.py`.
        case _, TimeIsUp(), _:
            return time_is_up(turn)
        case _, ClocksChanged(), _:
            return keep_hours(turn, news)

        # What may come in any chapter, in three groups. No news belongs to two of them, or to a chapter as well, so
        # nothing hangs on the order of the three. Within each it matters, and is told there.
        case _, Withdrew() | TookBack() | OptedOut() | Blocked() | Erased(), _:
            return _leaving(turn, introduction, news)
        case _, Held() | Resumed() | Extended() | Resent() | Stopped(), ask:
            return _operator(turn, introduction, news, ask)
        case _, Undone() | Edited() | NotYetAccepted() | AnswerWaiting() | AcceptedLate() | Barred(), ask:
            return _overtaken(turn, introduction, news, ask)
        case _:
            return REFUSED[Reason.NOT_NOW]


def _leaving(turn: Turn, introduction: Introduction, news: Leaving) -> Turn | Refused:
    """Somebody wants out. Being left alone comes first, since it is heard to the end and after it; then what is too
    late, once the letters of introduction are out; then what ends the introduction."""
    match introduction.stage, news:
        case _, OptedOut() | Blocked() | Erased():
            return leaves(turn, news.by)
        case Closed() | FollowingUp(), _:
            return Refused(reason=Reason.NOT_NOW)
        case Resting(), TookBack():
            return took_back(turn)  # it has ended already, and nobody may notice the difference
        case _, TookBack():
            return endings.rest(took_back(turn), Ending.DECLINED)
        case _, Withdrew():
            return endings.close(turn, Ending.WITHDRAWN)


def _operator(turn: Turn, introduction: Introduction, news: Steering, ask: Ask | None) -> Turn | Refused:
    """An operator steers. Giving time and sending again come first, since after the introduction, too, letters can come
    back and time be short; to stop something, it must not have gone out or have ended."""
    match introduction.stage, news:
        case _, Held() | Resumed() | Extended():
            return holds.steer(turn, news, ask)
        case _, Resent():
            return resent_letters.resend(turn, news)
        case Closed() | FollowingUp(), Stopped():
            return Refused(reason=Reason.NOT_NOW)
        case Resting(), Stopped() if introduction.rests_for_staff:
            return endings.close(turn, Ending.STOPPED)
        case Resting() as stage, Stopped() if introduction.hears_second_thoughts:
            return turn.stand(stage.model_copy(update={"ending": Ending.STOPPED}))
        case Resting(), Stopped():
            return Refused(reason=Reason.SETTLED)
        case _, Stopped():
            return endings.rest(turn, Ending.STOPPED)


def _overtaken(turn: Turn, introduction: Introduction, news: Overtaking, ask: Ask | None) -> Turn | Refused:
    """What was said or known counts no more. Words come first: those of one answer, then those of the whole request.
    Then what the mail shows about an answer that is waited for; last, what the store finds between the two, which
    ends the introduction if anybody has been asked and nothing has gone out."""
    match introduction.stage, news, ask:
        case _, Undone(), Ask():
            return undo(turn, ask)
        case _, Edited(), _:
            return edits.edit(turn, news)
        case _, NotYetAccepted() | AnswerWaiting() | AcceptedLate(), Ask():
            return more_time(turn, ask)
        case Seeking() | Confirming() | FollowingUp() | Resting() | Closed(), Barred(), _:
            return Refused(reason=Reason.NOT_NOW)  # before anybody is asked, the store will look again
        case Finding(), Barred(), _ if introduction.route_may_be_named and not introduction.connectors_asked():
            return endings.rest(void(turn), Ending.NO_ROUTE)  # why there is none stays with the store
        case _, Barred(), _:
            return endings.rest(void(turn), Ending.DECLINED)
        case _:
            return REFUSED[Reason.NOT_NOW]


def _has_left_before_a_name(introduction: Introduction) -> bool:
    """Whoever is named is asked in nobody's name who has left: the store finds none, and the core asks none."""
    return introduction.name_given and bool(introduction.left) and not introduction.connectors_asked()


def _why_no_connector(introduction: Introduction) -> Ending:
    states = [ask.state for ask in introduction.asks if ask.kind == AskKind.APPROVE]
    if not states:
        return Ending.NO_ROUTE
    return Ending.DECLINED if AskState.ANSWERED in states else Ending.LAPSED
