"""Operators work in a real browser: wide and on a phone, in three languages, by keyboard, while things change."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser
from sqlalchemy import Connection, update

from models.ids import IntroductionId
from store.boundaries import conflicts
from store.boundaries.conflicts import ConflictSide
from store.tables import letter, person
from tests import cast
from tests.cast import CARL, OLIVE
from tests.support.news_phrases import approves, opts_in
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import WIDE, in_each_language, is_well, looking, sign_in

pytestmark = pytest.mark.browser

RULES = {"order": "together"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("accelerator", RULES)) as opened:
        yield opened


async def asked(house: Visited) -> IntroductionId:
    return await house.engine.asked(cast.opening(cast.policy("accelerator", RULES)))


@in_each_language
async def test_every_page_is_clean_and_fits(house: Visited, browser: Browser, language: str, tmp_path: Path) -> None:
    introduction = await asked(house)
    await house.database.write(lambda connection: speaks(connection, language))
    pair = ConflictSide(person=cast.STAN.id), ConflictSide(organisation="Semilla, Sociedad Anónima de Capital Variable")
    await house.database.write(
        lambda connection: conflicts.mark(connection, cast.PROGRAMME, *pair, "console", OLIVE.id, house.clock())
    )
    async with serving(house.app) as address, looking(browser) as page:
        await sign_in(page, address, OLIVE)
        one = f"/introductions/{introduction}"
        for name, path in (("list", ""), ("one", one), ("people", "/people"), ("conflicts", "/conflicts")):
            await page.goto(f"{address}/console{path}")
            assert await page.locator("html").get_attribute("lang") == language
            await is_well(page, tmp_path / f"{name}-{language}.png")


async def test_a_long_story_with_a_letter_to_resolve_is_clean(house: Visited, browser: Browser, tmp_path: Path) -> None:
    rules = cast.policy("accelerator", RULES | {"screening": None})
    introduction = await house.engine.asked(cast.opening(rules))
    await house.engine.hear(introduction, approves(CARL), opts_in(cast.TOMOKO))
    lost = update(letter).where(letter.c.kind == "ask_requester").values(state="unknown", relay_said="timed out")
    await house.database.write(lambda connection: connection.execute(lost))
    async with serving(house.app) as address, looking(browser) as page:
        await sign_in(page, address, OLIVE)
        await page.goto(f"{address}/console/introductions/{introduction}")
        await is_well(page, tmp_path / "story.png")
        await page.get_by_role("button", name="It arrived").click()
        await page.get_by_role("button", name="It arrived").wait_for(state="detached")


async def test_a_request_is_read_and_approved_by_keyboard_alone(house: Visited, browser: Browser) -> None:
    introduction = await asked(house)
    async with serving(house.app) as address, looking(browser, WIDE) as page:
        await sign_in(page, address, OLIVE)
        await page.goto(f"{address}/console")
        await page.get_by_role("link", name="Rosa Prieto would like to meet Tomoko Abe").focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"{address}/console/introductions/{introduction}")
        await page.get_by_role("button", name="Approve").focus()
        await page.keyboard.press("Enter")
        await page.get_by_text("Olive Okafor approved the request.").wait_for()


async def test_the_list_follows_what_happens_without_reloading(house: Visited, browser: Browser) -> None:
    async with serving(house.app) as address, looking(browser, WIDE) as page:
        await sign_in(page, address, OLIVE)
        await page.goto(f"{address}/console")
        await page.get_by_text("Nothing here").wait_for()
        await asked(house)
        await page.get_by_role("link", name="Rosa Prieto would like to meet Tomoko Abe").wait_for()


def speaks(connection: Connection, language: str) -> None:
    connection.execute(update(person).where(person.c.id == OLIVE.id).values(language=language))
