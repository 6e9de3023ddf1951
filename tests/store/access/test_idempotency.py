"""A request is answered once, and never left unanswered because a process died over it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from store.access.idempotency import GIVEN_UP, Answered, Claimed, InFlight, OtherBody, claim, release, settle
from store.engine.database import Database, database
from tests.cast import MONDAY
from tests.support.services.databases import Place

BODY, OTHER = "a" * 64, "b" * 64


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        yield opened


async def claimed(store: Database, body: str = BODY, key: str = "k", scope: str = "prg_one", at: Any = MONDAY) -> Any:
    return await store.write(partial(claim, scope=scope, key=key, body_hash=body, now=at))


async def test_the_first_claims_and_the_others_wait(store: Database) -> None:
    answers = await asyncio.gather(*(claimed(store) for _ in range(20)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Claimed"] + ["InFlight"] * 19


async def test_what_was_settled_is_answered_again(store: Database) -> None:
    await claimed(store)
    await store.write(partial(settle, scope="prg_one", key="k", status=201, response="{}"))
    assert await claimed(store) == Answered(status=201, response="{}")
    assert await claimed(store, body=OTHER) == OtherBody()


async def test_another_scope_is_another_request(store: Database) -> None:
    await claimed(store)
    assert await claimed(store, scope="prg_two", body=OTHER) == Claimed()


async def test_who_died_over_it_is_given_up(store: Database) -> None:
    await claimed(store)
    assert await claimed(store, at=MONDAY + GIVEN_UP - timedelta(seconds=1)) == InFlight()
    assert await claimed(store, body=OTHER, at=MONDAY + GIVEN_UP) == OtherBody()
    assert await claimed(store, at=MONDAY + GIVEN_UP) == Claimed()
    assert await claimed(store, at=MONDAY + GIVEN_UP) == InFlight()


async def test_what_was_released_can_be_claimed_with_another_body(store: Database) -> None:
    await claimed(store)
    await store.write(partial(release, scope="prg_one", key="k"))
    assert await claimed(store, body=OTHER) == Claimed()


async def test_an_answer_is_never_released(store: Database) -> None:
    await claimed(store)
    await store.write(partial(settle, scope="prg_one", key="k", status=201, response="{}"))
    await store.write(partial(release, scope="prg_one", key="k"))
    assert await claimed(store) == Answered(status=201, response="{}")


async def test_a_transaction_that_fails_leaves_no_claim(store: Database) -> None:
    def fails(connection: Connection) -> None:
        claim(connection, "prg_one", "k", BODY, MONDAY)
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        await store.write(fails)
    assert await claimed(store, body=OTHER) == Claimed()
