"""A request by a key acts once, however often it is sent."""

import asyncio

import httpx2

from tests.web.api.api_client import asking, many, once, other_programme
from tests.web.house import Visited


async def test_after_a_fault_the_same_key_may_come_again_mended(api: httpx2.AsyncClient) -> None:
    key = once()
    assert (await api.post("/introductions", json=asking(note=""), headers=key)).status_code == 422
    assert (await api.post("/introductions", json=asking(), headers=key)).status_code == 201


async def test_the_same_key_and_body_give_the_same_answer_and_one_introduction(
    house: Visited, api: httpx2.AsyncClient
) -> None:
    key = once()
    first = await api.post("/introductions", json=asking(), headers=key)
    again = await api.post("/introductions", json=asking(), headers=key)
    assert (again.status_code, again.text) == (201, first.text)
    assert again.headers["idempotency-replayed"] == "true"
    assert [again.headers[name] for name in ("etag", "location")] == [
        first.headers[name] for name in ("etag", "location")
    ]
    assert await many(house) == 1


async def test_the_same_key_with_another_body_is_refused(house: Visited, api: httpx2.AsyncClient) -> None:
    key = once()
    await api.post("/introductions", json=asking(), headers=key)
    other = await api.post("/introductions", json=asking(offer="Something else"), headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:introbroker:problem:key_reused")
    assert await many(house) == 1


async def test_fifty_at_once_with_one_key_make_one_introduction(house: Visited, api: httpx2.AsyncClient) -> None:
    key = once()
    answers = await asyncio.gather(*(api.post("/introductions", json=asking(), headers=key) for _ in range(50)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert await many(house) == 1
    assert len(house.engine.states) == 1


async def test_two_programs_asking_for_one_pair_make_one_introduction(house: Visited, api: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(*(api.post("/introductions", json=asking(), headers=once()) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 7
    assert await many(house) == 1


async def test_one_programmes_idempotency_key_is_nothing_to_another(house: Visited, api: httpx2.AsyncClient) -> None:
    key = once()
    await api.post("/introductions", json=asking(), headers=key)
    other = await other_programme(house)
    assert (await other.post("/introductions", json=asking(), headers=key)).status_code == 404
