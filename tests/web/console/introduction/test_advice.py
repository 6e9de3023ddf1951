"""Advice goes from the operator to the requester's letter and page, and the changed request back to be read."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser
from sqlalchemy import Connection, select, update

from mailroom.compose.stationery import Stationery
from models.ids import IntroductionId
from models.letters import LetterKind
from models.process.state.stages import Revising, Screening
from store.letters import outbox
from store.letters.start_letter import start
from store.tables import letter, person, words
from tests import cast
from tests.cast import OLIVE, ROSA
from tests.web.ask.test_edits import change
from tests.web.console.test_console import form
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import NARROW, in_each_language, is_well, looking, sign_in

RULES = cast.policy("accelerator")
ADVICE = "Say first what you would like to know.\nOne offer is enough."
OURS = Stationery(sender="spring@house.test", reply_to="office@house.test", public_url="https://house.test")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        await opened.database.write(lambda connection: speak(connection, "en"))
        yield opened


def speak(connection: Connection, language: str) -> None:
    connection.execute(update(person).where(person.c.id.in_([ROSA.id, OLIVE.id])).values(language=language))


@pytest.fixture
async def introduction(house: Visited) -> IntroductionId:
    return await house.engine.asked(cast.opening(RULES))


async def send_back(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId, advice: str
) -> httpx2.Response:
    shown = (await olive.get(f"/console/introductions/{introduction}")).text
    data = form(shown, house, introduction, advice=advice)
    return await olive.post(f"/console/introductions/{introduction}/advice", data=data)


async def written(house: Visited, kind: LetterKind) -> str:
    """The letter as its reader gets it, started at the gate."""

    def leave(connection: Connection) -> bytes:
        key = connection.execute(select(letter.c.id).where(letter.c.kind == kind)).scalar_one()
        connection.execute(update(letter).where(letter.c.id == key).values(claimed_by="a test"))
        started = start(connection, key, "a test", house.keys, OURS.domain, house.clock())
        assert started, outbox.get(connection, key)
        return OURS.write(started, house.clock())

    return (await house.database.write(leave)).decode()


async def test_the_advice_is_read_and_what_was_changed_is_read_again(
    house: Visited, introduction: IntroductionId
) -> None:
    olive, rosa = await house.signed_in(OLIVE), await house.signed_in(ROSA)
    assert (await send_back(house, olive, introduction, ADVICE)).status_code == 303
    assert isinstance(house.engine.states[introduction].stage, Revising)
    sent = await written(house, LetterKind.ADVICE)
    for said in ("Olive Okafor of our team", "Say first what you would", f"/me/requests/{introduction}/edit"):
        assert said in sent.replace("=\r\n", "").replace("=\n", "")
    for path in ("/me", f"/me/requests/{introduction}/edit"):
        shown = (await rosa.get(path)).text
        assert "Sent back to you with advice" in shown
        assert "Say first what you would like to know." in shown
    story = (await olive.get(f"/console/introductions/{introduction}")).text
    assert "Olive Okafor sent it back to the requester, with advice." in story
    assert "Say first what you would like to know." in story
    assert (await change(rosa, introduction)).headers["location"] == "/me?said=edited"
    assert isinstance(house.engine.states[introduction].stage, Screening)
    assert "Sent back to you with advice" not in (await rosa.get("/me")).text
    assert "Read it, and decide" in (await olive.get(f"/console/introductions/{introduction}")).text


@pytest.mark.parametrize(
    ("advice", "said"),
    [
        ("", "Nothing was written."),
        ("See https://example.test", "leave links and addresses out"),
        ("word " * 210, "too long"),
        ("Dear {{name}}", "left unfilled"),
    ],
)
async def test_unfit_words_are_kept_on_the_page_and_nowhere_else(
    house: Visited, introduction: IntroductionId, advice: str, said: str
) -> None:
    olive = await house.signed_in(OLIVE)
    refused = await send_back(house, olive, introduction, advice)
    assert refused.status_code == 422
    assert said in refused.text
    assert advice.strip() in refused.text
    assert isinstance(house.engine.states[introduction].stage, Screening)
    assert await house.database.read(lambda c: c.execute(select(words).where(words.c.kind == "advice")).all()) == []


async def test_whoever_is_second_is_shown_what_happened(house: Visited, introduction: IntroductionId) -> None:
    olive = await house.signed_in(OLIVE)
    shown = (await olive.get(f"/console/introductions/{introduction}")).text
    data = form(shown, house, introduction, advice=ADVICE)
    path = f"/console/introductions/{introduction}"
    assert (await olive.post(f"{path}/advice", data=data)).status_code == 303
    assert (await olive.post(f"{path}/screening", data=data | {"answer": "approve"})).status_code == 409
    assert isinstance(house.engine.states[introduction].stage, Revising)


@pytest.mark.browser
@in_each_language
async def test_both_pages_are_clean_and_fit(
    house: Visited, introduction: IntroductionId, browser: Browser, language: str, tmp_path: Path
) -> None:
    await house.database.write(lambda connection: speak(connection, language))
    async with serving(house.app) as address, looking(browser, NARROW) as page:
        await sign_in(page, address, OLIVE)
        await page.goto(f"{address}/console/introductions/{introduction}")
        await page.locator("#back summary").click()
        await is_well(page, tmp_path / f"reading-{language}.png")
        await page.locator("#advice").fill(ADVICE)
        await page.locator('form[action$="/advice"] button:not(.unseen)').click()
        await page.wait_for_url(f"{address}/console/introductions/{introduction}")
    async with serving(house.app) as address, looking(browser, NARROW) as page:
        await sign_in(page, address, ROSA)
        await is_well(page, tmp_path / f"own-{language}.png")
        await page.goto(f"{address}/me/requests/{introduction}/edit")
        await is_well(page, tmp_path / f"edit-{language}.png")
