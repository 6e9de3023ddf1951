"""Letters to staff, planned: once a minute each operator's desk is looked at, and what is new on it is told."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from mailroom.room import Room, log, pause
from models.desk import DeskItem
from store.engine.database import DatabaseAway
from store.engine.secrets import Keys
from store.letters import staff_letters
from store.people import hearing
from store.people.hearing import StaffToTell
from store.privacy.erasure import records_of
from store.views.desk import on_desk

EVERY = timedelta(minutes=1)


async def tell_staff(room: Room, stop: asyncio.Event, every: timedelta = EVERY) -> None:
    """Look again and again until told to stop."""
    while not stop.is_set():
        await pause(stop, every)
        if stop.is_set():
            return
        try:
            await once(room)
        except DatabaseAway:
            pass  # the sweep says so
        except Exception as bug:
            log.exception("staff_letters.stumbled error=%s", type(bug).__name__)


async def once(room: Room) -> None:
    """Every operator in turn; a desk with nothing new on it causes no write."""
    now = room.clock()
    for reader in await room.database.read(lambda connection: list(hearing.readers(connection, now))):
        morning = reader.latest_morning(now)
        is_morning = morning is not None and (reader.morning_at is None or reader.morning_at < morning)
        is_due = partial(_is_due, keys=room.keys, reader=reader, now=now, is_morning=is_morning)
        if not await room.database.read(is_due):
            continue
        if await room.database.write(partial(_tell, reader=reader, now=now, morning=morning if is_morning else None)):
            log.info("staff.told id=%s", reader.person)


def _is_due(connection: Connection, keys: Keys, reader: StaffToTell, now: datetime, *, is_morning: bool) -> bool:
    who = reader.person
    if staff_letters.is_to_wait(connection, who, now) or not staff_letters.is_reachable(connection, keys, who):
        return False  # and the morning is not looked at: the next minute asks again
    return is_morning or bool(_to_tell(connection, reader, now, also_morning=False))


def _tell(connection: Connection, reader: StaffToTell, now: datetime, morning: datetime | None) -> bool:
    staff_letters.lock(connection, reader.person)
    if staff_letters.is_to_wait(connection, reader.person, now):
        return False  # another mailroom was first
    looked = morning is not None and hearing.look(connection, reader, morning)
    to_tell = _to_tell(connection, reader, now, also_morning=looked)
    if to_tell:
        staff_letters.plan(connection, reader.person, to_tell, now)
    return bool(to_tell)


def _to_tell(connection: Connection, reader: StaffToTell, now: datetime, *, also_morning: bool) -> tuple[DeskItem, ...]:
    """Nothing, unless something is new. A morning's letter then tells of all that lies there; one at once, of that."""
    records = records_of.records(connection, reader.person)
    items = on_desk(connection, reader.programmes, records, now)
    ways = ("at_once", "morning") if also_morning else ("at_once",)
    wanted = tuple(each for each in items if reader.hearing.when(each.kind) in ways)
    new = staff_letters.untold(connection, reader.person, wanted)
    if also_morning:
        staff_letters.forget(connection, reader.person, items, now)
        return _without_old_news(wanted, new) if new else ()
    return new


def _without_old_news(wanted: tuple[DeskItem, ...], new: tuple[DeskItem, ...]) -> tuple[DeskItem, ...]:
    """What waits for an operator is told again as long as it waits; what has only happened is told once."""
    return tuple(each for each in wanted if each in new or each.waits)
