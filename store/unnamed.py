"""Words of staff that would tell a target who asks, where a request is read without a name.

Where a request is read without a name.
"""

from sqlalchemy import Connection, select

from models.blindness import telling
from models.introduction import Opening
from store.door import own_names
from store.introductions import ListedIntroduction
from store.tables import introduction


def tells_who_asks(connection: Connection, line: ListedIntroduction, words: str) -> bool:
    body = connection.execute(select(introduction.c.opening).where(introduction.c.id == line.id)).scalar_one()
    if line.delivered_at or not Opening.model_validate(body).blind:
        return False
    return bool(telling(words, own_names(connection, line.requester)))
