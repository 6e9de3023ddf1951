"""An operator who knows the target reads and introduces in one act, as the person they are, and nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser
from sqlalchemy import insert, select, update

from models.ids import IntroductionId
from models.process.state.stages import Screening, WithConnector, WithParties
from store.journal import ledger
from store.tables import block, letter, reservation, tie, words
from tests import cast
from tests.cast import CARL, MONDAY, OLIVE, ROSA, TOMOKO
from tests.support import rows
from tests.web.console.test_console import form
from tests.web.console.test_in_a_browser import speaks
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import NARROW, in_each_language, is_well, looking, sign_in

RULES = cast.policy("accelerator")
SENTENCE = "Rosa reads before she asks; I have worked beside her for a year."


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        await opened.database.write(lambda connection: rows.knows(connection, OLIVE, TOMOKO, 5, MONDAY))
        yield opened


@pytest.fixture
async def introduction(house: Visited) -> IntroductionId:
    return await house.engine.asked(cast.opening(RULES))


async def press(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId, act: str, **fields: str
) -> httpx2.Response:
    shown = (await olive.get(f"/console/introductions/{introduction}")).text
    data = form(shown, house, introduction, **fields)
    return await olive.post(f"/console/introductions/{introduction}/{act}", data=data)


async def test_one_act_records_the_reading_and_the_approval_each_as_whose_it_is(
    house: Visited, introduction: IntroductionId
) -> None:
    olive = await house.signed_in(OLIVE)
    assert "introduce them yourself" in (await olive.get(f"/console/introductions/{introduction}")).text
    done = await press(house, olive, introduction, "lending", vouch="vouch", sentence=SENTENCE)
    assert done.status_code == 303
    state = house.engine.states[introduction]
    assert isinstance(state.stage, WithParties)
    assert state.connector
    assert state.connector.id == OLIVE.id
    assert [each.person for each in state.open_asks()] == [TOMOKO.id]
    events = await house.database.read(lambda connection: ledger.entries(connection, introduction))
    heard = [
        (each.event.news.kind, getattr(each.event.news, "by", None), each.event.via)
        for each in events
        if each.event.kind == "moved"
    ]
    assert heard == [
        ("screened", OLIVE.id, "console"),
        ("connector_found", None, "house"),
        ("connector_approved", OLIVE.id, "console"),
    ]
    kept = await house.database.read(lambda c: c.execute(select(words).where(words.c.kind == "sentence")).one())
    assert (kept.owner, kept.body) == (OLIVE.id, SENTENCE)
    written = await house.database.read(lambda c: c.execute(select(letter.c.kind, letter.c.person)).all())
    assert [tuple(each) for each in written] == [("ask_target", TOMOKO.id)]  # nobody is asked what they have said
    counted = await house.database.read(lambda c: c.execute(select(reservation.c.person)).scalars().all())
    assert OLIVE.id in counted  # within the cap of any connector


async def test_it_can_be_undone_and_is_then_asked_of_them_as_of_anybody(
    house: Visited, introduction: IntroductionId
) -> None:
    olive = await house.signed_in(OLIVE)
    await press(house, olive, introduction, "lending", vouch="introduce", sentence="")
    assert "You introduce them yourself" in (await olive.get(f"/console/introductions/{introduction}")).text
    assert (await press(house, olive, introduction, "asks/1/undo")).status_code == 303
    assert isinstance(house.engine.states[introduction].stage, WithConnector)
    shown = (await olive.get("/console")).text
    assert "Asked of you" in shown
    assert f"/me/asks/{introduction}/approve" in shown
    link = await olive.post(f"/me/asks/{introduction}/approve")
    assert "Would you introduce" in (await olive.get(link.headers["location"])).text


async def test_nobody_lends_another_name_or_answers_for_a_party(house: Visited, introduction: IntroductionId) -> None:
    olive = await house.signed_in(OLIVE)
    assert (await press(house, olive, introduction, "lending", vouch="", sentence="x")).status_code == 422
    assert (await press(house, olive, introduction, "lending", vouch="vouch", sentence="x" * 501)).status_code == 422
    stranger = update(tie).where(tie.c.connector == OLIVE.id).values(confirmed_at=None)
    await house.database.write(lambda c: c.execute(stranger))
    assert "introduce them yourself" not in (await olive.get(f"/console/introductions/{introduction}")).text
    assert (await press(house, olive, introduction, "lending", vouch="vouch")).status_code == 422
    assert isinstance(house.engine.states[introduction].stage, Screening)
    assert (await press(house, olive, introduction, "screening", answer="approve")).status_code == 303
    assert (await press(house, olive, introduction, "asks/1/undo")).status_code == 409  # the question is Carl's
    assert [each.person for each in house.engine.states[introduction].open_asks()] == [CARL.id]


async def test_whoever_may_not_be_asked_is_not_even_by_themselves(house: Visited, introduction: IntroductionId) -> None:
    """Olive has blocked Rosa's way: the reading stands, and the best connector left is asked."""
    blocked = {"tenant": rows.TENANT, "blocker": OLIVE.id, "blocked": ROSA.id, "at": MONDAY}
    await house.database.write(lambda c: c.execute(insert(block).values(blocked)))
    olive = await house.signed_in(OLIVE)
    assert (await press(house, olive, introduction, "lending", vouch="vouch")).status_code == 303
    state = house.engine.states[introduction]
    assert (state.approved, [each.person for each in state.open_asks()]) == (False, [CARL.id])


@pytest.mark.browser
@in_each_language
async def test_the_pages_are_clean_and_fit(
    house: Visited, introduction: IntroductionId, browser: Browser, language: str, tmp_path: Path
) -> None:
    await house.database.write(lambda connection: speaks(connection, language))
    async with serving(house.app) as address, looking(browser, NARROW) as page:
        await sign_in(page, address, OLIVE)
        await page.goto(f"{address}/console/introductions/{introduction}")
        await page.locator("#lend summary").click()
        await is_well(page, tmp_path / f"lending-{language}.png")
        await page.locator("#vouch-vouch").check()
        await page.locator('form[action$="/lending"] button:not(.unseen)').click()
        await page.locator('form[action$="/undo"] button:not(.unseen)').wait_for()
        await is_well(page, tmp_path / f"lent-{language}.png")
        await page.locator('form[action$="/undo"] button:not(.unseen)').click()
        await page.goto(f"{address}/console")
        await is_well(page, tmp_path / f"asked-{language}.png")
