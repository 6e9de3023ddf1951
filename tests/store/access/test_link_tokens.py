"""A link opens what it was made for, for as long as it should, and nothing else."""

import base64
import random
import string
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from models.ids import AskNumber, IntroductionId
from store.access import link_tokens
from store.engine.database import Database, database
from store.tables import token
from tests.cast import MONDAY, ROSA, STAN, policy
from tests.support import rows
from tests.support.services.databases import Place

DAY = timedelta(days=1)
GUESSES = 100_000


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        await opened.write(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
        yield opened


def an_ask_link(connection: Connection) -> str:
    return link_tokens.mint(
        connection,
        "ask",
        ROSA.id,
        now=MONDAY,
        expires_at=MONDAY + DAY,
        introduction=IntroductionId("int_1"),
        ask=AskNumber(2),
        version=1,
    )


def a_way_in(connection: Connection) -> str:
    return link_tokens.mint(connection, "sign_in", ROSA.id, now=MONDAY, expires_at=MONDAY + DAY)


async def test_a_link_opens_the_ask_it_was_made_for(store: Database) -> None:
    raw = await store.write(an_ask_link)
    found = await store.read(lambda connection: link_tokens.find(connection, raw, "ask"))
    assert found
    assert (found.person, found.introduction, found.ask, found.version) == (ROSA.id, "int_1", 2, 1)


async def test_a_link_opens_nothing_of_another_purpose(store: Database) -> None:
    raw = await store.write(an_ask_link)
    assert await store.read(lambda connection: link_tokens.find(connection, raw, "forwarded")) is None
    assert await store.read(lambda connection: link_tokens.find(connection, raw, "sign_in")) is None
    assert await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY)) is None


async def test_a_link_with_any_bit_flipped_opens_nothing(store: Database) -> None:
    raw = await store.write(an_ask_link)
    plain = base64.urlsafe_b64decode(raw)
    flipped = [
        base64.urlsafe_b64encode(bytes(byte ^ (1 << bit) if n == place else byte for n, byte in enumerate(plain)))
        for place in range(len(plain))
        for bit in range(8)
    ]

    def any_found(connection: Connection) -> bool:
        return any(link_tokens.find(connection, each.decode(), "ask") for each in flipped)

    assert len(flipped) >= 128
    assert not await store.read(any_found)


@pytest.mark.parametrize("spoilt", [".", ">", " ", "=", "\n", "%20", "\ud800"])
async def test_a_link_with_something_added_opens_nothing(store: Database, spoilt: str) -> None:
    raw = await store.write(an_ask_link)
    assert await store.read(lambda connection: link_tokens.find(connection, raw + spoilt, "ask")) is None
    assert await store.read(lambda connection: link_tokens.find(connection, raw.upper() + "x", "ask")) is None


async def test_no_guess_ever_hits(store: Database) -> None:
    raw = await store.write(an_ask_link)
    letters = string.ascii_letters + string.digits + "-_"
    guesses = ["".join(random.choices(letters, k=len(raw))) for _ in range(GUESSES)]

    def hits(connection: Connection) -> set[str]:
        known = set(connection.execute(select(token.c.hash)).scalars())
        return {each for each in guesses if link_tokens.token_hash(each) in known}

    assert await store.read(hits) == set()


async def test_the_store_holds_no_link_that_opens(store: Database) -> None:
    raw = await store.write(an_ask_link)
    kept = await store.read(lambda connection: connection.execute(select(token)).one())
    assert raw not in str(tuple(kept))
    assert await store.read(lambda connection: link_tokens.find(connection, kept.hash, "ask")) is None


async def test_no_two_links_are_alike_and_each_is_long_enough(store: Database) -> None:
    made = {await store.write(an_ask_link) for _ in range(50)}
    assert len(made) == 50
    assert all(len(base64.urlsafe_b64decode(each)) * 8 >= 128 for each in made)


async def test_an_expired_link_is_still_known_for_what_it_was(store: Database) -> None:
    raw = await store.write(an_ask_link)
    found = await store.read(lambda connection: link_tokens.find(connection, raw, "ask"))
    assert found
    assert not found.has_expired(MONDAY)
    assert found.has_expired(MONDAY + DAY)


async def test_a_way_in_works_once(store: Database) -> None:
    raw = await store.write(a_way_in)
    first = await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY))
    again = await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY))
    assert first
    assert (first.person, again) == (ROSA.id, None)


async def test_a_way_in_ends(store: Database) -> None:
    raw = await store.write(a_way_in)
    assert await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY + DAY)) is None


async def test_nobody_else_comes_in_by_it(store: Database) -> None:
    raw = await store.write(a_way_in)
    found = await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY))
    assert found
    assert found.person != STAN.id


async def test_using_one_way_in_up_leaves_every_other_link_as_it_was(store: Database) -> None:
    raw, another = await store.write(a_way_in), await store.write(a_way_in)
    assert await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY))
    assert await store.write(lambda connection: link_tokens.use(connection, another, MONDAY))


async def test_a_link_to_an_ask_is_not_used_up_as_a_way_in(store: Database) -> None:
    raw = await store.write(an_ask_link)
    assert await store.write(lambda connection: link_tokens.use(connection, raw, MONDAY)) is None
    used = await store.read(lambda connection: connection.execute(select(token.c.used_at)).scalars().all())
    assert list(used) == [None]
