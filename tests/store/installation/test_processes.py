"""Processes are known while they are heard of, by what each was told and how far its clock is off."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from store.engine.database import Database, database
from store.installation import processes
from store.installation.processes import GONE_AFTER, Process, Told
from store.tables import process
from tests.support.services.databases import Place

TOLD = Told(public_url="http://127.0.0.1:8700", keys=("a", "b"), namespace="here", version="1", clock_law="2026a")
WEB = Process(name="one", kind="web", machine="host:1", pid=7, began=None, told=TOLD)
MAILROOM = WEB.model_copy(update={"name": "two", "kind": "mailroom", "began": 2**40})


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        yield opened


def now() -> datetime:
    return datetime.now(UTC)


async def running(store: Database) -> list[Process]:
    found = await store.read(lambda connection: processes.running(connection, now))
    return [each.model_copy(update={"ahead": timedelta()}) for each in found]


async def test_each_is_known_as_it_was_told_until_it_leaves(store: Database) -> None:
    await store.write(lambda connection: processes.beat(connection, WEB, now))
    others = await store.write(lambda connection: processes.beat(connection, MAILROOM, now))
    assert [each.name for each in others] == ["one", "two"]
    assert await running(store) == [WEB, MAILROOM]
    moved = WEB.model_copy(update={"told": TOLD.model_copy(update={"version": "2"})})
    await store.write(lambda connection: processes.beat(connection, moved, now))
    assert await running(store) == [moved, MAILROOM]
    await store.write(lambda connection: processes.leave(connection, ["one"]))
    assert await running(store) == [MAILROOM]


async def test_who_is_not_heard_of_is_gone_and_in_time_forgotten(store: Database) -> None:
    def long_ago(connection: Connection, ago: timedelta) -> None:
        connection.execute(update(process).where(process.c.name == "one").values(at=now() - ago))

    await store.write(lambda connection: processes.beat(connection, WEB, now))
    await store.write(lambda connection: long_ago(connection, GONE_AFTER + timedelta(seconds=5)))
    assert await running(store) == []
    await store.write(lambda connection: processes.beat(connection, WEB, now))
    assert await running(store) == [WEB]
    await store.write(lambda connection: long_ago(connection, 11 * GONE_AFTER))
    await store.write(lambda connection: processes.beat(connection, MAILROOM, now))
    many = select(func.count()).select_from(process)
    assert await store.read(lambda connection: connection.execute(many).scalar_one()) == 1


async def test_a_clock_that_is_off_shows_beside_postgresql(store: Database, place: Place) -> None:
    await store.write(lambda connection: processes.beat(connection, WEB, lambda: now() + timedelta(seconds=7)))
    found = await store.read(lambda connection: processes.running(connection, lambda: now() + timedelta(seconds=7)))
    off = round(found[0].ahead.total_seconds())
    assert off == (7 if place.kind == "postgresql" else 0), "beside SQLite everybody has the same clock"


async def test_what_a_newer_version_tells_more_is_passed_over(store: Database) -> None:
    await store.write(lambda connection: processes.beat(connection, WEB, now))
    more = TOLD.model_dump_json()[:-1] + ', "mood": "fine"}'
    await store.write(lambda connection: connection.execute(update(process).values(told=more)))
    assert await running(store) == [WEB]


async def test_a_beat_from_the_future_is_nobodys(store: Database) -> None:
    """A clock that was wrong and has been set back: whoever starts now is kept out by no one who is not there."""
    await store.write(lambda connection: processes.beat(connection, WEB, lambda: now() + timedelta(minutes=5)))
    await store.write(lambda connection: connection.execute(update(process).values(at=now() + timedelta(minutes=5))))
    assert await running(store) == []
    assert await store.write(lambda connection: processes.beat(connection, WEB, now))
    assert await running(store) == [WEB]
