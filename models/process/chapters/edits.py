"""Edits of a request under way.

Nobody's yes to the older version counts, and all who agreed are asked again, from the reading on; who said no is not.
"""

from models.acts import FIELDS
from models.asks import AskKind
from models.effects import RevokeConsent, Rewrite
from models.ids import PersonId
from models.letters import Role
from models.news import Edited
from models.process.chapters.consent import confirm_first, opt_in_with_request, take_up
from models.process.state.introduction import Introduction
from models.process.state.stages import Resting
from models.process.turn import Turn
from models.process.verdict import Reason


def objection_to_editing(introduction: Introduction, news: Edited) -> Reason | None:
    """Why this cannot be edited now, or None. It rests on what the requester knows anyway, so it tells nothing (S8)."""
    if news.made_by == "requester" and news.by != introduction.requester.id:
        return Reason.NOT_YOURS
    if introduction.told:
        return Reason.NOT_NOW
    if news.of not in (None, introduction.version):
        return Reason.OLD_VERSION
    return Reason.EDITED_OFTEN if introduction.edits >= introduction.policy.requester.edits else None


def edit(turn: Turn, news: Edited) -> Turn:
    """The next version of the request. The promised date stays, and an ending nobody was told of stays untold."""
    ask_first = _whom_to_ask_first(turn.introduction)
    _void(turn)
    turn.change(
        version=turn.introduction.version + 1,
        edits=turn.introduction.edits + 1,
        ask_first=ask_first,
        connector=None,
        lends=None,
        letters=(),  # each version has its own budget; how many versions there are is bounded
    )
    turn.cause(Rewrite(**{name: getattr(news, name) for name in FIELDS}, answers=news.answers))
    if turn.introduction.target is None:
        return turn
    return _take_up_again(turn, news) if news.made_by == "requester" else _confirm_again(turn)


def _void(turn: Turn) -> Turn:
    """Every question to the older version is settled, and every yes to it revoked."""
    introduction = turn.introduction
    turn.settle(introduction.open_asks()).settle(introduction.put_off_asks())
    for person in _who_agreed(introduction):
        turn.cause(RevokeConsent(person=person))
    return turn.change(opt_ins=(), approved=False, quiet_until=None)


def _take_up_again(turn: Turn, news: Edited) -> Turn:
    if turn.introduction.agrees_in_its_words:
        opt_in_with_request(turn, turn.now, news.channels, news.wording)
    return turn if isinstance(turn.introduction.stage, Resting) else take_up(turn)


def _confirm_again(turn: Turn) -> Turn:
    """Words a key has changed are the requester's once they say so, as at the request."""
    stage = turn.introduction.stage
    confirm_first(turn)
    return turn.stand(stage) if isinstance(stage, Resting) else turn


def _who_agreed(introduction: Introduction) -> tuple[PersonId, ...]:
    people = {Role.REQUESTER: introduction.requester, Role.TARGET: introduction.target}
    roles = {yes.role for yes in introduction.opt_ins} | {role for role in people if introduction.has_agreed(role)}
    return tuple(somebody.id for role, somebody in people.items() if role in roles and somebody)


def _whom_to_ask_first(introduction: Introduction) -> PersonId | None:
    """The connector who had approved, or was thinking about it; who said no, or nothing, is not asked again."""
    asked = [ask.person for ask in introduction.asks if ask.kind == AskKind.APPROVE]
    willing = introduction.approved or introduction.open_asks(Role.CONNECTOR) or _sleeping(introduction)
    return asked[-1] if asked and willing else introduction.ask_first


def _sleeping(introduction: Introduction) -> bool:
    return any(ask.kind == AskKind.APPROVE for ask in introduction.put_off_asks())
