"""Headcounts of a programme: how many may ask, connect or be asked, as of now."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from models.ids import ProgrammeId
from models.policy.capacity import People
from store.journal.known_opt_outs import is_told_to_staff
from store.tables import introduction, membership, person, tie

WEEKS = 8  # looked back on


def headcount(connection: Connection, programme: ProgrammeId, now: datetime) -> People:
    """Those who are away or gone are not counted, nor targets whom no connector knows."""
    present = (
        membership.c.programme == programme,
        ~is_told_to_staff(now),
        person.c.erased_at.is_(None),
        person.c.paused_until.is_(None) | (person.c.paused_until <= now),
    )
    members = select(person.c.id).join(membership, membership.c.person == person.c.id).where(*present)
    known = (tie.c.denied_at.is_(None), ~tie.c.no_go, tie.c.connector.in_(members))
    since = now - timedelta(weeks=WEEKS)
    asked = _count(
        connection, introduction.c.id, introduction.c.programme == programme, introduction.c.asked_at > since
    )
    connectors, targets = (tie.c.connector, known), (tie.c.person, (*known, tie.c.person.in_(members)))
    return People(
        requesters=_count(connection, members.where(membership.c.requests).subquery().c.id),
        connectors=_count(connection, connectors[0], *connectors[1]),
        targets=_count(connection, targets[0], *targets[1]),
        connectors_of=_by_kind(connection, programme, connectors[0], *connectors[1]),
        targets_of=_by_kind(connection, programme, targets[0], *targets[1]),
        asks_a_week=asked / WEEKS,
    )


def _by_kind(
    connection: Connection, programme: ProgrammeId, column: ColumnElement[str], *where: ColumnElement[bool]
) -> dict[str, int]:
    """Those of a kind, kind by kind."""
    rows = connection.execute(
        select(membership.c.kind, func.count(column.distinct()))
        .join(membership, membership.c.person == column)
        .where(membership.c.programme == programme, membership.c.kind.is_not(None), *where)
        .group_by(membership.c.kind)
        .order_by(membership.c.kind)
    )
    return {row[0]: row[1] for row in rows}


def _count(connection: Connection, column: ColumnElement[str], *where: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count(column.distinct())).where(*where)).scalar_one()
