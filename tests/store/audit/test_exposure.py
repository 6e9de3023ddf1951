"""A relay, a public address, real people: an installation that has had one is known for it, by every process."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, insert, select, update

import policies
from store.access import sessions
from store.audit import exposure
from store.audit.exposure import Exposure
from store.engine.database import Database, database
from store.privacy import retention
from store.sample import world
from store.tables import channel, known_as, letter, membership, person
from store.tables import exposure as marks
from tests.cast import MONDAY, OLIVE, ROSA, policy
from tests.support import rows
from tests.support.services.databases import Place

NOTHING: frozenset[Exposure] = frozenset()
RELAY = frozenset({Exposure.RELAY})


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        yield opened


async def test_a_sample_world_and_people_who_can_be_written_to_nowhere_expose_nothing(store: Database) -> None:
    await store.write(lambda connection: world.seed(connection, policies.shipped("demo"), MONDAY))
    await store.write(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
    await store.write(lambda connection: somebody(connection, "dana@programme.example.org"))
    assert await store.read(exposure.found) == NOTHING
    assert await store.read(lambda connection: exposure.lacking(connection, NOTHING)) == NOTHING


@pytest.mark.parametrize("address", ["dana@work.com", "dana@example.com.org", "dana@latest", "dana@notexample.org", ""])
async def test_somebody_on_file_who_may_exist_is_a_real_person(store: Database, address: str) -> None:
    await store.write(lambda connection: world.seed(connection, policies.shipped("demo"), MONDAY))
    await store.write(lambda connection: somebody(connection, address))
    assert await store.read(exposure.found) == {Exposure.PEOPLE}


async def test_one_real_address_beside_a_fictional_one_is_enough(store: Database) -> None:
    await store.write(lambda connection: somebody(connection, "dana@programme.test"))
    await store.write(lambda connection: reached(connection, "dana@work.com", "cha_more"))
    assert await store.read(exposure.found) == {Exposure.PEOPLE}


async def test_whom_a_connectors_own_export_names_is_real_without_an_address(store: Database) -> None:
    await store.write(lambda connection: somebody(connection, "", joins=False))
    assert await store.read(exposure.found) == NOTHING, "only named by somebody"
    key = {"tenant": rows.TENANT, "key": "linkedin in/dana", "person": "per_dana", "said": {}}
    await store.write(lambda connection: connection.execute(insert(known_as).values(key)))
    assert await store.read(exposure.found) == {Exposure.PEOPLE}


async def test_playing_in_the_sample_world_exposes_nothing(store: Database) -> None:
    """Rosa asks to meet somebody by name, and a connector gives whatever address comes to their mind."""
    await store.write(lambda connection: world.seed(connection, policies.shipped("demo"), MONDAY))
    await store.write(lambda connection: somebody(connection, "dana@work.com", joins=False))
    assert await store.read(exposure.found) == NOTHING


async def test_what_was_told_is_remembered_once_and_never_taken_back(store: Database) -> None:
    await store.write(lambda connection: exposure.remember(connection, RELAY, MONDAY))
    for told in (RELAY, NOTHING, frozenset({Exposure.PUBLIC})):
        await store.write(lambda connection, told=told: exposure.remember(connection, told, MONDAY + timedelta(1)))  # type: ignore[misc]
    assert await store.read(exposure.found) == {Exposure.RELAY, Exposure.PUBLIC}
    first = select(marks.c.at).where(marks.c.kind == "relay")
    assert await store.read(lambda connection: connection.execute(first).scalar_one()) == MONDAY


async def test_processes_that_start_at_once_leave_one_mark(place: Place) -> None:
    async def start() -> None:
        async with database(place.url, durable=False) as own:
            await own.write(lambda connection: exposure.remember(connection, RELAY, MONDAY))

    await asyncio.gather(*(start() for _ in range(6)))
    assert await asyncio.to_thread(place.run, exposure.found) == RELAY


async def test_the_first_mark_signs_everybody_out_and_no_other_does(store: Database) -> None:
    await store.write(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))

    async def signed_in() -> str:
        return await store.write(lambda connection: sessions.begin(connection, OLIVE.id, MONDAY))

    before = await signed_in()
    await store.write(lambda connection: exposure.remember(connection, NOTHING, MONDAY))
    assert await store.read(lambda connection: sessions.holder(connection, before, MONDAY)) == OLIVE.id
    await store.write(lambda connection: exposure.remember(connection, RELAY, MONDAY))
    assert await store.read(lambda connection: sessions.holder(connection, before, MONDAY)) is None
    after = await signed_in()
    await store.write(lambda connection: exposure.remember(connection, frozenset({Exposure.PUBLIC}), MONDAY))
    assert await store.read(lambda connection: sessions.holder(connection, after, MONDAY)) == OLIVE.id


async def test_what_an_older_version_sent_through_a_relay_is_seen(store: Database) -> None:
    await store.write(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
    await store.write(lambda connection: sessions.ask_for_link(connection, (ROSA.id,), MONDAY))
    await store.write(lambda connection: connection.execute(update(letter).values(relay_said="on the mail page")))
    assert await store.read(lambda connection: exposure.lacking(connection, NOTHING)) == NOTHING
    taken = "250 2.0.0 at the final dot"
    await store.write(lambda connection: connection.execute(update(letter).values(relay_said=taken)))
    assert await store.read(lambda connection: exposure.lacking(connection, NOTHING)) == RELAY


async def test_that_real_people_were_here_outlives_them(store: Database) -> None:
    await store.write(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
    await store.write(lambda connection: somebody(connection, "dana@work.com"))
    await store.write(lambda connection: retention.keep(connection, MONDAY))
    await store.write(lambda connection: connection.execute(update(person).values(erased_at=MONDAY)))
    assert await store.read(exposure.found) == {Exposure.PEOPLE}


async def test_no_sample_is_put_into_what_was_public(store: Database) -> None:
    await store.write(lambda connection: exposure.remember(connection, frozenset({Exposure.PUBLIC}), MONDAY))
    assert not await store.write(lambda connection: world.seed(connection, policies.shipped("demo"), MONDAY))
    assert await store.read(lambda c: c.execute(select(func.count()).select_from(person)).scalar_one()) == 0


def somebody(connection: Connection, address: str, *, joins: bool = True) -> None:
    """Dana, who is reached under this address, if under any."""
    own = {"id": "per_dana", "tenant": rows.TENANT, "name": "Dana", "language": "en", "zone": "UTC", "salt": "salt"}
    connection.execute(insert(person).values(own | {"topics": [], "places": [], "created_at": MONDAY}))
    if joins:
        _join(connection)
    if address:
        reached(connection, address, "cha_dana")


def reached(connection: Connection, address: str, name: str) -> None:
    how = {"id": name, "person": "per_dana", "kind": "email", "value": address, "match_key": address}
    connection.execute(insert(channel).values(how | {"source": "a test", "created_at": MONDAY}))


def _join(connection: Connection) -> None:
    from store.tables import programme

    where = connection.execute(select(programme.c.id).limit(1)).scalar_one_or_none()
    if where is None:
        where = "prg_spring"
        own = {"id": where, "tenant": rows.TENANT, "name": "Spring", "language": "en", "zone": "UTC"}
        connection.execute(insert(programme).values(own | {"created_at": MONDAY}))
    rights = {"listed": True, "requests": False, "operates": False, "joined_at": MONDAY}
    connection.execute(insert(membership).values(programme=where, person="per_dana", **rights))
