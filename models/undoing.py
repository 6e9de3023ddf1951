"""The undo of an answer. Within the policy's `undo_for`, and only while nothing has been built on it."""

from models.asking import order_now
from models.asks import Ask, AskKind
from models.effects import RevokeConsent
from models.introduction import (
    Confirming,
    Delivering,
    Finding,
    Introduction,
    OptIn,
    PassingOn,
    Resting,
    Revising,
    Screening,
    WithConnector,
    WithParties,
)
from models.letters import Role
from models.policy import Order
from models.readdressing import undo_the_address
from models.turn import Turn
from models.verdict import Reason, Refused


def undo(turn: Turn, ask: Ask) -> Turn | Refused:
    """The ask is open again, and what the yes had caused is settled before any of it left the house."""
    if not ask.answered_at or turn.now >= ask.answered_at + turn.introduction.policy.undo_for.nominal:
        return Refused(reason=Reason.TOO_LATE_TO_UNDO)
    match turn.introduction.stage, ask.kind:
        case WithParties(), AskKind.APPROVE if turn.introduction.approved and not _party_answered_since(turn, ask):
            return _approval(turn, ask)
        case Screening() | Revising() | Finding() | WithConnector() | Resting(), AskKind.CONFIRM:
            return _confirmation(turn, ask)
        case WithParties(), AskKind.ADDRESS if not _party_answered_since(turn, ask):
            return undo_the_address(turn, ask)
        case PassingOn(), AskKind.OPT_IN if turn.introduction.stage.ask == ask.number:
            return turn.reopen(ask, turn.introduction.policy.target).stand(WithParties())
        case WithParties() | Delivering(), AskKind.OPT_IN if _counts(turn.introduction, ask):
            return _opt_in(turn, ask)
        case Resting(), AskKind.OPT_IN if ask.role == Role.REQUESTER and _counts(turn.introduction, ask):
            return _opt_in(turn, ask)
        case _:
            return Refused(reason=Reason.TOO_LATE_TO_UNDO)


def _approval(turn: Turn, ask: Ask) -> Turn:
    turn.drop(turn.introduction.open_asks()).change(approved=False, quiet_until=None)
    return turn.reopen(ask, turn.introduction.policy.connector).stand(WithConnector())


def _confirmation(turn: Turn, ask: Ask) -> Turn | Refused:
    if any(each.answered_at for each in turn.introduction.asks if each.number > ask.number):
        return Refused(reason=Reason.TOO_LATE_TO_UNDO)
    turn.drop(turn.introduction.open_asks()).cause(RevokeConsent(person=ask.person))
    turn.change(opt_ins=(), quiet_until=None).reopen(ask, turn.introduction.policy.requester)
    resting = isinstance(turn.introduction.stage, Resting)  # it has ended, and to the requester nothing may tell
    return turn if resting else turn.change(connector=None).stand(Confirming())


def _opt_in(turn: Turn, ask: Ask) -> Turn:
    introduction = turn.introduction
    turn.change(opt_ins=tuple(yes for yes in introduction.opt_ins if not _is_taken_back(yes, ask)))
    turn.cause(RevokeConsent(person=ask.person))
    if not isinstance(introduction.stage, Resting):
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


def _counts(introduction: Introduction, ask: Ask) -> bool:
    return any(yes.ask == ask.number for yes in introduction.opt_ins)


def _party_answered_since(turn: Turn, ask: Ask) -> bool:
    return any(each.answered_at for each in turn.introduction.asks if each.number > ask.number)
