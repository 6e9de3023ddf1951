"""A late yes is told to whoever was told already by its letter, and by no door before it (S8)."""

from datetime import timedelta
from pathlib import Path

import pytest

from models.policy.policy import Policy
from models.process.state.opening import MadeBy
from models.process.state.stages import Closed
from tests import cast
from tests.cast import CARL, ROSA, TOMOKO
from tests.support.news_phrases import approves, confirms, opts_in, puts_off
from tests.web.api.api_client import caller, once
from tests.web.house import Visited, nonce_on, visited
from tests.web.twins import Twin, answered

HERE = cast.INTRODUCTION


@pytest.mark.parametrize("door", ["own page", "link", "key"])
@pytest.mark.parametrize("order", ["requester_at_request", "target_first"])
async def test_before_its_letter_has_left_no_door_tells_of_a_late_yes(tmp_path: Path, order: str, door: str) -> None:
    heard = []
    for late in (False, True):
        (tmp_path / str(late)).mkdir()
        rules = cast.policy("demo", {"requester.closings_every": None, "order": order})
        async with visited(tmp_path / str(late), rules) as house:
            nonce = await told_and_asked_again(house, rules, late=late)
            heard.append(await at_the_door(house, door, nonce))
            assert not late or not isinstance(house.engine.states[HERE].stage, Closed), "what is refused is not done"
    assert heard[0] == heard[1]


async def told_and_asked_again(house: Visited, rules: Policy, *, late: bool) -> str:
    """Tomoko said "later"; Rosa, who had confirmed what a key wrote, was told; now Tomoko says yes, and the letter that
    asks Rosa has not left."""
    asked = cast.opening(rules, MadeBy.KEY, asked_at=house.clock())
    await house.engine.asked(asked)
    day = asked.promised_at + timedelta(minutes=10)
    await house.engine.hear(HERE, confirms(ROSA), approves(CARL), puts_off(TOMOKO, day))
    nonce = nonce_on((await (await house.signed_in(ROSA)).get("/me")).text)
    for at in (asked.promised_at, day):
        house.clock.now = at
        await house.engine.time_passes(HERE)
    if late:
        await house.engine.heard(HERE, opts_in(TOMOKO)(house.engine.states[HERE]))
    assert (house.engine.states[HERE].asked_afresh() is not None) == late
    return nonce


async def at_the_door(house: Visited, door: str, nonce: str) -> list[object]:
    if door == "link":
        pages = await Twin(house, HERE).questions(ROSA)
        assert pages, "Rosa holds a link of before"
        return [pages]
    if door == "key":
        key = await caller(house)
        read = await key.get(f"/introductions/{HERE}")
        done = [
            await key.post(f"/introductions/{HERE}/{act}", headers=once()) for act in ("withdrawal", "stop", "hold")
        ]
        return [answered(each) for each in (read, *done, await key.get(f"/introductions/{HERE}"))]
    rosa = await house.signed_in(ROSA)
    page = await rosa.get("/me")
    taken_back = await rosa.post(f"/me/requests/{HERE}/withdrawal", data={"nonce": nonce})
    return [answered(each) for each in (page, taken_back, await rosa.get("/me"))]
