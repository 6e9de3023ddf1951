"""What a program is told of an act is so, and stays readable: one of many is taken, and the others are told at once."""

import asyncio
import secrets
from collections import Counter
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import Connection, select, update

from models.ids import InboxKey, IntroductionId
from models.process.state.opening import Opening
from models.process.verdict import Reason
from models.record.disclosure import Progress
from store import tables
from store.access.api_keys import Scope
from store.engine.database import Database
from store.journal import inbox
from store.journal.key_acts import KeyAct
from tests.cast import MONDAY
from tests.support import rows
from tests.web.api.api_client import asking, caller, made, once, other_programme
from tests.web.house import Visited
from web.shared.acts.submit_news import hand_over
from web.shared.house import House

NOTE = "Tomoko, the valve of yours I read about is the one part of my pump that has never failed in the rain."
MANY = 6


async def heard_now(house: Visited) -> None:
    """Somebody hears again: whatever waits is handed over, in order, as the sweep does."""
    house.engine.away = False
    opened: House = house.app.state.house
    database: Database = house.database
    for kept in await database.write(lambda connection: rows.waiting(connection, house.clock() + inbox.FIRST_TRY)):
        await hand_over(opened, kept)


def problem(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


async def patches(api: httpx2.AsyncClient, path: str, etag: str, many: int = MANY) -> list[httpx2.Response]:
    """New words over one version, all at the same moment, each its own."""
    headers = [once() | {"if-match": etag} for _ in range(many)]
    notes = [f"{NOTE} I have {secrets.randbelow(10**9)} of them." for _ in range(many)]
    return await asyncio.gather(
        *(api.patch(path, json={"note": note}, headers=each) for note, each in zip(notes, headers, strict=True))
    )


async def test_of_many_changes_over_one_version_one_is_taken_and_the_others_are_told(
    house: Visited, api: httpx2.AsyncClient
) -> None:
    path = f"/introductions/{(await made(api))['id']}"
    answers = await patches(api, path, '"1"')
    taken = [each for each in answers if each.status_code < 400]
    assert [each.json()["verdict"] for each in taken] == ["taken"]
    assert [problem(each) for each in answers if each not in taken] == [(412, "changed")] * (MANY - 1)
    assert taken[0].headers["etag"] == (await api.get(path)).headers["etag"] == '"2"'


async def test_of_many_changes_nobody_hears_one_is_kept_and_the_others_are_told(
    house: Visited, api: httpx2.AsyncClient
) -> None:
    path = f"/introductions/{(await made(api))['id']}"
    house.engine.away = True
    answers = await patches(api, path, '"1"')
    assert Counter(each.status_code for each in answers) == {202: 1, 412: MANY - 1}
    etag = (await api.get(path)).headers["etag"]
    assert etag == '"2"', "what was acknowledged counts, whether or not it was heard"
    (early,) = await patches(api, path, etag, 1)
    assert problem(early) == (409, "not_heard_yet")
    assert early.headers["retry-after"] == "1"
    await heard_now(house)
    (later,) = await patches(api, path, etag, 1)
    assert later.json()["verdict"] == "taken"


@pytest.mark.parametrize("is_away", [False, True])
@pytest.mark.parametrize(("act", "refused"), [("hold", "refused"), ("withdrawal", "closed")])
async def test_of_many_at_once_one_is_taken_and_the_others_are_told(
    house: Visited, api: httpx2.AsyncClient, act: str, refused: str, is_away: bool
) -> None:
    path = f"/introductions/{(await made(api))['id']}/{act}"
    house.engine.away = is_away
    answers = await asyncio.gather(*(api.post(path, headers=once()) for _ in range(MANY)))
    taken = [each for each in answers if each.status_code < 400]
    assert [each.json()["verdict"] for each in taken] == ["recorded" if is_away else "taken"]
    assert [problem(each) for each in answers if each not in taken] == [(409, refused)] * (MANY - 1)


async def test_every_stop_is_taken_for_good(house: Visited, api: httpx2.AsyncClient) -> None:
    """It tells nothing of where the introduction stood; what could not be heard at once is taken in the end."""
    path, keys = f"/introductions/{(await made(api))['id']}/stop", [once() for _ in range(MANY)]
    await asyncio.gather(*(api.post(path, headers=key) for key in keys))
    await heard_now(house)
    again = [await api.post(path, headers=key) for key in keys]
    assert [(each.status_code, each.json()["verdict"]) for each in again] == [(200, "taken")] * MANY


async def test_what_was_recorded_has_an_address_that_tells_its_outcome(house: Visited, api: httpx2.AsyncClient) -> None:
    body, key = await made(api), once()
    path = f"/introductions/{body['id']}/hold"
    house.engine.away = True
    recorded = await api.post(path, headers=key)
    assert recorded.status_code == 202
    where = recorded.headers["location"].removeprefix("/api/v1")
    assert where == f"/acts/{recorded.json()['act']}"
    waiting = (await api.get(where)).json()
    assert waiting == {
        "id": recorded.json()["act"],
        "introduction": body["id"],
        "act": "hold",
        "at": body["asked_at"],
        "outcome": "recorded",
        "reason": None,
    }
    assert (await api.post(path, headers=key)).status_code == 202
    await heard_now(house)
    assert (await api.get(where)).json() == waiting | {"outcome": "taken"}
    for _ in range(2):  # a repetition tells it as it is now, and from now on
        again = await api.post(path, headers=key)
        assert (again.status_code, again.json()["verdict"]) == (200, "taken")
        assert again.headers["idempotency-replayed"] == "true"


async def test_a_withdrawal_that_nobody_has_heard_yet_is_read_as_it_was_said(
    house: Visited, api: httpx2.AsyncClient
) -> None:
    path = f"/introductions/{(await made(api))['id']}"
    house.engine.away = True
    assert (await api.post(f"{path}/withdrawal", headers=once())).status_code == 202
    unheard = (await api.get(path)).json()
    assert (unheard["stage"], unheard["may"]) == ("closed", [])
    await heard_now(house)
    assert (await api.get(path)).json() == unheard


async def test_a_list_finds_what_it_shows_be_it_heard_or_not(house: Visited, api: httpx2.AsyncClient) -> None:
    path = f"/introductions/{(await made(api))['id']}"
    house.engine.away = True
    assert (await api.post(f"{path}/withdrawal", headers=once())).status_code == 202
    one = (await api.get(path)).json()
    for heard in (False, True):
        for stage, found in (("closed", [one]), ("in_progress", []), (None, [one])):
            wanted = {"limit": 1} | ({"stage": stage} if stage else {})
            assert (await api.get("/introductions", params=wanted)).json()["introductions"] == found, (heard, stage)
        before = {"updated_after": "2020-01-01T00:00:00Z"}
        assert (await api.get("/introductions", params=before)).json()["introductions"] == [one]
        late = {"updated_after": one["updated_at"]}
        assert (await api.get("/introductions", params=late)).json()["introductions"] == []
        if not heard:
            await heard_now(house)


async def test_what_is_refused_later_says_so(house: Visited, api: httpx2.AsyncClient) -> None:
    body, key = await made(api), once()
    path = f"/introductions/{body['id']}/hold"
    house.engine.away = True
    where = (await api.post(path, headers=key)).headers["location"].removeprefix("/api/v1")
    (kept,) = await house.database.write(lambda c: rows.waiting(c, house.clock() + inbox.FIRST_TRY))
    await house.database.write(lambda c: inbox.mark_refused(c, kept.key, Reason.NOT_NOW))
    told = (await api.get(where)).json()
    assert (told["outcome"], told["reason"]) == ("refused", "refused")
    again = [await api.post(path, headers=key) for _ in range(2)]
    assert [problem(each) for each in again] == [(409, "refused")] * 2


async def test_words_change_as_soon_as_the_request_is_taken(house: Visited, api: httpx2.AsyncClient) -> None:
    """With the ETag that came with it, though nobody has begun the introduction yet."""
    house.engine.away = True
    answer = await api.post("/introductions", json=asking(), headers=once())
    (changed,) = await patches(api, f"/introductions/{answer.json()['id']}", answer.headers["etag"], 1)
    assert (changed.status_code, changed.json()["verdict"]) == (202, "recorded")
    house.engine.away = False
    await house.engine.start(await opened(house, IntroductionId(answer.json()["id"])))
    await heard_now(house)
    assert (await api.get(changed.headers["location"].removeprefix("/api/v1"))).json()["outcome"] == "taken"
    assert house.engine.states[IntroductionId(answer.json()["id"])].version == 2


async def test_an_act_that_was_kept_is_not_lost_with_whoever_answered_it(
    house: Visited, api: httpx2.AsyncClient
) -> None:
    """A process died between keeping and answering: sent again, it is the same act over the same version."""
    path, key = f"/introductions/{(await made(api))['id']}", once() | {"if-match": '"1"'}
    house.engine.away = True
    first = await api.patch(path, json={"note": NOTE}, headers=key)
    await house.database.write(forget_the_answer)
    house.clock.passes(timedelta(minutes=1))
    again = await api.patch(path, json={"note": NOTE}, headers=key)
    assert (again.status_code, again.text) == (202, first.text)


async def test_an_act_is_read_by_keys_of_its_programme_and_kind(house: Visited, api: httpx2.AsyncClient) -> None:
    house.engine.away = True
    recorded = await api.post(f"/introductions/{(await made(api))['id']}/stop", headers=once())
    where = recorded.headers["location"].removeprefix("/api/v1")
    assert (await (await caller(house, (Scope.WRITE,))).get(where)).status_code == 200
    for stranger in (await other_programme(house), await caller(house, (Scope.PEOPLE,))):
        assert problem(await stranger.get(where)) == (404, "not_found")
    assert problem(await api.get("/acts/inb_none")) == (404, "not_found")


async def test_an_act_names_what_it_was_said_over_where_it_wishes(house: Visited, api: httpx2.AsyncClient) -> None:
    path = f"/introductions/{(await made(api))['id']}"
    assert problem(await api.patch(path, json={"note": NOTE}, headers=once())) == (428, "precondition_required")
    assert problem(await api.post(f"{path}/hold", headers=once() | {"if-match": '"7"'})) == (412, "changed")
    assert problem(await api.post(f"{path}/hold", headers=once() | {"if-match": "1"})) == (400, "invalid")
    weak = once() | {"if-match": 'W/"1-gzip", "9"'}
    assert (await api.patch(path, json={"note": NOTE}, headers=weak)).json()["verdict"] == "taken"
    assert (await api.post(f"{path}/hold", headers=once() | {"if-match": "*"})).json()["verdict"] == "taken"


async def opened(house: Visited, introduction: IntroductionId) -> Opening:
    query = select(tables.introduction.c.opening).where(tables.introduction.c.id == introduction)
    return Opening.model_validate(await house.database.read(lambda c: c.execute(query).scalar_one()))


def forget_the_answer(connection: Connection) -> None:
    connection.execute(update(tables.idempotency).values(status=0, response=""))


def act(**changed: object) -> KeyAct:
    made = KeyAct(
        id=InboxKey("inb_1"),
        introduction=IntroductionId("int_1"),
        kind="withdrew",
        at=MONDAY,
        state="taken",
        reason=None,
        heard_at=MONDAY + timedelta(days=2),
        progress=Progress.CLOSED,
        told_at=MONDAY + timedelta(days=1),
        afresh_at=None,
    )
    return made.model_copy(update=changed)


def test_what_is_heard_after_the_requester_was_told_is_over_whatever_the_core_says() -> None:
    """Where somebody has said "later" it may go on behind the end, and would take a withdrawal: nobody can tell."""
    after_the_end = act()
    refused = act(state="refused", reason="closed")
    assert (after_the_end.outcome, after_the_end.why_refused) == (refused.outcome, refused.why_refused)
    assert (refused.outcome, refused.why_refused) == ("refused", Reason.CLOSED)
    assert act(heard_at=MONDAY + timedelta(hours=1)).outcome == "taken"
    assert act(afresh_at=MONDAY + timedelta(days=2)).outcome == "taken"
    assert act(kind="screened").outcome == "taken"
