"""Departures: a person in it wants no more of the introduction. Theirs ends; the others are not told why."""

from models.asks import AskState
from models.effects import RevokeConsent
from models.ids import PersonId
from models.letters import Role
from models.news import Erased, OptedOut
from models.outcomes import Ending
from models.process.chapters.consent import next_connector
from models.process.chapters.endings import close, rest
from models.process.chapters.second_address import is_looked_for
from models.process.reports import reported_ending
from models.process.state.stages import FollowingUp, Resting, WithConnector
from models.process.turn import Turn


def leaves(turn: Turn, who: PersonId) -> Turn:
    """Somebody wants no more letters, no way to be open to this requester, or to be forgotten altogether."""
    introduction = turn.introduction
    role = introduction.role_of(who)
    turn.change(left=(*(each for each in introduction.left if each != who), who))
    if role != Role.CONNECTOR or not isinstance(turn.news, OptedOut):
        turn.take_back_yeses(who)
    if role == Role.TARGET and introduction.has_agreed(role) and not isinstance(introduction.stage, FollowingUp):
        _revoke(turn, who)
    match introduction.stage, role:
        case FollowingUp() as stage, Role.REQUESTER | Role.TARGET if isinstance(turn.news, Erased):
            return close(turn, reported_ending(introduction, stage))  # nothing is left to be asked about
        case FollowingUp(), _:
            return turn.settle(introduction.open_asks(role))
        case _, Role.REQUESTER:
            return close(turn, Ending.WITHDRAWN)
        case Resting(), _:
            gone = void(turn) if role == Role.TARGET else turn
            return gone.settle(introduction.open_asks(role))
        case WithConnector(), Role.CONNECTOR:
            waiting = [*introduction.open_asks(role), *introduction.put_off_asks()]
            return next_connector(turn, waiting[0], AskState.SETTLED, turn.news)
        case _, Role.CONNECTOR if isinstance(turn.news, OptedOut) and is_looked_for(introduction):
            return rest(turn, Ending.UNDELIVERABLE)  # the only one who could have known an address
        case _, Role.CONNECTOR if isinstance(turn.news, OptedOut):
            return turn  # the approval they gave stands; they only want no more letters
        case _:
            return rest(void(turn), Ending.DECLINED)


def took_back(turn: Turn) -> Turn:
    """By the target themselves: nothing of theirs is left to undo."""
    target = turn.introduction.target
    return _revoke(void(turn.take_back_yeses(target.id)), target.id) if target else turn


def void(turn: Turn) -> Turn:
    """A target's yes cannot count for a later delivery. Whether they took it back is theirs alone: an end that others
    brought about leaves what they gave as any other end does."""
    kept = tuple(yes for yes in turn.introduction.opt_ins if yes.role != Role.TARGET)
    return turn.change(opt_ins=kept)


def _revoke(turn: Turn, who: PersonId) -> Turn:
    return turn.cause(RevokeConsent(person=who))
