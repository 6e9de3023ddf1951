"""A second address, where nobody is reached under the target's first.

The connector who approved is asked once for another.
"""

from models.asks import Ask, AskKind, AskState
from models.letters import Role
from models.news import AddressGiven, Declined, Silent, Somebody
from models.outcomes import Ending
from models.process.chapters.endings import rest
from models.process.state.introduction import Introduction
from models.process.turn import Turn


def may_ask_for_another_address(introduction: Introduction) -> bool:
    """Once, of whoever approved and still wants letters, where the policy says so; and while the promise has time."""
    connector, rules = introduction.connector, introduction.policy.connector
    if not rules.another_address or not introduction.approved or connector is None or introduction.told:
        return False
    asked = any(each.kind == AskKind.ADDRESS and each.version == introduction.version for each in introduction.asks)
    return not asked and connector.id not in introduction.left


def ask_for_another_address(turn: Turn, ask: Ask) -> Turn:
    """The letter that reached nobody does not count; the requester sees nothing of all this."""
    connector = turn.introduction.connector
    assert connector, "somebody has approved"
    turn.update(ask, unreached=True).drop([ask])
    return turn.open(AskKind.ADDRESS, Role.CONNECTOR, connector, turn.introduction.policy.connector)


def answered(turn: Turn, ask: Ask, news: AddressGiven | Declined | Silent) -> Turn:
    """The same question to the same person, under the address given for this introduction; or it ends quietly."""
    if isinstance(news, AddressGiven) and turn.introduction.target:
        return _write_to_it(turn.answer(ask), turn.introduction.target)
    state = AskState.LAPSED if isinstance(news, Silent) else AskState.ANSWERED
    return rest(turn.answer(ask, state), Ending.UNDELIVERABLE)


def is_looked_for(introduction: Introduction) -> bool:
    return any(each.kind == AskKind.ADDRESS for each in introduction.open_asks(Role.CONNECTOR))


def undo_the_address(turn: Turn, ask: Ask) -> Turn:
    """The letter to it has not left: it waited for as long as this could be undone."""
    turn.drop(turn.introduction.open_asks(Role.TARGET))
    return turn.reopen(ask, turn.introduction.policy.connector)


def _write_to_it(turn: Turn, target: Somebody) -> Turn:
    until = turn.introduction.policy.undoable_until(turn.now)
    return turn.open(AskKind.OPT_IN, Role.TARGET, target, turn.introduction.policy.target, not_before=until)
