"""Private notes beside answers. Its writer, and staff where they said so."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, not_, select

from models.base import Frozen
from models.ids import AskNumber, IntroductionId, PersonId
from store.asks import held_answers
from store.tables import person, private_note

PROGRAMME = "programme"  # its staff may read it


class Note(Frozen):
    """One private note, and whose it is."""

    id: str
    introduction: IntroductionId
    owner: PersonId
    name: str
    for_staff: bool
    body: str
    at: datetime


def of_person(connection: Connection, who: PersonId) -> tuple[Note, ...]:
    """Everything somebody has written down, the newest first."""
    return _read(connection, private_note.c.owner == who)


def for_staff(
    connection: Connection, introduction_id: IntroductionId, kept_back: Collection[AskNumber]
) -> tuple[Note, ...]:
    """What was written for the staff about one introduction. What is for nobody is not read at all.

    `kept_back`: questions whose answers they do not know of yet, nor of what was written beside them. Nor do they of
    what stands beside a report that can still be taken back.
    """
    theirs = (private_note.c.introduction == introduction_id, private_note.c.readers == PROGRAMME)
    told = (private_note.c.ask.not_in(kept_back), not_(held_answers.has_held_beside()))
    return _read(connection, *theirs, *told)


def remove(connection: Connection, who: PersonId, note: str) -> bool:
    """Their own, and nobody else's."""
    mine = (private_note.c.id == note, private_note.c.owner == who)
    return connection.execute(delete(private_note).where(*mine)).rowcount == 1


def _read(connection: Connection, *which: ColumnElement[bool]) -> tuple[Note, ...]:
    query = select(private_note, person.c.name).join(person, person.c.id == private_note.c.owner).where(*which)
    rows = connection.execute(query.order_by(private_note.c.at.desc(), private_note.c.id))
    return tuple(
        Note(
            id=row.id,
            introduction=row.introduction,
            owner=row.owner,
            name=row.name,
            for_staff=row.readers == PROGRAMME,
            body=row.body,
            at=row.at,
        )
        for row in rows
    )
