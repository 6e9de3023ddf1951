"""A program works on introductions for an operator, as the console does, and for nobody on their own."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, select, update

from models.ids import IntroductionId, ProgrammeId
from models.process.state.stages import Revising, Screening, WithConnector
from store.access.api_keys import Scope
from store.journal import ledger
from store.tables import inbox, letter, membership, words
from store.tables import programme as programmes
from tests import cast
from tests.cast import CARL, MONDAY, OLIVE, ROSA, TOMOKO
from tests.support.statements import statements_run
from tests.web.api.api_client import BOTH, caller, once
from tests.web.house import Visited, visited

RULES = cast.policy("accelerator")
NONCE = re.compile(r"nonce-[\w-]+|(?<=remaining=)\d+|(?<=r=)\d+")
ADVICE = "Say in one sentence what you offer her."


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        yield opened


@pytest.fixture
async def introduction(house: Visited) -> IntroductionId:
    return await house.engine.asked(cast.opening(RULES).model_copy(update={"track": "normal"}))


@pytest.fixture
async def staff(house: Visited) -> httpx2.AsyncClient:
    return await caller(house, (*BOTH, Scope.STAFF))


class Desk:
    """One introduction as a program reads it for somebody, and what it does then."""

    def __init__(self, client: httpx2.AsyncClient, introduction: str, operator: str = OLIVE.id) -> None:
        self.client, self.path, self.operator = client, f"/introductions/{introduction}", operator

    async def read(self) -> httpx2.Response:
        return await self.client.get(f"{self.path}/desk", params={"operator": self.operator})

    async def act(self, what: str, key: str | None = None, **body: Any) -> httpx2.Response:
        etag = (await self.read()).headers.get("etag", '"step-1"')
        headers = once(key) | {"if-match": etag}
        return await self.client.post(f"{self.path}/{what}", headers=headers, json={"operator": self.operator, **body})


async def test_a_request_is_read_and_goes_on(
    house: Visited, introduction: IntroductionId, staff: httpx2.AsyncClient
) -> None:
    desk = Desk(staff, introduction)
    shown = (await desk.read()).json()
    assert (shown["stage"], shown["waiting_on"], shown["track"]) == ("screening", "operator", "normal")
    assert "your paper on silent valves" in shown["texts"]["note"]
    assert shown["may"] == ["screening", "advice"]
    headers, body = once("read") | {"if-match": '"step-1"'}, {"operator": OLIVE.id, "answer": "approve"}
    done = [await staff.post(f"{desk.path}/screening", headers=headers, json=body) for _ in range(2)]
    assert [each.json()["verdict"] for each in done] == ["taken", "taken"]
    assert done[1].headers["idempotency-replayed"] == "true"
    assert isinstance(house.engine.states[introduction].stage, WithConnector)
    late = await staff.post(f"{desk.path}/screening", headers=once() | {"if-match": '"step-1"'}, json=body)
    assert (late.status_code, late.json()["type"]) == (412, "urn:introbroker:problem:changed")
    assert (await desk.act("screening", answer="decline")).json()["type"] == "urn:introbroker:problem:refused"
    kept = await house.database.read(lambda c: c.execute(select(inbox.c.kind)).scalars().all())
    assert kept == ["screened"]  # what the core would not take is not even kept
    events = await house.database.read(lambda c: ledger.entries(c, introduction))
    read = next(each.event for each in events if each.event.kind == "moved" and each.event.news.kind == "screened")
    assert (getattr(read.news, "by", None), read.via) == (OLIVE.id, "key")


async def test_what_was_handed_in_and_nobody_has_heard_is_offered_no_more(
    house: Visited, introduction: IntroductionId, staff: httpx2.AsyncClient
) -> None:
    desk, house.engine.away = Desk(staff, introduction), True
    assert (await desk.act("screening", answer="approve")).json()["verdict"] == "recorded"
    assert (await desk.read()).json()["may"] == []


async def test_advice_stands_under_the_operators_name_and_can_be_mended(
    house: Visited, introduction: IntroductionId, staff: httpx2.AsyncClient
) -> None:
    desk = Desk(staff, introduction)
    for text, name in (("Read https://example.test", "link"), (" ", "missing"), ("Hi {{name}}", "placeholder")):
        unfit = await desk.act("advice", key="advice", words=text)
        assert (unfit.status_code, unfit.json()["errors"][0]["name"]) == (422, name)
    assert (await desk.act("advice", key="advice", words=ADVICE)).json()["verdict"] == "taken"
    assert isinstance(house.engine.states[introduction].stage, Revising)
    kept = await house.database.read(lambda c: c.execute(select(words).where(words.c.kind == "advice")).one())
    assert (kept.owner, kept.body) == (OLIVE.id, ADVICE)
    assert (await staff.get(desk.path)).json()["stage"] == "in_progress"  # to the requester's program nothing has moved


async def test_a_letter_goes_out_again_once_in_place_of_its_reminder(
    house: Visited, introduction: IntroductionId, staff: httpx2.AsyncClient
) -> None:
    desk = Desk(staff, introduction)
    await desk.act("screening", answer="approve")
    await house.engine.letters_arrive()
    found = (await desk.read()).json()["letters"]
    assert [(each["to"], each["may_be_repeated"]) for each in found] == [(CARL.id, True)]
    again = f"letters/{found[0]['id']}/repetition"
    assert (await desk.act("letters/let_none/repetition")).status_code == 404
    assert (await desk.act(again, line="Write to a@b.test")).json()["errors"][0]["field"] == "line"
    assert (await desk.act(again, line="A full mailbox, perhaps?")).json()["verdict"] == "taken"
    assert (await desk.act(again)).status_code == 409
    written = await house.database.read(lambda c: c.execute(select(letter.c.person, letter.c.words)).all())
    assert [(row.person, bool(row.words)) for row in written] == [(CARL.id, False), (CARL.id, True)]


async def test_nobody_is_worked_for_on_an_introduction_of_their_own(
    house: Visited, introduction: IntroductionId, staff: httpx2.AsyncClient
) -> None:
    await house.database.write(lambda c: c.execute(update(membership).values(operates=membership.c.person != CARL.id)))
    acts = {"screening": {"answer": "approve"}, "advice": {"words": ADVICE}, "letters/let_x/repetition": {}}
    for who, status in ((ROSA, 403), (TOMOKO, 404), (CARL, 422)):
        desk = Desk(staff, introduction, who.id)
        assert (await desk.read()).status_code == status
        for act, body in acts.items():
            assert (await desk.act(act, **body)).status_code == status
    assert (await Desk(staff, introduction, ROSA.id).read()).json()["type"] == "urn:introbroker:problem:own_part"
    assert isinstance(house.engine.states[introduction].stage, Screening)
    assert house.engine.states[introduction].step == 1


async def test_what_is_another_programmes_answers_and_costs_as_what_is_not_there(
    house: Visited, introduction: IntroductionId
) -> None:
    """To their key, and on the console to whoever works there alone."""
    far = {"id": "prg_far", "tenant": "ten_far", "name": "Far", "language": "en", "zone": "UTC", "created_at": MONDAY}
    olive = await house.signed_in(OLIVE)

    def moved_away(connection: Connection) -> None:
        connection.execute(programmes.insert().values(far))
        theirs = (membership.c.person == OLIVE.id, membership.c.operates)
        connection.execute(update(membership).where(*theirs).values(programme="prg_far"))

    await house.database.write(moved_away)
    stranger = await caller(house, (*BOTH, Scope.STAFF), ProgrammeId("prg_far"))
    answers, costs = [], []
    for one in (introduction, IntroductionId("int_nobody")):
        with statements_run(house.database) as ran:
            desk = Desk(stranger, one)
            got = [await desk.read(), await desk.act("screening", answer="approve")]
            got += [await olive.get(f"/console/introductions/{one}{where}") for where in ("", "/edit")]
            got.append(await olive.post(f"/console/introductions/{one}/stop"))
        answers.append([(each.status_code, each.text, _headers(each)) for each in got])
        costs.append(len(ran))
    assert answers[0] == answers[1]
    assert {status for status, *_ in answers[0][:-1]} == {404}
    assert costs[0] == costs[1]


def _headers(answer: httpx2.Response) -> dict[str, str]:
    return {name: NONCE.sub("*", value) for name, value in answer.headers.items() if name != "x-request-id"}


async def test_it_needs_its_own_scope_programme_and_step(house: Visited, introduction: IntroductionId) -> None:
    far = {"id": "prg_far", "tenant": "ten_far", "name": "Far", "language": "en", "zone": "UTC", "created_at": MONDAY}
    await house.database.write(lambda c: c.execute(programmes.insert().values(far)))
    writer, stranger = await caller(house, BOTH), await caller(house, (Scope.STAFF,), ProgrammeId("prg_far"))
    for client, status in ((writer, 403), (stranger, 404)):
        desk = Desk(client, introduction)
        assert (await desk.read()).status_code == status
        assert (await desk.act("screening", answer="approve")).status_code == status
    insider = await caller(house, (Scope.STAFF,))
    path, body = f"/introductions/{introduction}/screening", {"operator": OLIVE.id, "answer": "approve"}
    unmatched = await insider.post(path, headers=once(), json=body)
    assert (unmatched.status_code, unmatched.json()["errors"][0]["field"]) == (428, "If-Match")
    assert (await insider.post(path, headers={"if-match": '"step-1"'}, json=body)).status_code == 422
    assert (await insider.get("/introductions")).status_code == 403
