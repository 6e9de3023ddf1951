"""Alarms about the installation as a whole, for operators to read: what no introduction is to blame for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from store.tables import alarm

Alarm = Literal["no_worker"]


def raise_alarm(connection: Connection, kind: Alarm, now: datetime) -> bool:
    """True where it was not raised before."""
    if connection.execute(select(alarm.c.kind).where(alarm.c.kind == kind)).first():
        return False
    try:
        with connection.begin_nested():
            connection.execute(insert(alarm).values(kind=kind, since=now))
    except IntegrityError:  # by another mailroom, a moment ago
        return False
    return True


def end_alarm(connection: Connection, kind: Alarm) -> bool:
    """True where it was raised."""
    return connection.execute(delete(alarm).where(alarm.c.kind == kind)).rowcount > 0


def raised(connection: Connection) -> Sequence[tuple[Alarm, datetime]]:
    """Those that stand, each since when; the oldest first."""
    rows = connection.execute(select(alarm.c.kind, alarm.c.since).order_by(alarm.c.since, alarm.c.kind))
    return [(row.kind, row.since) for row in rows]
