"""People have themselves forgotten, only by saying so twice, and take a copy of what is theirs before."""

import io
import json
import zipfile
from functools import partial
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from store.privacy.erasure import jobs
from store.tables import erasure
from tests.cast import CARL, ROSA, TOMOKO, opening, policy
from tests.support.news_phrases import approves, opts_in
from tests.web.house import Visited, nonce_on, visited
from tests.web.twins import plain

RULES = policy("demo")


@pytest.mark.parametrize("ticked", [{}, {"all_of_it": "yes"}])
async def test_nothing_happens_before_the_second_yes(tmp_path: Path, ticked: dict[str, str]) -> None:
    async with visited(tmp_path, RULES) as house:
        tomoko = await house.signed_in(TOMOKO)
        await tomoko.get("/me/erasure")
        asked = await tomoko.post("/me/erasure", data=ticked)
        assert asked.status_code == (200 if ticked else 422)
        assert ("/me/erasure/confirmed" in asked.text) == bool(ticked)
        assert await _jobs(house) == []
        assert (await tomoko.post("/me/erasure/confirmed", data={"nonce": nonce_on_any(asked)})).status_code == 422
        assert (await tomoko.post("/me/erasure/confirmed", data={"sure": "yes"})).status_code == 422
        assert await _jobs(house) == []


async def test_before_it_nobody_learns_that_somebody_has_asked_for_them(tmp_path: Path) -> None:
    """A target is told of nothing before a connector has approved it (S1), nor how many would end."""
    async with visited(tmp_path, RULES) as house:
        tomoko = await house.signed_in(TOMOKO)
        alone = (await tomoko.get("/me/erasure")).text
        await house.engine.asked(opening(RULES))
        assert plain((await tomoko.get("/me/erasure")).text) == plain(alone)


async def test_asked_twice_she_is_gone_at_once_and_what_is_under_way_has_heard(tmp_path: Path) -> None:
    async with visited(tmp_path, RULES) as house:
        introduction = await house.engine.asked(opening(RULES))
        await house.engine.hear(introduction, approves(CARL))
        tomoko, rosa = await house.signed_in(TOMOKO), await house.signed_in(ROSA)
        sure = await tomoko.post("/me/erasure", data={"all_of_it": "yes"})
        done = await tomoko.post("/me/erasure/confirmed", data={"nonce": nonce_on(sure.text), "sure": "yes"})
        assert (done.status_code, done.headers["location"]) == (303, "/me/forgotten")
        assert "You are forgotten" in (await tomoko.get("/me/forgotten")).text
        assert [(job.person, job.asked_by) for job in await _jobs(house)] == [(TOMOKO.id, "themself")]
        assert house.engine.states[introduction].stage.kind == "resting"
        again = await tomoko.get("/me")
        assert 'action="/me/sign-in"' in again.text
        assert f"/me/requests/{introduction}/withdrawal" in (await rosa.get("/me")).text


async def test_a_copy_holds_what_is_theirs_and_of_others_only_what_they_were_told(tmp_path: Path) -> None:
    async with visited(tmp_path, RULES) as house:
        introduction = await house.engine.asked(opening(RULES))
        await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO))
        hers = await _copy(await house.signed_in(TOMOKO))
        assert hers["sections"]["person"][0]["name"] == TOMOKO.name
        assert [each["requester"] for each in hers["sections"]["questions_to_you"]] == [ROSA.name]
        assert CARL.name not in json.dumps(hers)  # she was shown his name on the page, where it belongs to his word
        his = await _copy(await house.signed_in(CARL))
        assert [(each["name"], each["evidence"][:9]) for each in his["sections"]["people_you_know"]] == [
            (TOMOKO.name, "We worked")
        ]
        assert "strength" not in json.dumps(his)


async def _copy(client: httpx2.AsyncClient) -> dict[str, dict[str, list[dict[str, str]]]]:
    sent = await client.get("/me/copy")
    assert sent.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(sent.content)) as pack:
        assert "person.csv" in pack.namelist()
        found: dict[str, dict[str, list[dict[str, str]]]] = json.loads(pack.read("everything.json"))
        return found


async def _jobs(house: Visited) -> list[jobs.ErasureJob]:
    ids = await house.database.read(lambda connection: connection.execute(select(erasure.c.id)).scalars().all())
    found = [await house.database.read(partial(jobs.get, which=each)) for each in ids]
    return [each for each in found if each]


def nonce_on_any(response: httpx2.Response) -> str:
    return nonce_on(response.text) if 'name="nonce"' in response.text else ""
