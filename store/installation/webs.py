"""Webs of this installation, past and present: at which addresses one has ever said that it answers.

A mailroom that begins before any web could go by a wrong address, and nobody would be there to disagree.
"""

from datetime import datetime

from sqlalchemy import Connection, exists, select

from store.installation import facts
from store.installation.facts import FactName
from store.tables import letter


def note(connection: Connection, place: str, now: datetime) -> None:
    """A web answers at this place; written once."""
    known = _noted(connection)
    if place not in known:
        facts.note_down(connection, FactName.WEBS, now, "\n".join((*known, place)))


def is_known(connection: Connection, place: str) -> bool:
    """Whether one has ever answered there. Where none was ever noted and letters have left, this was not asked yet."""
    known = _noted(connection)
    has_sent = select(exists().where(letter.c.state == "accepted"))
    return place in known or (not known and bool(connection.execute(has_sent).scalar_one()))


def _noted(connection: Connection) -> tuple[str, ...]:
    found = facts.get(connection, FactName.WEBS)
    return tuple(found.value.split("\n")) if found else ()
