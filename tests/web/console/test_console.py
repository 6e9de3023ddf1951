"""Operators see what they need and no more, and nobody else sees anything."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from models.ids import IntroductionId, PersonId
from models.news import Proposed
from models.process.state.stages import Finding, Resting, Screening, Seeking, WithConnector
from models.process.timetable import next_wake
from models.request.request import Need, Request
from store.requests.door import at_the_door
from store.tables import contact_view, letter, membership, person, programme, words
from store.tables import policy as policies
from store.views import stalled_workflows as standings
from store.views.installation import alarms
from tests import cast
from tests.cast import CARL, OLIVE, PROGRAMME, ROSA, STAN, TOMOKO
from tests.support.news_phrases import approves, confirms, declines, last_ask, opts_in
from tests.support.services.databases import Place
from tests.web.house import Visited, nonce_on, visited

ALL_GETS = ("", "/introductions/{id}", "/people", "/letters", "/conflicts")
ALL_POSTS = (
    "/introductions/{id}/screening",
    "/introductions/{id}/advice",
    "/introductions/{id}/lending",
    "/introductions/{id}/asks/1/undo",
    "/introductions/{id}/letters/let_none/again",
    "/introductions/{id}/proposal",
    "/introductions/{id}/stop",
    "/introductions/{id}/hold",
    "/introductions/{id}/connector",
    "/introductions/{id}/resume",
    "/introductions/{id}/asks/1/extension",
    "/letters/let_none/arrival",
    "/letters/let_none/resending",
    "/letters/resumption",
    "/people/per_tomoko/contact",
    "/people/per_tomoko/kind",
    "/conflicts/cnf_none/end",
)


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("accelerator", {"order": "together"}), place=place) as opened:
        yield opened


async def asked(house: Visited, **changed: Any) -> IntroductionId:
    rules = cast.policy("accelerator", {"order": "together", **changed.pop("fields", {})})
    return await house.engine.asked(cast.opening(rules, **changed))


async def screened(house: Visited) -> IntroductionId:
    return await asked(house, fields={"screening": None})


def form(page: str, house: Visited, introduction: IntroductionId, **fields: str) -> dict[str, str]:
    return {"nonce": nonce_on(page), "step": str(house.engine.states[introduction].step), **fields}


@pytest.mark.parametrize("who", [ROSA, CARL, TOMOKO, STAN])
async def test_for_whoever_does_not_work_here_there_is_nothing(house: Visited, who: cast.Person) -> None:
    introduction = await asked(house)
    client = await house.signed_in(who)
    missing = await client.get("/nothing-at-all")
    for path in ALL_GETS:
        shown = await client.get("/console" + path.format(id=introduction))
        assert shown.status_code == 404
        assert shown.text == missing.text
    for path in ALL_POSTS:
        fields = {"nonce": "x", "step": "1", "answer": "approve", "person": CARL.id}
        assert (await client.post("/console" + path.format(id=introduction), data=fields)).status_code == 404
    assert isinstance(house.engine.states[introduction].stage, Screening)


async def test_whoever_is_not_signed_in_is_sent_to_sign_in(house: Visited) -> None:
    for path in ALL_GETS:
        assert (await house.stranger().get("/console" + path.format(id="int_x"))).headers["location"] == "/me"


async def test_another_programmes_introduction_is_not_there(house: Visited) -> None:
    introduction = await asked(house)
    await house.database.write(lambda c: found_another_tenant(c, house))
    other = await house.signed_in(PersonId("per_otto"))
    assert "Rosa" not in (await other.get("/console")).text
    for path in ALL_GETS[1:2]:
        assert (await other.get("/console" + path.format(id=introduction))).status_code == 404
    nonce = nonce_on((await other.get("/me/settings/letters")).text)
    for path in ALL_POSTS:
        fields = {"nonce": nonce, "step": "1", "answer": "approve", "person": CARL.id}
        assert (await other.post("/console" + path.format(id=introduction), data=fields)).status_code == 404
    assert (await other.get(f"/console/people?programme={cast.PROGRAMME}")).status_code == 404


def found_another_tenant(connection: Any, house: Visited) -> None:
    now = house.clock()
    own = {"id": "prg_other", "tenant": "ten_other", "name": "Other", "language": "en", "zone": "UTC"}
    connection.execute(insert(programme).values(own | {"created_at": now}))
    rules = {"version": 1, "body": cast.policy("demo").model_dump(mode="json"), "at": now}
    connection.execute(insert(policies).values(rules | {"programme": "prg_other"}))
    otto = {"id": "per_otto", "tenant": "ten_other", "name": "Otto", "language": "en", "zone": "UTC"}
    connection.execute(insert(person).values(otto | {"topics": [], "places": [], "created_at": now}))
    may = {"listed": True, "requests": True, "operates": True}
    connection.execute(insert(membership).values(programme="prg_other", person="per_otto", joined_at=now, **may))


async def test_what_only_an_operator_can_move_comes_first(house: Visited) -> None:
    introduction = await asked(house)
    olive = await house.signed_in(OLIVE)
    page = (await olive.get("/console")).text
    assert "Needs you now" in page
    assert f"/console/introductions/{introduction}" in page
    assert "Rosa Prieto would like to meet Tomoko Abe" in page
    assert "Needs you now" not in (await olive.get("/console?stage=closed")).text
    assert (await olive.get("/console?stage=nonsense&page=-1")).status_code == 200


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("stands_still", "Stands still"),
        ("unrecorded", "cannot be recorded"),
        ("asleep", "nothing of it is being done"),
        ("overgrown", "has grown too long"),
        ("gone", "Ended from outside"),
        ("missing", "Missing in"),
    ],
)
async def test_one_that_stands_still_comes_first_and_says_so(house: Visited, what: standings.What, said: str) -> None:
    introduction = await screened(house)
    await house.database.write(lambda connection: standings.note(connection, introduction, what, house.clock()))
    client = await house.signed_in(OLIVE)
    shown = (await client.get("/console")).text
    assert said in shown[shown.index("Needs you now") :]
    assert said in (await client.get(f"/console/introductions/{introduction}")).text


async def test_an_alarm_about_the_installation_stands_on_the_first_page(house: Visited) -> None:
    client = await house.signed_in(OLIVE)
    assert "No worker is running" not in (await client.get("/console")).text
    await house.database.write(lambda connection: alarms.raise_alarm(connection, "no_worker", house.clock()))
    assert "No worker is running" in (await client.get("/console")).text


async def test_a_request_is_read_and_approved(house: Visited) -> None:
    introduction = await asked(house)
    olive = await house.signed_in(OLIVE)
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    assert "your paper on silent valves" in page
    sent = await olive.post(
        f"/console/introductions/{introduction}/screening", data=form(page, house, introduction, answer="approve")
    )
    assert sent.status_code == 303
    assert isinstance(house.engine.states[introduction].stage, WithConnector)
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    assert "Olive Okafor approved the request." in page
    assert "Carl Lindqvist is asked to introduce them." in page


async def test_nothing_is_preselected_and_no_answer_is_no_act(house: Visited) -> None:
    introduction = await asked(house)
    olive = await house.signed_in(OLIVE)
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    for answer in ("", "maybe"):
        data = form(page, house, introduction, answer=answer)
        sent = await olive.post(f"/console/introductions/{introduction}/screening", data=data)
        assert sent.status_code == 422
    assert isinstance(house.engine.states[introduction].stage, Screening)


async def test_whoever_acts_on_an_older_page_is_shown_the_newer_first(house: Visited) -> None:
    introduction = await asked(house)
    olive = await house.signed_in(OLIVE)
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    first, second = (form(page, house, introduction, answer=each) for each in ("approve", "decline"))
    second["nonce"] = nonce_on((await olive.get(f"/console/introductions/{introduction}")).text)
    path = f"/console/introductions/{introduction}/screening"
    assert (await olive.post(path, data=first)).status_code == 303
    late = await olive.post(path, data=second)
    assert late.status_code == 409
    assert "What you sent has not been done" in late.text
    assert isinstance(house.engine.states[introduction].stage, WithConnector | Finding)


async def test_an_operator_ends_it_and_cannot_answer_for_anybody(house: Visited) -> None:
    introduction = await screened(house)
    olive = await house.signed_in(OLIVE)
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    assert "End this introduction" in page
    for nobodys in ("approval", "opt-in", "answer"):
        data = form(page, house, introduction, answer="yes")
        assert (await olive.post(f"/console/introductions/{introduction}/{nobodys}", data=data)).status_code == 404
    sent = await olive.post(f"/console/introductions/{introduction}/stop", data=form(page, house, introduction))
    assert sent.status_code == 303
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    assert "Olive Okafor stopped it." in page
    assert "End this introduction" not in page
    again = await olive.post(f"/console/introductions/{introduction}/stop", data=form(page, house, introduction))
    assert again.status_code == 303, (
        "taken as the first, and nothing follows: a refusal would tell a key that it had ended"
    )


async def test_somebody_is_proposed_for_a_need(house: Visited) -> None:
    introduction = await asked(house, target=None)
    olive = await house.signed_in(OLIVE)
    path = f"/console/introductions/{introduction}"
    page = (await olive.get(f"{path}?sought=tomoko")).text
    assert "Tomoko Abe" in page
    assert "Cleo" not in page
    assert (
        await olive.post(f"{path}/proposal", data=form(page, house, introduction, person="per_nobody"))
    ).status_code == 422
    assert (
        await olive.post(f"{path}/proposal", data=form(page, house, introduction, person=ROSA.id))
    ).status_code == 422
    sent = await olive.post(f"{path}/proposal", data=form(page, house, introduction, person=TOMOKO.id))
    assert sent.status_code == 303
    target = house.engine.states[introduction].target
    assert target
    assert target.id == TOMOKO.id


async def test_nobody_is_proposed_whom_the_requester_asks_for_already(house: Visited) -> None:
    await asked(house)
    rules = cast.policy("accelerator", {"order": "together"})
    need = cast.opening(rules, target=None).model_copy(update={"id": IntroductionId("int_of_a_need")})
    path = f"/console/introductions/{await house.engine.asked(need)}"
    olive = await house.signed_in(OLIVE)
    page = (await olive.get(f"{path}?sought=tomoko")).text
    told = await olive.post(f"{path}/proposal", data=form(page, house, need.id, person=TOMOKO.id))
    assert told.status_code == 409
    assert "They ask for this person already" in told.text
    assert isinstance(house.engine.states[need.id].stage, Seeking)


async def test_a_proposal_that_comes_to_nothing_keeps_its_place_until_the_promise(house: Visited) -> None:
    """Of two operators at once one may propose whom the other's requester asks for: she must not see it."""
    await asked(house)
    rules = cast.policy("accelerator", {"order": "together"})
    need = cast.opening(rules, target=None).model_copy(update={"id": IntroductionId("int_of_a_need")})
    await house.engine.asked(need)
    assert await _places_taken(house) == 2
    await house.engine.hear(need.id, Proposed(by=OLIVE.id, target=TOMOKO.somebody))
    assert await _places_taken(house) == 2
    await house.engine.hear(need.id, confirms(ROSA))
    assert isinstance(house.engine.states[need.id].stage, Resting), "nobody is asked for the same person twice"
    assert await _places_taken(house) == 2
    await until(house, need.id, need.promised_at)
    assert await _places_taken(house) == 1


async def _places_taken(house: Visited) -> int:
    request = Request(programme=PROGRAMME, requester=ROSA.id, whom=Need(words="Seals."))
    door = await house.database.read(lambda connection: at_the_door(connection, request, house.clock()))
    return door.facts.open_asks


async def story_after(house: Visited, how: str) -> str:
    """The same case up to the end of Tomoko's time, and the operator's page of it."""
    introduction = await screened(house)
    await house.engine.hear(introduction, approves(CARL), opts_in(ROSA))
    ask = house.engine.states[introduction].ask(last_ask(house.engine.states[introduction], TOMOKO.id))
    assert ask
    await until(house, introduction, ask.due_at - timedelta(seconds=1))
    house.clock.now = ask.due_at
    if how == "no":
        await house.engine.hear(introduction, declines(TOMOKO))
    await until(house, introduction, ask.due_at)
    assert isinstance(house.engine.states[introduction].stage, Resting)
    olive = await house.signed_in(OLIVE)
    return (await olive.get(f"/console/introductions/{introduction}")).text


async def until(house: Visited, introduction: IntroductionId, end: datetime) -> None:
    """Everything happens that is due until then."""
    while (wake := next_wake(house.engine.states[introduction])) and wake.at <= end:
        house.clock.now = max(house.clock.now, wake.at)
        await house.engine.time_passes(introduction)


async def test_a_partys_no_and_their_silence_read_the_same(tmp_path: Path) -> None:
    pages = []
    for how in ("no", "silence"):
        folder = tmp_path / how
        folder.mkdir()
        async with visited(folder, cast.policy("accelerator", {"order": "together"})) as house:
            pages.append(without_ids(await story_after(house, how)))
    assert pages[0] == pages[1]
    assert "It closed: there will be no introduction." in pages[0]


def without_ids(page: str) -> str:
    return re.sub(r"(let|int)_[0-9a-z_]+|name=\"nonce\" value=\"[^\"]+\"", "", page)


async def test_a_connectors_answers_and_their_words_for_staff_are_told(house: Visited) -> None:
    introduction = await screened(house)
    state = house.engine.states[introduction]
    reason = {"id": "wrd_reason", "introduction": introduction, "owner": CARL.id, "kind": "reason"}
    row = reason | {"body": "Too soon after the last one", "at": house.clock()}
    await house.database.write(lambda c: c.execute(insert(words).values(row)))
    news = declines(CARL)(state).model_copy(update={"reason": "wrd_reason"})
    await house.engine.hear(introduction, news)
    olive = await house.signed_in(OLIVE)
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    assert "Carl Lindqvist said no." in page
    assert "Too soon after the last one" in page
    assert "Cleo Martin is asked to introduce them." in page


@pytest.mark.parametrize(("what", "state"), [("arrival", "accepted"), ("resending", "planned")])
async def test_a_letter_nobody_can_tell_of_is_resolved_once(house: Visited, what: str, state: str) -> None:
    introduction = await screened(house)
    lost = await house.database.write(lambda c: lose_a_letter(c, introduction))
    olive = await house.signed_in(OLIVE)
    assert "1 letter nobody can tell of" in (await olive.get("/console")).text
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    assert "Send it again" in page
    path, data = f"/console/letters/{lost}/{what}", {"nonce": nonce_on(page)}
    for foreign in (
        {},
        {"nonce": "x"},
        {"nonce": nonce_on((await (await house.signed_in(ROSA)).get("/me/settings/letters")).text)},
    ):
        assert (await olive.post(path, data=foreign)).status_code == 422
    for _ in range(2):  # pressed twice it is done, and nobody is told otherwise
        assert (await olive.post(path, data=data)).status_code == 303
    found = await house.database.read(lambda c: c.execute(select(letter.c.state)).scalar_one())
    assert found == state
    other = path.replace(what, "resending" if what == "arrival" else "arrival")
    assert (await olive.post(other, data=data)).status_code == 409


def lose_a_letter(connection: Any, introduction: str) -> str:
    row = connection.execute(select(letter.c.id).where(letter.c.introduction == introduction)).one()
    connection.execute(update(letter).where(letter.c.id == row.id).values(state="unknown", settled_at=None))
    return str(row.id)


async def test_contact_details_are_masked_and_each_look_is_kept(house: Visited) -> None:
    olive = await house.signed_in(OLIVE)
    page = (await olive.get("/console/people")).text
    assert TOMOKO.name in page
    assert TOMOKO.address not in page
    many = select(func.count()).select_from(contact_view)
    assert await house.database.read(lambda c: c.execute(many).scalar_one()) == 0
    path = f"/console/people/{TOMOKO.id}/contact"
    assert (await olive.post(path)).status_code == 422
    shown = await olive.post(path, data={"nonce": nonce_on(page)})
    assert TOMOKO.address in shown.text
    row = await house.database.read(lambda c: c.execute(select(contact_view)).one())
    assert (row.viewer, row.person) == (OLIVE.id, TOMOKO.id)
    tomoko = await house.signed_in(TOMOKO)
    assert "Olive Okafor" in (await tomoko.get("/me/settings/channels")).text


@pytest.mark.parametrize("sought", ["' OR 1=1--", "%", "_", "(a+)+$", "<script>", "\u202e", "tomoko abe"])
async def test_a_search_takes_words_as_words(house: Visited, sought: str) -> None:
    olive = await house.signed_in(OLIVE)
    shown = await olive.get("/console/people", params={"sought": sought})
    assert shown.status_code == 200
    assert (TOMOKO.name in shown.text) == (sought == "tomoko abe")
    assert "<script>" not in shown.text


async def test_what_another_site_sends_is_refused(house: Visited) -> None:
    introduction = await asked(house)
    olive = await house.signed_in(OLIVE)
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    for path in ALL_POSTS:
        headers = {"origin": "https://evil.test"}
        data = form(page, house, introduction, answer="approve")
        sent = await olive.post("/console" + path.format(id=introduction), data=data, headers=headers)
        assert sent.status_code == 403
    assert isinstance(house.engine.states[introduction].stage, Screening)


async def test_once_they_are_introduced_no_promise_stands_beside_it(house: Visited) -> None:
    introduction = await screened(house)
    olive = await house.signed_in(OLIVE)
    path = f"/console/introductions/{introduction}"
    assert "Promised by" in (await olive.get(path)).text
    await house.engine.hear(introduction, approves(CARL), opts_in(ROSA), opts_in(TOMOKO))
    await until(house, introduction, house.engine.states[introduction].promised_at)
    page = (await olive.get(path)).text
    assert "Following up" in page
    assert "Promised by" not in page
