"""Age of the database: whether it is older than the world, seen as a mailroom begins and in each round of its sweep."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import Connection

from mailroom.age_kept import AgeKept
from mailroom.room import Room, log
from store.installation import age, facts
from store.installation.facts import FactName

BEAT = timedelta(seconds=30)  # counted on at least so often, so that every backup is found out that is older
VOUCHED_WITHIN = timedelta(minutes=3)  # for a data folder that is new here: a mailroom that knows better counts on


class Older(Exception):
    """Somebody has seen this database count further: it was brought back under our hands."""


async def look(room: Room) -> None:
    """Everything is held from here on where the database is older than this folder knows, or nobody can tell."""
    kept = room.age
    if kept is None:
        return
    now = room.clock()
    counted, why = await room.database.write(lambda connection: _compare(connection, kept, now))
    if why:
        log.error("restore.found reason=%s", why)
    if counted is not None and counted != kept.number:
        await asyncio.to_thread(kept.keep, counted)


async def hold(room: Room, why: age.HoldCause) -> None:
    """Found out in the middle of it."""
    now, seen = room.clock(), (room.age.number if room.age else 0) or 0
    if await room.database.write(lambda connection: age.hold(connection, why, now, seen)):
        log.error("restore.found reason=%s", why)


def _compare(connection: Connection, kept: AgeKept, now: datetime) -> tuple[int | None, age.HoldCause | None]:
    """How far it counts now, where it is as this folder knows it; or why everything is held from now on."""
    seen, counted = kept.number, age.now_at(connection)
    if age.held(connection):
        age.hold(connection, "older", now, seen or 0)
        return None, None
    if seen is None:
        return _newcomer(connection, kept, counted, now)
    why: age.HoldCause | None = None
    if counted < seen:
        why = "older"
    elif kept.is_a_copy and counted - seen < age.JUMP:
        why = "copied"
    if why:
        return None, why if age.hold(connection, why, now, seen) else None
    return _beaten(connection, now), None


def _newcomer(
    connection: Connection, kept: AgeKept, counted: int, now: datetime
) -> tuple[int | None, age.HoldCause | None]:
    """A folder that has never seen this database: the first of all, or vouched for by a mailroom that counts on."""
    kept.met = kept.met or (counted, now)
    released = facts.get(connection, FactName.RELEASED)
    if released and now - released.at < timedelta(hours=1):
        facts.drop(connection, FactName.RELEASED)
    elif counted and counted == kept.met[0]:
        if now - kept.met[1] < VOUCHED_WITHIN:
            return None, None
        return None, "new_folder" if age.hold(connection, "new_folder", now) else None
    return age.count_on(connection, now), None


def _beaten(connection: Connection, now: datetime) -> int | None:
    last = facts.get(connection, FactName.MARK)
    if last is None or now - last.at >= BEAT:
        return age.count_on(connection, now)
    return last.number
