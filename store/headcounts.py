"""Who is there to ask and be asked in a programme, and how many requests come in? Counted as it is now."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from models.capacity import People
from models.ids import ProgrammeId
from store.tables import introduction, membership, person, tie

WEEKS = 8  # looked back on


def headcount(connection: Connection, programme: ProgrammeId, now: datetime) -> People:
    """Those who are away or gone are not counted, nor targets whom no connector knows."""
    present = (
        membership.c.programme == programme,
        person.c.opted_out_at.is_(None),
        person.c.erased_at.is_(None),
        person.c.paused_until.is_(None) | (person.c.paused_until <= now),
    )
    members = select(person.c.id).join(membership, membership.c.person == person.c.id).where(*present)
    known = (tie.c.denied_at.is_(None), ~tie.c.no_go, tie.c.connector.in_(members))
    since = now - timedelta(weeks=WEEKS)
    asked = _count(
        connection, introduction.c.id, introduction.c.programme == programme, introduction.c.asked_at > since
    )
    return People(
        requesters=_count(connection, members.where(membership.c.requests).subquery().c.id),
        connectors=_count(connection, tie.c.connector, *known),
        targets=_count(connection, tie.c.person, *known, tie.c.person.in_(members)),
        asks_a_week=asked / WEEKS,
    )


def _count(connection: Connection, column: ColumnElement[str], *where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count(column.distinct())).where(*where)).scalar_one()
