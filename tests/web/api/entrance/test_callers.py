"""No door of the API opens without a live key, and nothing is learnt by trying."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, select

from store.access.api_keys import Scope, keys_of, revoke
from store.tables import api_key
from tests import cast
from tests.cast import PROGRAMME
from tests.web.api.api_client import a_key, asking, caller, calling, once
from tests.web.api.problem_checks import fields, is_a_problem
from tests.web.house import Visited, visited


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visited]:
    """One for all of them: nothing that is refused leaves a trace in it, or the next test would see it."""
    async with visited(tmp_path_factory.mktemp("refusals"), cast.policy("accelerator")) as opened:
        yield opened


@pytest.fixture
async def api(house: Visited) -> httpx2.AsyncClient:
    return await caller(house)


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Visited]:
    """For those that change something after all."""
    async with visited(tmp_path, cast.policy("accelerator")) as opened:
        yield opened


@pytest.mark.parametrize("key", [None, "", " ", "a" * 201, "a" * 256, "a\x01b", "ä", "\t"])
async def test_an_idempotency_key_that_is_none(house: Visited, api: httpx2.AsyncClient, key: str | None) -> None:
    headers: list[tuple[bytes, bytes]] = [] if key is None else [(b"idempotency-key", key.encode())]
    answer = await api.post("/introductions", json=asking(), headers=headers)
    assert fields(await is_a_problem(house, answer, 422))[0][0] == "Idempotency-Key"


async def test_two_idempotency_keys(house: Visited, api: httpx2.AsyncClient) -> None:
    headers = [("idempotency-key", "a"), ("idempotency-key", "b")]
    await is_a_problem(house, await api.post("/introductions", json=asking(), headers=headers), 400)


async def test_every_door_without_a_key_looks_alike(house: Visited, api: httpx2.AsyncClient) -> None:
    good = await a_key(house)
    expired = await a_key(house, days=1)
    revoked = await a_key(house)
    house.clock.passes(timedelta(days=2))
    prefix = revoked[: revoked.index("_", 5)]
    await house.database.write(lambda connection: _revoke(connection, prefix, house.clock()))
    texts = set()
    for raw in (
        expired,
        revoked,
        good[:-1],
        good + "a",
        good[:13],
        "",
        "ibk_",
        good.upper(),
        "ibk_00000000_" + "a" * 43,
    ):
        answer = await calling(house, raw).get("/introductions")
        assert answer.headers["www-authenticate"] == "Bearer"
        await is_a_problem(house, answer, 401)
        texts.add(answer.text)
    for given in (f"Basic {good}", good, "Bearer", f"Bearer  {good} x"):
        answer = await house.stranger().get("/api/v1/introductions", headers={"authorization": given})
        await is_a_problem(house, answer, 401)
        texts.add(answer.text)
    assert len(texts) == 1
    assert (await calling(house, good).get("/introductions")).status_code == 200


async def test_two_authorizations_are_none(house: Visited) -> None:
    good = await a_key(house)
    twice = [("authorization", f"Bearer {good}"), ("authorization", f"Bearer {good}")]
    answer = await house.stranger().get("/api/v1/introductions", headers=twice)
    await is_a_problem(house, answer, 401)


async def test_no_key_is_ever_kept_as_it_is(house: Visited) -> None:
    raw = await a_key(house)
    rows = await house.database.read(lambda connection: connection.execute(select(api_key)).all())
    assert raw.split("_", 2)[2] not in str(rows)
    kept = await house.database.read(lambda connection: keys_of(connection, PROGRAMME))
    (found,) = [key for key in kept if raw.startswith(key.prefix)]
    assert found.scopes == {Scope.READ, Scope.WRITE}


async def test_who_asks_too_much_is_told_when_to_come_back(alone: Visited) -> None:
    api = await caller(alone)
    for _ in range(60):
        await api.post("/introductions", json={}, headers=once())
    answer = await api.post("/introductions", json=asking(), headers=once())
    await is_a_problem(alone, answer, 429)
    assert answer.headers["retry-after"] == "60"
    assert (await api.get("/introductions")).status_code == 200
    alone.clock.passes(timedelta(seconds=60))
    assert (await api.post("/introductions", json=asking(), headers=once())).status_code == 201


async def test_guessing_keys_is_slowed_down(alone: Visited) -> None:
    stranger = calling(alone, "ibk_00000000_" + "a" * 43)
    answers = [await stranger.get("/introductions") for _ in range(61)]
    assert [answer.status_code for answer in answers] == [401] * 60 + [429]


def _revoke(connection: Connection, prefix: str, now: Any) -> None:
    (found,) = [key for key in keys_of(connection, PROGRAMME) if key.prefix == prefix]
    assert revoke(connection, PROGRAMME, found.id, now)
    assert not revoke(connection, PROGRAMME, found.id, now)
