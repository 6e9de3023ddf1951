"""A mailbox that wants no letters is left alone, however its address is spelt and whatever key was in use."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import select

from store.boundaries import suppressions
from store.engine.database import Database, database
from store.engine.secrets import Keys
from store.tables import suppression
from tests.cast import MONDAY
from tests.support.services.databases import Place

OLD, NEW = Keys([("old", b"o" * 32)]), Keys([("new", b"n" * 32), ("old", b"o" * 32)])
HERE, THERE = "ten_spring", "ten_autumn"


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        yield opened


async def suppressed(store: Database, address: str, tenant: str = HERE, keys: Keys = OLD) -> bool:
    found = await store.read(lambda connection: suppressions.reason(connection, keys, tenant, address))
    return found is not None


async def suppress(store: Database, address: str, reason: suppressions.SuppressedFor = "opt_out") -> None:
    await store.write(lambda connection: suppressions.add(connection, OLD, HERE, address, reason, MONDAY))


@pytest.mark.parametrize(
    "spelt", ["Rosa@Example.Test", "rosa+news@example.test", "rosa＠example.test", " rosa@example.test "]
)
async def test_every_spelling_of_a_suppressed_mailbox_is_suppressed(store: Database, spelt: str) -> None:
    await suppress(store, "rosa@example.test")
    assert await suppressed(store, spelt)


async def test_nobody_else_is(store: Database) -> None:
    await suppress(store, "rosa@example.test")
    assert not await suppressed(store, "rosalind@example.test")
    assert not await suppressed(store, "rosa@example.test", THERE)


async def test_it_outlives_the_key_it_was_made_with_and_holds_no_address(store: Database) -> None:
    await suppress(store, "rosa@example.test")
    assert await suppressed(store, "rosa@example.test", keys=NEW)
    kept = await store.read(lambda connection: connection.execute(select(suppression)).one())
    assert "rosa" not in str(tuple(kept))


async def test_said_twice_is_said_once(store: Database) -> None:
    await suppress(store, "rosa@example.test", "erased")
    await suppress(store, "rosa@example.test", "opt_out")
    assert await store.read(lambda c: suppressions.reason(c, OLD, HERE, "rosa@example.test")) == "erased"


async def test_only_what_somebody_said_themselves_is_lifted_for_them(store: Database) -> None:
    await suppress(store, "rosa@example.test", "opt_out")
    await suppress(store, "carl@example.test", "erased")
    for address in ("rosa@example.test", "carl@example.test"):
        await store.write(partial(suppressions.lift, keys=NEW, tenant=HERE, address=address, reason="opt_out"))
    assert not await suppressed(store, "rosa@example.test")
    assert await suppressed(store, "carl@example.test")
