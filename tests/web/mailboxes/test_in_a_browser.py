"""One person plays every part: mail appears by itself, and the links in framed letters lead out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser
from sqlalchemy import Connection, insert

from store.tables import mail
from tests import cast
from tests.cast import CARL
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import WIDE, in_each_language, is_well, looking

pytestmark = pytest.mark.browser
HTML = """<!doctype html><html lang="en"><head><title>A letter</title></head><body>
<p style="color:#111">Dear Carl</p><p><a href="{link}">Our promises</a></p>
<script>document.body.innerHTML = "scripted"</script></body></html>"""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo")) as opened:
        yield opened


async def letter_for_carl(house: Visited, address: str) -> None:
    await house.database.write(lambda connection: put(connection, house, address))


def put(connection: Connection, house: Visited, address: str) -> None:
    link = f"{address}/p/{cast.PROGRAMME}"
    letter = {"letter": "let_1", "person": CARL.id, "message_id": "<1>", "subject": "Would you introduce Rosa?"}
    bodies = {"body_text": f"Dear Carl\n\n{link}\n", "body_html": HTML.format(link=link), "raw": b""}
    connection.execute(insert(mail).values(letter | bodies | {"at": house.clock()}))


@in_each_language
async def test_every_page_is_clean_and_fits(house: Visited, browser: Browser, language: str, tmp_path: Path) -> None:
    async with serving(house.app) as address, looking(browser, WIDE, language) as page:
        await letter_for_carl(house, address)
        pages = {"start": "/", "mailbox": f"/mail/{CARL.id}", "promises": f"/p/{cast.PROGRAMME}", "gone": "/nothing"}
        for name, path in pages.items():
            await page.goto(f"{address}{path}")
            await is_well(page, tmp_path / f"{name}-{language}.png")


async def test_mail_appears_by_itself_and_its_links_lead_out_of_the_frame(
    house: Visited, browser: Browser, tmp_path: Path
) -> None:
    async with serving(house.app) as address, looking(browser, WIDE) as page:
        await page.goto(f"{address}/")
        await letter_for_carl(house, address)
        await page.get_by_text("1 new letter").wait_for()
        await page.get_by_role("link", name=CARL.name).click()
        await page.get_by_role("link", name="Would you introduce Rosa?").click()
        framed = page.frame_locator("iframe")
        await framed.get_by_text("Dear Carl").wait_for()  # and its script did not run
        await framed.get_by_role("link", name="Our promises").click()
        await page.wait_for_url(f"{address}/p/{cast.PROGRAMME}")
        await page.get_by_role("heading", name="What Spring promises").wait_for()
