"""The words of a request: the texts of each of its versions, and what its requester called somebody outside.

A text is a row that can be erased; a version holds the row's id. A name as it was typed is all that is ever shown to
the requester of somebody outside before the two meet: whether we know that person, and what else, never shows.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

from models.acts import TEXTS
from models.base import Frozen
from models.ids import WordsId
from store.requests.answers import PREFIX
from store.tables import request, words

TYPED = "named"  # the kind of the row that holds a name as it was typed
# Built once: building a statement costs more than running it, and most pages run these.
_REQUEST = (
    select(request)
    .where(request.c.introduction == bindparam("this"), request.c.version <= bindparam("known"))
    .order_by(request.c.version.desc())
    .limit(1)
)
_BODIES = select(words.c.id, words.c.body).where(words.c.id.in_(bindparam("ids", expanding=True)))
_TYPED = select(words.c.introduction, words.c.body).where(
    words.c.introduction.in_(bindparam("these", expanding=True)), words.c.kind == TYPED
)


class NameAsTyped(Frozen):
    """Somebody outside as the requester called them."""

    name: str
    organisation: str

    @property
    def body(self) -> str:
        return f"{self.name}\n{self.organisation}"

    @classmethod
    def read(cls, body: str) -> "NameAsTyped":
        name, _, organisation = body.partition("\n")
        return cls(name=name, organisation=organisation)


def text_ids(connection: Connection, introduction: str, version: int) -> dict[str, WordsId]:
    """The row of each text, by the name of its field, of the request as it was when this version was made."""
    row = connection.execute(_REQUEST, {"this": introduction, "known": version}).one_or_none()
    if row is None:
        return {}
    answers = {f"{PREFIX}{name}": WordsId(key) for name, key in (row.answers or {}).items()}
    return {name: row._mapping[name] for name in TEXTS if row._mapping[name]} | answers


def texts(connection: Connection, introduction: str, version: int) -> dict[str, str]:
    """What the requester wrote, by the name of its field, as far as it has not been erased."""
    ids = text_ids(connection, introduction, version)
    rows = connection.execute(_BODIES, {"ids": list(ids.values())})
    bodies = {row.id: row.body for row in rows}
    return {name: bodies[key] for name, key in ids.items() if key in bodies}


def as_typed(connection: Connection, introductions: Iterable[str]) -> dict[str, NameAsTyped]:
    """Those whom requesters called by a name of their own, by introduction."""
    rows = connection.execute(_TYPED, {"these": list(introductions)})
    return {row.introduction: NameAsTyped.read(row.body) for row in rows}
