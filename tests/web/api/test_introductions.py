"""Can a program start an introduction and follow it as far as its requester may know, and no further?"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, func, insert, select

from models.ids import ChannelId, IntroductionId, ProgrammeId
from models.news import Declined, RequestConfirmed
from store import outbox
from store.keys import Scope
from store.letters import Facts, facts
from store.tables import introduction, letter, person, policy, programme, tie
from tests import cast, rows
from tests.cast import CARL, ROSA, STAN, TOMOKO
from tests.databases import Place
from tests.saying import approves, declines, opts_in
from tests.web.api.calling import asking, caller, once
from tests.web.house import Visited, visited


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    rules = cast.policy("accelerator", {"screening": None, "requester.new_asks": 90, "requester.open_asks": 90})
    async with visited(tmp_path, rules, place=place) as opened:
        yield opened


@pytest.fixture
async def api(house: Visited) -> httpx2.AsyncClient:
    return await caller(house)


async def made(api: httpx2.AsyncClient, **changed: Any) -> dict[str, Any]:
    answer = await api.post("/introductions", json=asking(**changed), headers=once())
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def many(house: Visited) -> int:
    count = select(func.count()).select_from(introduction)
    return await house.database.read(lambda connection: connection.execute(count).scalar_one())


async def test_a_request_by_key_is_put_to_its_requester_first(house: Visited, api: httpx2.AsyncClient) -> None:
    answer = await api.post("/introductions", json=asking(), headers=once())
    body = answer.json()
    assert (answer.status_code, body["stage"], body["made_by"]) == (201, "in_progress", "key")
    assert body["target"] == TOMOKO.id
    assert answer.headers["location"] == f"/api/v1/introductions/{body['id']}"
    state = house.engine.states[IntroductionId(body["id"])]
    assert state.stage.kind == "confirming"
    assert [ask.person for ask in state.asks] == [ROSA.id]


async def test_one_and_the_list_show_the_same(api: httpx2.AsyncClient) -> None:
    body = await made(api)
    assert (await api.get(f"/introductions/{body['id']}")).json() == body
    assert (await api.get("/introductions")).json() == {"introductions": [body], "next": None}


async def test_somebody_outside_and_a_need_read_as_they_were_written(api: httpx2.AsyncClient) -> None:
    outside = {"name": "Ada King", "organisation": "Analytical Engines"}
    assert (await made(api, target=outside))["target"] == outside
    need = {"need": "Somebody who has sealed a valve in the cold"}
    assert (await made(api, target=need, note="I look for hands that know cold seals.", why=""))["target"] == need


async def test_whether_somebody_outside_is_on_file_never_shows(house: Visited, api: httpx2.AsyncClient) -> None:
    """Twins that differ only in that we know one of them: the answer, the list and the requester's letter are alike."""
    await house.database.write(lambda connection: _on_file(connection, "Ada King", "Analytical Engines Inc."))
    told = []
    for name, note in (("ada king", "How do you keep frost out of a shallow well?"), ("zoe king", "May I send seals?")):
        body = await made(api, target={"name": name, "organisation": "Analytical engines"}, note=note)
        told.append((body, await house.database.read(partial(_confirmation, introduction_id=body["id"]))))
    (known, letter_of_known), (new, letter_of_new) = told
    assert known["target"] == {"name": "Ada King", "organisation": "Analytical engines"}
    assert {name: type(value) for name, value in known.items()} == {name: type(value) for name, value in new.items()}
    for face in (letter_of_known.target, letter_of_new.target):
        assert face
        assert (face.headline, face.organisation, face.places) == ("", "Analytical engines", ())
    assert letter_of_known.target
    assert letter_of_known.target.id == "per_on_file"


async def test_all_faults_come_at_once_by_field(house: Visited, api: httpx2.AsyncClient) -> None:
    broken = asking(note="Hi {{name}}", why=" ", target={"name": "A\r\nBcc: e@z.test", "organisation": "x"})
    answer = await api.post("/introductions", json=broken, headers=once())
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    found = [(error["field"], error["name"]) for error in answer.json()["errors"]]
    assert found == [("target.name", "unreadable"), ("why", "missing"), ("note", "placeholder")]
    assert await many(house) == 0


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


async def test_while_temporal_is_away_requests_are_taken_and_left_to_the_sweep(
    house: Visited, api: httpx2.AsyncClient
) -> None:
    house.engine.away = True
    body = await made(api)
    started = select(introduction.c.started_at)
    assert await house.database.read(lambda connection: connection.execute(started).scalar_one()) is None
    assert (await api.get(f"/introductions/{body['id']}")).json()["stage"] == "in_progress"


async def test_a_taken_request_is_marked_as_started(house: Visited, api: httpx2.AsyncClient) -> None:
    await made(api)
    started = select(introduction.c.started_at)
    assert await house.database.read(lambda connection: connection.execute(started).scalar_one()) == house.clock()


@pytest.mark.parametrize("field", ["requester", "target"])
async def test_people_who_are_not_there_are_all_the_same(api: httpx2.AsyncClient, field: str) -> None:
    answers = [
        await api.post("/introductions", json=asking(**{field: who}), headers=once())
        for who in ("per_nobody", STAN.id if field == "target" else "per_elsewhere")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert answers[0].json()["errors"][0]["field"] == field


async def test_events_tell_progress_and_never_who_refused(house: Visited, api: httpx2.AsyncClient) -> None:
    for refusal in (declines(CARL), None):
        body = await made(api, **({} if refusal else {"target": CARL.id, "note": "Carl, how does frost get in?"}))
        identity = IntroductionId(body["id"])
        await house.engine.letters_arrive()
        await house.engine.hear(identity, _confirmed)
        house.clock.passes(timedelta(hours=1))
        if refusal:
            await house.engine.hear(identity, approves(CARL), declines(TOMOKO))
        events = (await api.get(f"/introductions/{identity}/events")).json()["events"]
        assert [event["kind"] for event in events] == ["requested", "confirmed"]
        assert (await api.get(f"/introductions/{identity}")).json()["stage"] == "in_progress"


async def test_an_introduction_made_shows_as_introduced(house: Visited, api: httpx2.AsyncClient) -> None:
    body = await made(api)
    identity = IntroductionId(body["id"])
    await house.engine.letters_arrive()
    await house.engine.hear(identity, _confirmed)
    house.clock.passes(timedelta(minutes=20))
    await house.engine.hear(identity, approves(CARL))
    house.clock.passes(timedelta(minutes=20))
    await house.engine.letters_arrive()
    await house.engine.hear(identity, opts_in(TOMOKO))
    house.clock.passes(timedelta(days=3))
    await house.engine.time_passes(identity)
    assert (await api.get(f"/introductions/{identity}")).json()["stage"] == "introduced"
    events = (await api.get(f"/introductions/{identity}/events")).json()
    assert [event["kind"] for event in events["events"]] == ["requested", "confirmed", "introduced"]
    assert events["events"][2]["id"] == f"{identity}.introduced"


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
    assert (await api.get(path)).json() == body
    assert (await api.post(f"{path}/resume", headers=once())).json()["verdict"] == "taken"
    assert not house.engine.states[IntroductionId(body["id"])].held_at


async def test_new_words_are_confirmed_first_and_match_the_version_read(
    house: Visited, api: httpx2.AsyncClient
) -> None:
    body = await made(api)
    path = f"/introductions/{body['id']}"
    read = (await api.get(path)).headers["etag"]
    note = "Tomoko, the valve of yours I read about is the one part of my pump that has never failed in the rain."
    assert (await api.patch(path, json={"note": note}, headers=once())).status_code == 422  # over which version?
    edited = await api.patch(path, json={"note": note}, headers=once() | {"if-match": read})
    assert edited.json()["verdict"] == "taken"
    state = house.engine.states[IntroductionId(body["id"])]
    assert (state.version, [ask.kind for ask in state.open_asks()]) == (2, ["confirm"])
    stale = await api.patch(path, json={"note": note + " Truly."}, headers=once() | {"if-match": read})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:introbroker:problem:changed")
    newer = {"if-match": (await api.get(path)).headers["etag"]}
    again = await api.patch(path, json={"note": "{{name}}"}, headers=once() | newer)
    assert [error["name"] for error in again.json()["errors"]] == ["placeholder"]
    assert (await api.patch(path, json={"note": note}, headers=once() | newer)).status_code == 422
    assert (await api.patch(path, json={"state": "closed"}, headers=once() | newer)).status_code == 422
    assert house.engine.states[IntroductionId(body["id"])] == state


async def test_what_nobody_hears_is_recorded(house: Visited, api: httpx2.AsyncClient) -> None:
    body = await made(api)
    house.engine.away = True
    key = once()
    answers = [await api.post(f"/introductions/{body['id']}/withdrawal", headers=key) for _ in range(2)]
    assert [(answer.status_code, answer.json()["verdict"]) for answer in answers] == [(202, "recorded")] * 2


async def test_another_programmes_introduction_is_not_there(house: Visited, api: httpx2.AsyncClient) -> None:
    body = await made(api)
    other = await _other_programme(house)
    for method, where in (
        ("GET", ""),
        ("GET", "/events"),
        ("POST", "/withdrawal"),
        ("POST", "/stop"),
        ("POST", "/hold"),
        ("PATCH", ""),
        ("POST", "/resume"),
    ):
        found = [
            await other.request(
                method,
                f"/introductions/{identity}{where}",
                headers=once() | {"if-match": '"1"'},
                json={"note": "Good day."} if method == "PATCH" else None,
            )
            for identity in (body["id"], "int_nobody", "%00", "x" * 300)
        ]
        assert {answer.status_code for answer in found} == {404}
        assert len({answer.text for answer in found}) == 1
    assert (await other.get("/introductions")).json()["introductions"] == []
    assert (await api.get(f"/introductions/{body['id']}")).json()["stage"] == "in_progress"


async def test_one_programmes_idempotency_key_is_nothing_to_another(house: Visited, api: httpx2.AsyncClient) -> None:
    key = once()
    await api.post("/introductions", json=asking(), headers=key)
    other = await _other_programme(house)
    assert (await other.post("/introductions", json=asking(), headers=key)).status_code == 404


async def test_pages_follow_each_other_and_filters_narrow(house: Visited, api: httpx2.AsyncClient) -> None:
    bodies = []
    for number in range(5):
        note = f"Note {number}: {'qwertzuiop'[number] * 9} and {'asdfghjkl'[number] * 12} matter to the well {number}."
        bodies.append(await made(api, target={"name": f"Person {number}", "organisation": "Wells"}, note=note))
        house.clock.passes(timedelta(minutes=number))  # the first two share an instant
    await api.post(f"/introductions/{bodies[2]['id']}/withdrawal", headers=once())
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api.get("/introductions", params={"limit": "2"} | cursor)).json()
        seen += [each["id"] for each in page["introductions"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert sorted(seen) == sorted(body["id"] for body in bodies)
    assert len(seen) == 5
    closed = (await api.get("/introductions", params={"stage": "closed"})).json()["introductions"]
    assert [each["id"] for each in closed] == [bodies[2]["id"]]
    assert len((await api.get("/introductions", params={"stage": "in_progress"})).json()["introductions"]) == 4
    assert (await api.get("/introductions", params={"requester": CARL.id})).json()["introductions"] == []
    moved = (await api.get("/introductions", params={"updated_after": bodies[3]["asked_at"]})).json()["introductions"]
    assert {each["id"] for each in moved} == {bodies[4]["id"], bodies[2]["id"]}
    assert {each["updated_at"] > bodies[3]["asked_at"] for each in moved} == {True}


async def test_a_cursor_is_ours_and_fits_its_list_only(house: Visited, api: httpx2.AsyncClient) -> None:
    for name, note in (
        ("Ada", "How do you keep frost out of a shallow well?"),
        ("Zoe", "May I send you seals to break?"),
    ):
        await made(api, target={"name": name, "organisation": "Wells"}, note=note)
    cursor = (await api.get("/introductions", params={"limit": "1"})).json()["next"]
    other = await _other_programme(house)
    altered = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    for asked, client in (
        ({"cursor": altered}, api),
        ({"cursor": cursor[:-1]}, api),
        ({"cursor": cursor + "="}, api),
        ({"cursor": ""}, api),
        ({"cursor": "é\x00"}, api),
        ({"cursor": cursor, "stage": "closed"}, api),
        ({"cursor": cursor}, other),
    ):
        answer = await client.get("/introductions", params=asked)
        assert answer.status_code == 400, asked
        assert answer.json()["errors"][0]["field"] == "cursor"
    assert (await api.get("/introductions", params={"cursor": cursor})).status_code == 200


async def test_a_reading_key_cannot_write_nor_a_writing_key_read(house: Visited) -> None:
    reader, writer = await caller(house, [Scope.READ]), await caller(house, [Scope.WRITE])
    assert (await reader.post("/introductions", json=asking(), headers=once())).status_code == 403
    assert (await writer.get("/introductions")).status_code == 403
    assert (await reader.get("/introductions")).status_code == 200


async def test_nothing_of_an_answer_tells_why(house: Visited, api: httpx2.AsyncClient) -> None:
    """The requester said no to a request made for them, or said nothing: their own answer, and no reason given."""
    body = await made(api)
    identity = IntroductionId(body["id"])
    await house.engine.letters_arrive()
    await house.engine.hear(identity, lambda state: Declined(ask=state.asks[0].number, by=ROSA.id))
    events = (await api.get(f"/introductions/{identity}/events")).json()["events"]
    assert [event["kind"] for event in events] == ["requested", "closed"]
    assert set((await api.get(f"/introductions/{identity}")).json()) == set(body)


def _on_file(connection: Connection, name: str, organisation: str) -> None:
    """As an import of somebody's contacts leaves them, with a tie."""
    row = {"id": "per_on_file", "tenant": rows.TENANT, "name": name, "organisation": organisation, "language": "en"}
    rest = {
        "zone": "UTC",
        "headline": "Countess",
        "topics": [],
        "places": [{"label": "Notes", "url": "https://a.test"}],
    }
    connection.execute(insert(person).values(row | rest | {"created_at": cast.MONDAY}))
    known = {"connector": CARL.id, "person": "per_on_file", "strength": 5, "evidence": "", "no_go": False}
    connection.execute(insert(tie).values(known | {"source": "a test"}))


def _confirmation(connection: Connection, introduction_id: str) -> Facts:
    planned = select(letter.c.id).where(letter.c.introduction == introduction_id, letter.c.kind == "confirm_request")
    found = outbox.get(connection, connection.execute(planned).scalar_one())
    assert found
    told = facts(connection, found)
    assert told
    return told


def _confirmed(state: Any) -> RequestConfirmed:
    return RequestConfirmed(ask=state.asks[0].number, by=ROSA.id, channels=(ChannelId("cha_rosa_mail"),), wording="1")


async def _other_programme(house: Visited) -> httpx2.AsyncClient:
    other = ProgrammeId("prg_other")
    row = {"id": other, "tenant": "ten_other", "name": "Other", "language": "en", "zone": "UTC"}
    rules = cast.policy("demo")

    def found(connection: Any) -> None:
        connection.execute(insert(programme).values(row | {"created_at": house.clock()}))
        body = rules.model_dump(mode="json")
        connection.execute(insert(policy).values(programme=other, version=1, body=body, at=house.clock()))

    await house.database.write(found)
    return await caller(house, programme=other)
