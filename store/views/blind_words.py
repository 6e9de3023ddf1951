"""Words of staff that would tell a target who asks, where a request is read without a name.

Where a request is read without a name.
"""

from sqlalchemy import Connection, select

from models.process.introduction import Opening
from models.request.blindness import telling
from store.requests.door import own_names
from store.tables import introduction
from store.views.introductions import ListedIntroduction


def tells_who_asks(connection: Connection, line: ListedIntroduction, words: str) -> bool:
    body = connection.execute(select(introduction.c.opening).where(introduction.c.id == line.id)).scalar_one()
    if line.delivered_at or not Opening.model_validate(body).blind:
        return False
    return bool(telling(words, own_names(connection, line.requester)))
