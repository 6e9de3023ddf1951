"""Whether somebody has been told of an ask: the one condition of whatever shows them that they were asked, and by whom.

It is asked of the ask's row, so a query that reads asks for the eyes of the one asked joins it in.
"""

from sqlalchemy import ColumnElement, exists

from models.asks import ASKED_AFTERWARDS, AskKind
from models.record.ledger import LEFT
from store.tables import ask, letter

_ON_PAGE = (*ASKED_AFTERWARDS, AskKind.APPROVE)


def has_been_told() -> ColumnElement[bool]:
    """Its letter has left; or it is a check-in that is written without a letter, because the budget is spent,
    or an operator's own, who answered it when they read the request and has taken that back."""
    about = (letter.c.introduction == ask.c.introduction, letter.c.ask == ask.c.number)
    left = exists().where(*about, letter.c.state.in_(LEFT))
    return left | (ask.c.kind.in_(_ON_PAGE) & ~exists().where(*about))
