"""Records of one person, and every introduction they are or were in, in whatever part."""

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from models.ids import IntroductionId, PersonId
from store.tables import ask, introduction, person


def records(connection: Connection, who: PersonId) -> tuple[PersonId, ...]:
    """The record they are known by, and those that were put together with it."""
    found = [who]
    for each in found:
        merged = connection.execute(select(person.c.id).where(person.c.merged_into == each).order_by(person.c.id))
        found += [PersonId(row) for row in merged.scalars() if row not in found]
    return tuple(found)


def introductions(connection: Connection, who: PersonId) -> tuple[IntroductionId, ...]:
    """Every introduction they had any part in, also as a connector who was asked and passed."""
    rows = connection.execute(select(introduction.c.id).where(has_part(who)).order_by(introduction.c.id))
    return tuple(IntroductionId(each) for each in rows.scalars())


def under_way(connection: Connection, who: PersonId) -> tuple[IntroductionId, ...]:
    """Those that have not closed."""
    rows = connection.execute(
        select(introduction.c.id).where(has_part(who), introduction.c.closed_at.is_(None)).order_by(introduction.c.id)
    )
    return tuple(IntroductionId(each) for each in rows.scalars())


def has_part(who: PersonId) -> ColumnElement[bool]:
    was_asked = exists().where(ask.c.introduction == introduction.c.id, ask.c.person == who)
    return or_(
        introduction.c.requester == who, introduction.c.target == who, introduction.c.connector == who, was_asked
    )
