"""Second thoughts: a no said after another answer. It is heard as long as nothing was shared, whatever was said before.

While the earlier yes can still be undone, it is an undo and a no; later, it ends the matter as any no does.
"""

from models.asks import WITH_DEADLINE, Ask, AskKind, AskState
from models.effects import RevokeConsent
from models.letters import Role
from models.outcomes import Ending
from models.process.chapters.consent import next_connector
from models.process.chapters.departures import took_back, void
from models.process.chapters.endings import close, rest
from models.process.state.introduction import Introduction
from models.process.state.stages import Resting, WithConnector
from models.process.turn import Turn
from models.process.verdict import Reason


def follows_another_answer(introduction: Introduction, ask: Ask) -> bool:
    """Whether a no to this ask comes after a yes or a "later" of the same person, who is still asked about it."""
    if not introduction.hears_second_thoughts or ask.kind not in WITH_DEADLINE:
        return False
    if introduction.role_of(ask.person) != ask.role:
        return False  # a connector who passed, or whose place another has
    match ask.state:
        case AskState.ANSWERED:
            return ask.agreed
        case AskState.PUT_OFF | AskState.SETTLED:
            return ask.until is not None
        case _:
            return False


def objection_to_second_thoughts(introduction: Introduction) -> Reason | None:
    """Once the two were introduced, a no changes nothing of it."""
    return Reason.ALREADY_INTRODUCED if introduction.was_introduced else None


def decline_after_all(turn: Turn, ask: Ask) -> Turn:
    """The answer that stood can no longer be undone; it is a no from here on."""
    introduction = turn.introduction
    if isinstance(introduction.stage, WithConnector) and ask.role == Role.CONNECTOR:
        asked = (*introduction.open_asks(Role.CONNECTOR), *introduction.put_off_asks())
        others = [each for each in asked if each.number != ask.number]
        return next_connector(turn.settle(others), ask, AskState.ANSWERED, turn.news)
    _take_back(turn.answer(ask), ask)
    if ask.kind == AskKind.CONFIRM:
        return close(turn, Ending.WITHDRAWN)
    return turn if isinstance(introduction.stage, Resting) else rest(turn, Ending.DECLINED)


def _take_back(turn: Turn, ask: Ask) -> None:
    introduction = turn.introduction
    turn.take_back_yeses(ask.person)
    if ask.role == Role.TARGET:
        _ = took_back(turn) if ask.agreed else void(turn)
    elif ask.role == Role.CONNECTOR:  # they lend their name no longer, and are not told how it went
        left = (*(each for each in introduction.left if each != ask.person), ask.person)
        turn.change(left=left)
    elif introduction.has_opted_in(Role.REQUESTER):
        others = tuple(yes for yes in introduction.opt_ins if yes.role != Role.REQUESTER)
        turn.change(opt_ins=others).cause(RevokeConsent(person=ask.person))
