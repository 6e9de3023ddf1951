"""The processes of an installation, each as it was told, heard of again and again while it runs.

What they were told has to agree: links that one writes another opens, marks that one makes another recognises. Keys are
compared by fingerprints made with them, which tell nothing of them.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Row, delete, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from models.base import OWN, Frozen
from store.tables import process

BEAT = timedelta(seconds=15)
GONE_AFTER = timedelta(seconds=45)  # without a beat; one that ended in its own time is gone at once
SKEW = timedelta(seconds=5)  # between two clocks; a beat further ahead was made by one that has been set back since

Clock = Callable[[], datetime]
ProcessKind = Literal["worker", "mailroom", "web"]


class Told(Frozen):
    """What one process goes by. A newer version may tell more of itself."""

    public_url: str
    keys: tuple[str, ...]  # fingerprints, of the newest first
    namespace: str
    version: str
    clock_law: str


class Process(Frozen):
    """One process, as it was last heard of. `ahead`: by how much its clock is before the database's."""

    name: str
    kind: ProcessKind
    machine: str
    pid: int
    began: int | None
    told: Told
    ahead: timedelta = timedelta()


def beat(connection: Connection, mine: Process, clock: Clock) -> list[Process]:
    """Heard of again; who runs, this one among them. Those not heard of for long are forgotten."""
    at = clock_of(connection, clock)
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(process)
    row = mine.model_dump(exclude={"ahead", "told"}) | {"told": mine.told.model_dump_json(), "at": at, "clock": clock()}
    fresh = {name: row[name] for name in ("told", "at", "clock")}
    connection.execute(insert.values(row).on_conflict_do_update(index_elements=[process.c.name], set_=fresh))
    long_off = or_(process.c.at < at - 10 * GONE_AFTER, process.c.at > at + 10 * GONE_AFTER)
    connection.execute(delete(process).where(long_off))
    return _running(connection, at)


def running(connection: Connection, clock: Clock) -> list[Process]:
    """Whoever was heard of of late."""
    return _running(connection, clock_of(connection, clock))


def leave(connection: Connection, names: Collection[str]) -> None:
    connection.execute(delete(process).where(process.c.name.in_(names)))


def clock_of(connection: Connection, own: Clock) -> datetime:
    """The one clock that all processes share. Beside SQLite everybody is on one machine."""
    if connection.dialect.name == "sqlite":
        return own()
    found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found


def _running(connection: Connection, at: datetime) -> list[Process]:
    of_late = process.c.at.between(at - GONE_AFTER, at + SKEW)
    query = select(process).where(of_late).order_by(process.c.name)
    return [_read(row) for row in connection.execute(query)]


def _read(row: Row[tuple[object, ...]]) -> Process:
    return Process(
        name=row.name,
        kind=row.kind,
        machine=row.machine,
        pid=row.pid,
        began=row.began,
        told=Told.model_validate_json(row.told, extra=OWN),
        ahead=row.clock - row.at,
    )
