"""Names corrected by those who bear them: what it was, what it is, and since when; staff see it.

Letters that have left keep the name they had.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from models.base import Frozen
from models.ids import PersonId
from store.engine.ids import new_id
from store.tables import name_change, person
from store.tables.folded_columns import folded

MOST, WITHIN = 3, timedelta(days=30)  # a name is corrected, not worn by the day


class Correction(Frozen):
    before: str
    after: str
    at: datetime


def correct(connection: Connection, who: PersonId, name: str, now: datetime) -> bool:
    """From the next page and the next letter on. False: they have changed it often enough for now."""
    facts = (person.c.name, person.c.headline, person.c.organisation, person.c.topics)
    row = connection.execute(select(*facts).where(person.c.id == who).with_for_update()).one()
    if row.name == name:
        return True
    lately = select(func.count()).where(name_change.c.person == who, name_change.c.at > now - WITHIN)
    if connection.execute(lately).scalar_one() >= MOST:
        return False
    kept = {"id": new_id("nam"), "person": who, "before": row.name, "after": name, "at": now}
    connection.execute(insert(name_change).values(kept))
    new = {"name": name} | folded(row._asdict() | {"name": name})
    connection.execute(update(person).where(person.c.id == who).values(new))
    return True


def corrections(connection: Connection, people: Collection[PersonId]) -> dict[PersonId, tuple[Correction, ...]]:
    """Theirs, the latest first."""
    theirs = select(name_change).where(name_change.c.person.in_(people))
    found: dict[PersonId, tuple[Correction, ...]] = {}
    for row in connection.execute(theirs.order_by(name_change.c.at.desc(), name_change.c.id)):
        one = Correction(before=row.before, after=row.after, at=row.at)
        found[row.person] = (*found.get(row.person, ()), one)
    return found


def former_names(connection: Connection, who: PersonId) -> tuple[str, ...]:
    """By which somebody could still be known."""
    return tuple(each.before for each in corrections(connection, [who]).get(who, ()))
