"""The words of a request: the texts of each of its versions. A version holds ids of rows, which can be erased."""

from sqlalchemy import Connection, select

from models.ids import WordsId
from models.requests import TEXTS
from store.tables import request, words


def text_ids(connection: Connection, introduction: str, version: int) -> dict[str, WordsId]:
    """The row of each text, by the name of its field, of the request as it was when this version was made."""
    row = connection.execute(
        select(request)
        .where(request.c.introduction == introduction, request.c.version <= version)
        .order_by(request.c.version.desc())
        .limit(1)
    ).one_or_none()
    return {name: row._mapping[name] for name in TEXTS if row._mapping[name]} if row else {}


def texts(connection: Connection, introduction: str, version: int) -> dict[str, str]:
    """What the requester wrote, by the name of its field, as far as it has not been erased."""
    ids = text_ids(connection, introduction, version)
    rows = connection.execute(select(words.c.id, words.c.body).where(words.c.id.in_(ids.values())))
    bodies = {row.id: row.body for row in rows}
    return {name: bodies[key] for name, key in ids.items() if key in bodies}
