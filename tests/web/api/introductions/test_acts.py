"""A program ends, holds and changes an introduction, as far as its requester may know."""

from datetime import timedelta

import httpx2
import pytest

from models.ids import IntroductionId
from store.access.api_keys import Scope
from tests import cast
from tests.web.api.api_client import caller, made, once
from tests.web.house import Visited


async def test_a_withdrawal_ends_it_once(house: Visited, api: httpx2.AsyncClient) -> None:
    body = await made(api)
    where, key = f"/introductions/{body['id']}/withdrawal", once()
    first = await api.post(where, headers=key)
    again = await api.post(where, json={}, headers=key)
    assert (first.status_code, first.json()["verdict"]) == (200, "taken")
    assert (again.status_code, again.text) == (200, first.text)
    late = await api.post(where, headers=once())
    assert (late.status_code, late.json()["type"]) == (409, "urn:introbroker:problem:closed")
    assert (await api.get(f"/introductions/{body['id']}")).json()["stage"] == "closed"


async def test_a_stop_is_told_to_the_requester_at_the_promised_time_only(
    house: Visited, api: httpx2.AsyncClient
) -> None:
    body = await made(api)
    stopped = await api.post(f"/introductions/{body['id']}/stop", headers=once())
    assert stopped.json()["verdict"] == "taken"
    assert (await api.get(f"/introductions/{body['id']}")).json() == body
    house.clock.now = cast.MONDAY + timedelta(days=30)
    for _ in range(4):  # their own question is still theirs: its reminder, its deadline, then the promise
        await house.engine.time_passes(IntroductionId(body["id"]))
    assert (await api.get(f"/introductions/{body['id']}")).json()["stage"] == "closed"


async def test_a_hold_and_its_end_are_each_taken_once(house: Visited, api: httpx2.AsyncClient) -> None:
    body = await made(api)
    path, key = f"/introductions/{body['id']}", once()
    taken = [await api.post(f"{path}/hold", headers=key) for _ in range(2)]
    assert [answer.json()["verdict"] for answer in taken] == ["taken"] * 2
    assert house.engine.states[IntroductionId(body["id"])].held_at
    assert (await api.post(f"{path}/hold", headers=once())).status_code == 409
    assert (await api.get(path)).json() == body | {"may": ["edit", "withdrawal", "stop", "resume"]}
    assert (await api.post(f"{path}/resume", headers=once())).json()["verdict"] == "taken"
    assert not house.engine.states[IntroductionId(body["id"])].held_at


async def test_what_a_key_may_do_is_what_is_taken_of_it(house: Visited, api: httpx2.AsyncClient) -> None:
    body = await made(api)
    path = f"/introductions/{body['id']}"
    assert body["may"] == ["edit", "withdrawal", "stop", "hold"]
    listed = (await api.get("/introductions")).json()["introductions"]
    assert [each["may"] for each in listed] == [body["may"]]
    reading = await caller(house, (Scope.READ,))
    assert (await reading.get(path)).json()["may"] == [], "a key that may not write may do nothing"
    assert (await api.post(f"{path}/resume", headers=once())).status_code == 409
    for act in ("hold", "stop", "withdrawal"):
        assert act in (await api.get(path)).json()["may"]
        assert (await api.post(f"{path}/{act}", headers=once())).status_code == 200
    assert (await api.get(path)).json()["may"] == []
    assert (await api.post(f"{path}/stop", headers=once())).status_code == 409


async def test_a_request_at_the_door_may_be_taken_back(house: Visited, api: httpx2.AsyncClient) -> None:
    house.engine.away = True
    assert (await made(api))["may"] == ["edit", "withdrawal", "stop", "hold"]


async def test_new_words_are_confirmed_first_and_match_the_version_read(
    house: Visited, api: httpx2.AsyncClient
) -> None:
    body = await made(api)
    path = f"/introductions/{body['id']}"
    read = (await api.get(path)).headers["etag"]
    note = "Tomoko, the valve of yours I read about is the one part of my pump that has never failed in the rain."
    assert (await api.patch(path, json={"note": note}, headers=once())).status_code == 428  # over which version?
    edited = await api.patch(path, json={"note": note}, headers=once() | {"if-match": read})
    assert edited.json()["verdict"] == "taken"
    state = house.engine.states[IntroductionId(body["id"])]
    assert (state.version, [ask.kind for ask in state.open_asks()]) == (2, ["confirm"])
    stale = await api.patch(path, json={"note": note + " Truly."}, headers=once() | {"if-match": read})
    assert (stale.status_code, stale.json()["type"]) == (412, "urn:introbroker:problem:changed")
    newer = {"if-match": (await api.get(path)).headers["etag"]}
    again = await api.patch(path, json={"note": "{{name}}"}, headers=once() | newer)
    assert [error["name"] for error in again.json()["errors"]] == ["placeholder"]
    assert (await api.patch(path, json={"note": note}, headers=once() | newer)).status_code == 422
    assert (await api.patch(path, json={"state": "closed"}, headers=once() | newer)).status_code == 422
    assert house.engine.states[IntroductionId(body["id"])] == state


@pytest.mark.parametrize("away", [False, True], ids=["heard", "recorded"])
async def test_a_change_sent_again_has_the_etag_of_its_words_again(
    house: Visited, api: httpx2.AsyncClient, away: bool
) -> None:
    """Whoever lost the answer on the way can write over these words too."""
    path, key = f"/introductions/{(await made(api))['id']}", once() | {"if-match": '"1"'}
    house.engine.away = away
    note = "Tomoko, the valve of yours I read about is the one part of my pump that has never failed in the rain."
    sent = [await api.patch(path, json={"note": note}, headers=key) for _ in range(3)]
    assert {each.headers["etag"] for each in sent} == {(await api.get(path)).headers["etag"]} == {'"2"'}
    assert len({each.headers.get("location") for each in sent}) == 1
    assert [each.headers.get("idempotency-replayed") for each in sent] == [None, "true", "true"]
    withdrawal = once()
    for _ in range(2):
        assert "etag" not in (await api.post(f"{path}/withdrawal", headers=withdrawal)).headers


async def test_what_nobody_hears_is_recorded(house: Visited, api: httpx2.AsyncClient) -> None:
    body = await made(api)
    house.engine.away = True
    key = once()
    answers = [await api.post(f"/introductions/{body['id']}/withdrawal", headers=key) for _ in range(2)]
    assert [(answer.status_code, answer.json()["verdict"]) for answer in answers] == [(202, "recorded")] * 2
