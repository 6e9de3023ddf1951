"""An operator keeps away from an introduction of their own, while the others see and run it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from models.ids import IntroductionId
from models.process.state.stages import Finding, Screening, WithConnector
from store.tables import letter, membership
from tests import cast
from tests.cast import CARL, OLIVE, ROSA, TOMOKO
from tests.web.console.test_console import ALL_POSTS, form, lose_a_letter
from tests.web.house import Visited, nonce_on, visited

OLDER = cast.opening().model_copy(update={"own_left_to_others": False})  # as it began before there was the rule


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("accelerator")) as opened:
        for who in (ROSA, TOMOKO):
            await opened.database.write(lambda connection, who=who: works(connection, who))  # type: ignore[misc]
        yield opened


def works(connection: Connection, who: cast.Person, operates: bool = True) -> None:
    connection.execute(update(membership).where(membership.c.person == who.id).values(operates=operates))


@pytest.fixture(params=[cast.opening(), OLDER], ids=["now", "before"])
async def introduction(house: Visited, request: pytest.FixtureRequest) -> IntroductionId:
    return await house.engine.asked(request.param)


async def test_nobody_reads_or_steers_a_request_of_their_own(house: Visited, introduction: IntroductionId) -> None:
    rosa = await house.signed_in(ROSA)
    assert introduction not in (await rosa.get("/console")).text
    assert "stage=screening" not in (await rosa.get("/console")).text  # nor is it counted
    shown = await rosa.get(f"/console/introductions/{introduction}")
    assert shown.status_code == 403
    assert "Es una petición tuya" in shown.text
    assert "paper on silent valves" not in shown.text
    nonce = nonce_on((await rosa.get("/me/settings/letters")).text)
    for path in ALL_POSTS[:11]:
        fields = {"nonce": nonce, "step": "1", "answer": "approve", "person": CARL.id, "until": "2026-03-05T10:00"}
        fields |= {"advice": "Shorter.", "vouch": "vouch"}
        assert (await rosa.post("/console" + path.format(id=introduction), data=fields)).status_code == 403
    assert isinstance(house.engine.states[introduction].stage, Screening)
    assert house.engine.states[introduction].step == 1


async def test_another_operator_does(house: Visited, introduction: IntroductionId) -> None:
    olive = await house.signed_in(OLIVE)
    assert introduction in (await olive.get("/console")).text
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    data = form(page, house, introduction, answer="approve")
    assert (await olive.post(f"/console/introductions/{introduction}/screening", data=data)).status_code == 303
    assert isinstance(house.engine.states[introduction].stage, WithConnector | Finding)


async def test_whoever_is_to_be_met_learns_nothing_here(house: Visited, introduction: IntroductionId) -> None:
    tomoko = await house.signed_in(TOMOKO)
    lost = await house.database.write(lambda c: lose_some_letter(c, introduction))
    missing = await tomoko.get("/nothing-at-all")
    for path in ("", f"/introductions/{introduction}", "/letters"):
        assert introduction not in (await tomoko.get(f"/console{path}")).text
    assert (await tomoko.get(f"/console/introductions/{introduction}")).text == missing.text
    nonce = nonce_on((await tomoko.get("/me/settings/letters")).text)
    for path in (*ALL_POSTS[:11], f"/letters/{lost}/arrival"):
        fields = {"nonce": nonce, "step": "1", "answer": "approve", "person": CARL.id}
        refused = await tomoko.post("/console" + path.format(id=introduction), data=fields)
        assert (refused.status_code, refused.text) == (404, missing.text)
    assert house.engine.states[introduction].step == 1


def lose_some_letter(connection: Connection, introduction: IntroductionId) -> str:
    """One of another introduction would do; here there is none yet, so one is made of it."""
    row = {"id": "let_lost", "introduction": introduction, "step": 1, "number": 99, "person": CARL.id, "tries": 0}
    fields = {"kind": "ask_connector", "reminder": False, "version": 1, "state": "unknown"}
    connection.execute(letter.insert().values(row | fields | {"not_before": cast.MONDAY, "next_try_at": cast.MONDAY}))
    return lose_a_letter(connection, introduction)


async def test_the_only_operator_is_told_that_nobody_else_could_read_it(
    house: Visited, introduction: IntroductionId
) -> None:
    rosa, path = await house.signed_in(ROSA), f"/console/introductions/{introduction}"
    assert "nadie más trabaja" not in (await rosa.get(path)).text
    for other in (OLIVE, TOMOKO):
        await house.database.write(lambda c, other=other: works(c, other, operates=False))  # type: ignore[misc]
    assert "nadie más trabaja" in (await rosa.get(path)).text
