"""A program starts an introduction and follows it as far as its requester may know, and no further."""

from datetime import timedelta
from functools import partial
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, insert, select

from models.ids import IntroductionId
from models.news import Declined
from store.access.api_keys import Scope
from store.letters import outbox
from store.letters.letter_facts import LetterFacts, facts
from store.tables import introduction, letter, person, tie
from tests import cast
from tests.cast import CARL, ROSA, STAN, TOMOKO
from tests.support import rows
from tests.support.news_phrases import approves, declines, opts_in
from tests.support.statements import statements_run
from tests.web.api.api_client import asking, caller, confirmed, made, many, once, other_programme
from tests.web.house import Visited


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
        await house.engine.hear(identity, confirmed)
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
    await house.engine.hear(identity, confirmed)
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


async def test_another_programmes_introduction_is_not_there(house: Visited, api: httpx2.AsyncClient) -> None:
    body = await made(api)
    other = await other_programme(house)
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


def unlike_others(number: int) -> dict[str, Any]:
    """Somebody outside, and a note that is like no other."""
    note = f"Note {number}: {'qwertzuiop'[number] * 9} and {'asdfghjkl'[number] * 12} matter to the well {number}."
    return {"target": {"name": f"Person {number}", "organisation": "Wells"}, "note": note}


async def test_pages_follow_each_other_and_filters_narrow(house: Visited, api: httpx2.AsyncClient) -> None:
    bodies = []
    for number in range(5):
        bodies.append(await made(api, **unlike_others(number)))
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


async def test_a_list_asks_the_database_no_more_often_the_longer_it_is(house: Visited, api: httpx2.AsyncClient) -> None:
    for number in range(4):
        await made(api, **unlike_others(number))
    asked = []
    for limit in ("1", "4"):
        with statements_run(house.database) as statements:
            page = (await api.get("/introductions", params={"limit": limit})).json()["introductions"]
        assert [each["may"] for each in page] == [["edit", "withdrawal", "stop", "hold"]] * int(limit)
        asked.append(len(statements))
    assert asked[0] == asked[1]


async def test_a_cursor_is_ours_and_fits_its_list_only(house: Visited, api: httpx2.AsyncClient) -> None:
    for name, note in (
        ("Ada", "How do you keep frost out of a shallow well?"),
        ("Zoe", "May I send you seals to break?"),
    ):
        await made(api, target={"name": name, "organisation": "Wells"}, note=note)
    cursor = (await api.get("/introductions", params={"limit": "1"})).json()["next"]
    other = await other_programme(house)
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


def _confirmation(connection: Connection, introduction_id: str) -> LetterFacts:
    planned = select(letter.c.id).where(letter.c.introduction == introduction_id, letter.c.kind == "confirm_request")
    found = outbox.get(connection, connection.execute(planned).scalar_one())
    assert found
    told = facts(connection, found)
    assert told
    return told
