"""Words of staff that would tell a target who asks, where a request is read without a name."""

from sqlalchemy import Connection, select

from models.process.state.opening import Opening
from models.record.disclosure import is_unnamed
from models.request.blindness import telling
from store.requests.door import own_names
from store.tables import introduction
from store.views.introductions import ListedIntroduction


def tells_who_asks(connection: Connection, line: ListedIntroduction, words: str) -> bool:
    query = select(introduction.c.opening, introduction.c.target_progress).where(introduction.c.id == line.id)
    row = connection.execute(query).one()
    if not is_unnamed(blind=Opening.read_back(row.opening).blind, target_progress=row.target_progress):
        return False
    return bool(telling(words, own_names(connection, line.requester)))
