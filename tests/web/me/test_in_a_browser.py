"""People use their own pages in a real browser: wide and on a phone, in three languages, from a letter's link."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser
from sqlalchemy import update

from store.access import link_tokens
from store.tables import person
from tests import cast
from tests.cast import CARL, ROSA, TOMOKO
from tests.support.news_phrases import approves, opts_in
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import NARROW, WIDE, in_each_language, is_well, looking, sign_in
from web.me.settings.steps import STEPS

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo")) as opened:
        yield opened


@in_each_language
async def test_every_page_is_clean_and_fits(house: Visited, browser: Browser, language: str, tmp_path: Path) -> None:
    introduction = await house.engine.asked(cast.opening("demo"))
    await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO))
    speaks = update(person).values(language=language)
    await house.database.write(lambda connection: connection.execute(speaks))
    async with serving(house.app) as address, looking(browser, WIDE, language) as page:
        await page.goto(f"{address}/me")
        await is_well(page, tmp_path / f"sign-in-{language}.png")
        for who in (ROSA, TOMOKO):
            await sign_in(page, address, who)
            await is_well(page, tmp_path / f"own-{who.id}-{language}.png")
        for step in ("", *(f"/{each}" for each in STEPS)):
            await page.goto(f"{address}/me/settings{step}")
            assert await page.locator("html").get_attribute("lang") == language
            await is_well(page, tmp_path / f"settings{step.replace('/', '-')}-{language}.png")
            await page.set_viewport_size(NARROW)
            assert await page.evaluate("document.documentElement.scrollHeight") <= 2 * NARROW["height"], step


@in_each_language
async def test_a_link_in_a_letter_leads_in(house: Visited, browser: Browser, language: str, tmp_path: Path) -> None:
    until = house.clock() + timedelta(minutes=15)
    link = await house.database.write(
        lambda c: link_tokens.mint(c, "sign_in", TOMOKO.id, now=house.clock(), expires_at=until)
    )
    async with serving(house.app) as address, looking(browser, NARROW, language) as page:
        await page.goto(f"{address}/me")
        await page.locator("#address").fill(TOMOKO.address)
        await page.locator("main button:not(.unseen)").click()
        await is_well(page, tmp_path / f"sent-{language}.png")
        await page.goto(f"{address}/me/{link}")
        await is_well(page, tmp_path / f"link-{language}.png")
        async with looking(browser, NARROW, language) as elsewhere:
            await elsewhere.goto(f"{address}/me/{link}")
            await elsewhere.locator("main button:not(.unseen)").click()
            await elsewhere.locator('main button[value="here"]').wait_for()
            await is_well(elsewhere, tmp_path / f"once-more-{language}.png")
        await page.locator("main button:not(.unseen)").click()
        await page.get_by_text("Tomoko Abe").first.wait_for()
        assert page.url == f"{address}/me"


async def test_a_fault_stands_beside_its_field_and_what_was_typed_stays(
    house: Visited, browser: Browser, tmp_path: Path
) -> None:
    async with serving(house.app) as address, looking(browser, WIDE) as page:
        await sign_in(page, address, TOMOKO)
        await page.goto(f"{address}/me/settings/places")
        await page.get_by_label("What it is").fill("Essays")
        await page.get_by_label("Its address").fill("https://essays")
        await page.locator('form[action="/me/settings/places"] button:not(.unseen)').click()
        await page.get_by_role("alert").wait_for()
        assert await page.get_by_label("What it is").input_value() == "Essays"
        assert await page.get_by_label("Its address").get_attribute("aria-invalid") == "true"
        await is_well(page, tmp_path / "fault.png")
