"""The undo of a yes, within the policy's `undo_for`: nothing it caused has left the house by then.

A no and a report are not undone here: they are heard only once they can no longer be taken back, and until when that
is, stands here.
"""

from datetime import datetime

from models.asks import Ask, AskKind
from models.effects import RevokeConsent
from models.letters import Role
from models.policy.policy import Order
from models.process.bounds import HEARD_WITHIN, undone_often
from models.process.chapters.consent import order_now
from models.process.chapters.second_address import undo_the_address
from models.process.state.introduction import Introduction, OptIn
from models.process.state.stages import (
    Confirming,
    Delivering,
    Finding,
    FollowingUp,
    PassingOn,
    Resting,
    Revising,
    Screening,
    WithConnector,
    WithParties,
)
from models.process.timetable import wakes
from models.process.turn import Turn
from models.process.verdict import Reason, Refused


def undo(turn: Turn, ask: Ask) -> Turn | Refused:
    """The ask is open again, and what the yes had caused is settled before any of it left the house."""
    until = undo_until(turn.introduction, ask)
    if until is None or turn.now >= until:
        return Refused(reason=Reason.TOO_LATE_TO_UNDO)
    way = _undo_whatever_others_did if turn.introduction.hears_second_thoughts else _undo_while_it_goes_on
    if undone_often(turn.introduction, ask):
        return Refused(reason=Reason.OFTEN_ENOUGH)
    undone = way(turn, ask)
    return undone if isinstance(undone, Refused) else undone.update(ask, undone=ask.undone + 1)


def undo_until(introduction: Introduction, ask: Ask) -> datetime | None:
    """Until when (UTC) this answer can be undone, and what it causes waits; None where nothing was agreed to."""
    if ask.answered_at is None or not (ask.agreed or not introduction.hears_second_thoughts):
        return None
    return introduction.policy.undoable_until(ask.answered_at)


def held_until(introduction: Introduction, ask: Ask, now: datetime) -> datetime | None:
    """Until when (UTC) a no or a report, said now, can be taken back, and is told to nobody; None where not at all.

    It is heard before the next thing that time brings about: its giver is not asked again what they have answered, nor
    is it over without what they said.
    """
    due = [wake.at - HEARD_WITHIN for wake in wakes(introduction) if wake.ask in (None, ask.number)]
    until = min([introduction.policy.undoable_until(now), *due])
    return until if until > now else None


def _undo_whatever_others_did(turn: Turn, ask: Ask) -> Turn | Refused:
    """Nothing has been shared: what others said meanwhile, or that it has ended, is not told by a refusal."""
    introduction = turn.introduction
    if isinstance(introduction.stage, FollowingUp) or _was_asked_again(introduction, ask):
        return Refused(reason=Reason.TOO_LATE_TO_UNDO)
    match ask.kind:
        case AskKind.CONFIRM:
            return _confirmation(turn, ask)
        case AskKind.OPT_IN if introduction.has_opted_in_by(ask):
            return _opt_in(turn, ask)
        case AskKind.OPT_IN:
            return _reopen(turn, ask)  # two lines, or a yes that an ending they have not heard of made void
        case AskKind.APPROVE if introduction.approved and not _party_answered_since(turn, ask):
            return _approval(turn, ask)
        case AskKind.ADDRESS if not _party_answered_since(turn, ask):
            return undo_the_address(turn, ask)
        case _:
            return Refused(reason=Reason.TOO_LATE_TO_UNDO)


def _undo_while_it_goes_on(turn: Turn, ask: Ask) -> Turn | Refused:
    """The older rule, for introductions that began under it."""
    match turn.introduction.stage, ask.kind:
        case WithParties(), AskKind.APPROVE if turn.introduction.approved and not _party_answered_since(turn, ask):
            return _approval(turn, ask)
        case Screening() | Revising() | Finding() | WithConnector() | Resting(), AskKind.CONFIRM:
            others = any(each.answered_at for each in turn.introduction.asks if each.number > ask.number)
            return Refused(reason=Reason.TOO_LATE_TO_UNDO) if others else _confirmation(turn, ask)
        case WithParties(), AskKind.ADDRESS if not _party_answered_since(turn, ask):
            return undo_the_address(turn, ask)
        case PassingOn(), AskKind.OPT_IN if turn.introduction.stage.ask == ask.number:
            return turn.reopen(ask, turn.introduction.policy.target).stand(WithParties())
        case WithParties() | Delivering(), AskKind.OPT_IN if turn.introduction.has_opted_in_by(ask):
            return _opt_in(turn, ask)
        case Resting(), AskKind.OPT_IN if ask.role == Role.REQUESTER and turn.introduction.has_opted_in_by(ask):
            return _opt_in(turn, ask)
        case _:
            return Refused(reason=Reason.TOO_LATE_TO_UNDO)


def _reopen(turn: Turn, ask: Ask) -> Turn:
    turn.reopen(ask, turn.introduction.rules_of(ask))
    if not isinstance(turn.introduction.stage, Resting):
        return turn.stand(WithParties())
    return turn.cause(RevokeConsent(person=ask.person))  # void already, and to its giver it stood


def _approval(turn: Turn, ask: Ask) -> Turn:
    turn.drop(turn.introduction.open_asks()).change(approved=False, quiet_until=None)
    turn.reopen(ask, turn.introduction.policy.connector)
    return turn if isinstance(turn.introduction.stage, Resting) else turn.stand(WithConnector())


def _confirmation(turn: Turn, ask: Ask) -> Turn:
    introduction = turn.introduction
    turn.drop(introduction.open_asks()).settle(introduction.put_off_asks())
    for person in dict.fromkeys(each.person for each in introduction.asks):
        turn.take_back_yeses(person)  # nothing that anybody said to this request counts any more
    turn.cause(RevokeConsent(person=ask.person))
    if introduction.target and introduction.has_opted_in(Role.TARGET):
        turn.cause(RevokeConsent(person=introduction.target.id))
    turn.change(opt_ins=(), approved=False, quiet_until=None).reopen(ask, turn.introduction.policy.requester)
    resting = isinstance(turn.introduction.stage, Resting)  # it has ended, and to the requester nothing may tell
    return turn if resting else turn.change(connector=None).stand(Confirming())


def _opt_in(turn: Turn, ask: Ask) -> Turn:
    introduction = turn.introduction
    turn.change(opt_ins=tuple(yes for yes in introduction.opt_ins if not _is_taken_back(yes, ask)))
    turn.cause(RevokeConsent(person=ask.person))
    if not isinstance(introduction.stage, Resting | PassingOn):
        turn.stand(WithParties())
    if ask.role == Role.TARGET and order_now(introduction) != Order.TOGETHER:
        turn.drop(introduction.open_asks())  # the question this yes brought the requester
    turn.drop(each for each in turn.introduction.open_asks() if _was_brought_by(each, ask))
    return turn.reopen(ask, introduction.rules_of(ask))


def _is_taken_back(yes: OptIn, ask: Ask) -> bool:
    # With a yes that renewed an older one, that goes too: to the person it is one yes.
    return yes.ask == ask.number or (ask.renews and yes.role == ask.role)


def _was_brought_by(each: Ask, ask: Ask) -> bool:
    """The other's yes had grown old, and this yes showed it: their renewal is asked for only if this one stands."""
    return each.renews and each.role != ask.role and each.opened_at == ask.answered_at


def _was_asked_again(introduction: Introduction, ask: Ask) -> bool:
    """The same question stands before the same person anew: what they say to that one counts."""
    later = introduction.asks[ask.number :]
    return any((each.kind, each.person, each.version) == (ask.kind, ask.person, ask.version) for each in later)


def _party_answered_since(turn: Turn, ask: Ask) -> bool:
    return any(each.answered_at for each in turn.introduction.asks if each.number > ask.number)
