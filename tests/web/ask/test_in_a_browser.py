"""The request page is used in a real browser: on a phone and wide, in three languages, without script too."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page
from sqlalchemy import Connection, insert, select, update

from store.access import sessions
from store.tables import channel, draft, introduction, membership, person
from tests import cast
from tests.cast import CARL, CLEO, PROGRAMME, ROSA, TOMOKO
from tests.support import rows
from tests.support.services.browser import page_of
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import NARROW, WIDE, in_each_language, is_well

pytestmark = pytest.mark.browser

OWN_PLACE = """() => {
  const bar = document.querySelector('.sending');
  bar.style.position = 'static';
  const lowest = bar.querySelector('button').getBoundingClientRect().bottom;
  bar.style.position = '';
  return lowest;
}"""  # how far down it stands in the text


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("accelerator", {"requester.new_asks": 9})) as opened:
        await opened.database.write(lambda connection: _people(connection, opened))
        yield opened


class Desk:
    """Rosa's browser, on the pages of a house."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.ask = page, f"{address}/ask/{PROGRAMME}"

    async def fill(self, **changed: str) -> None:
        page = self.page
        await page.locator("#who-member").check()
        await page.get_by_label("Tomoko Abe").check()
        await page.locator("#wanted-one_answer").check()
        texts = {
            "why": "Nadie más ha mantenido seca una junta durante diez años.",
            "read": "Her talk on valves in Lyon.",
            "offer": "Test data from forty villages.",
            "note": rows.NOTE,
        }
        for name, text in (texts | changed).items():
            await page.locator(f"#{name}").fill(text)
        await page.locator("#channel-1").check()

    async def press(self, value: str) -> None:
        await self.page.locator(f'button[name="do"][value="{value}"]').click()


@pytest.fixture
async def open_desk(house: Visited, browser: Browser) -> AsyncIterator[Any]:
    async with serving(house.app) as address, AsyncExitStack() as windows:
        raw = await house.database.write(lambda connection: sessions.begin(connection, ROSA.id, house.clock()))

        async def opened(language: str = "en", script: bool = True) -> Desk:
            speaks = update(person).where(person.c.id == ROSA.id).values(language=language)
            await house.database.write(lambda connection: connection.execute(speaks))
            page = await windows.enter_async_context(page_of(browser, WIDE, script=script))
            await page.context.add_cookies([{"name": "introbroker", "value": raw, "url": address}])
            desk = Desk(page, address)
            await desk.page.goto(desk.ask)
            return desk

        yield opened


@in_each_language
async def test_every_page_is_clean_and_fits(open_desk: Any, language: str, tmp_path: Path) -> None:
    desk = await open_desk(language)
    await is_well(desk.page, tmp_path / f"empty-{language}.png")
    await desk.press("preview")
    await is_well(desk.page, tmp_path / f"faults-{language}.png")
    await desk.fill(note="Hi {{name}}, " + rows.NOTE)
    await desk.press("preview")
    await is_well(desk.page, tmp_path / f"placeholder-{language}.png")
    await desk.page.locator("#note").fill(rows.NOTE)
    await desk.press("preview")
    await is_well(desk.page, tmp_path / f"preview-{language}.png")
    await _is_sent_with_a_thumb(desk.page)
    await desk.press("send")
    await is_well(desk.page, tmp_path / f"sent-{language}.png")
    assert "/sent/int_" in desk.page.url


async def test_it_works_without_script(open_desk: Any, house: Visited) -> None:
    desk = await open_desk(script=False)
    await desk.page.locator("#who-member").check()
    await desk.page.locator("#looked_for").fill("abe")
    await desk.page.locator("#looked_for").press("Enter")
    await desk.page.locator(".member").nth(1).wait_for(state="detached")
    assert await desk.page.locator("#who-member").is_checked()
    assert await desk.page.locator(".member").count() == 1
    await desk.fill()
    await desk.press("preview")
    await desk.press("send")
    await desk.page.wait_for_url("**/sent/int_*")
    assert await _introductions(house) == 1


async def test_words_are_counted_while_they_are_typed(open_desk: Any) -> None:
    desk = await open_desk()
    await desk.page.locator("#note").fill("Three words, only")
    assert await desk.page.locator("#note + .count").inner_text() == "3 of 100 words"
    await desk.page.locator("#note").fill("word " * 101)
    assert "over" in str(await desk.page.locator("#note + .count").get_attribute("class"))


async def test_what_is_typed_is_kept_by_itself(open_desk: Any, house: Visited) -> None:
    desk = await open_desk()
    async with desk.page.expect_response(lambda response: response.url.endswith("/draft")):
        await desk.page.locator("#note").type("Half a thought")
    body = await house.database.read(lambda connection: connection.execute(select(draft.c.body)).scalar_one())
    assert body["note"] == "Half a thought"
    await desk.page.reload()
    assert await desk.page.locator("#note").input_value() == "Half a thought"


async def test_the_list_narrows_while_a_name_is_typed(open_desk: Any) -> None:
    desk = await open_desk()
    await desk.page.locator("#who-member").check()
    async with desk.page.expect_response(lambda response: response.url.endswith("/people")):
        await desk.page.locator("#looked_for").type("grid")
    await desk.page.locator(".member").nth(1).wait_for(state="detached")
    assert await desk.page.locator(".member label").all_inner_texts() == ["Tomoko Abe"]
    assert desk.page.url == desk.ask


async def test_keyboard_alone_reaches_the_look_before_sending(open_desk: Any) -> None:
    desk = await open_desk()
    await desk.fill()
    await desk.page.locator("#note").focus()
    for _ in range(12):
        await desk.page.keyboard.press("Tab")
        if await desk.page.evaluate("document.activeElement.value") == "preview":
            break
    await desk.page.keyboard.press("Enter")
    await desk.page.locator("button[value=send]").wait_for()


async def _is_sent_with_a_thumb(page: Page) -> None:
    """On a phone sending stands on the screen; scrolled to, after the letter and what it costs, on the second's half.
    With letters so large that little else would fit, it stays where it is in the text and covers nothing."""
    send = page.locator("button[value=send]")
    await page.set_viewport_size(NARROW)
    await page.evaluate("scrollTo(0, 0)")
    box = await send.bounding_box()
    assert box
    assert box["y"] + box["height"] <= NARROW["height"]
    assert box["height"] >= 44
    assert await page.evaluate(OWN_PLACE) <= 1.5 * NARROW["height"]
    await page.set_viewport_size({"width": 320, "height": 320})  # as 640 x 640 at 200 %
    assert await page.evaluate("getComputedStyle(document.querySelector('.sending')).position") == "static"
    await page.set_viewport_size(WIDE)


async def _introductions(house: Visited) -> int:
    found = await house.database.read(lambda connection: connection.execute(select(introduction.c.id)).all())
    return len(found)


def _people(connection: Connection, house: Visited) -> None:
    lines = {
        TOMOKO.id: ("Head of grid partnerships", "Hikari Energy", ["grid", "demand response", "pilots"]),
        CARL.id: ("Mentor; built two payment companies and sold one", "Northwind", ["payments", "pricing"]),
        CLEO.id: ("Ten years of selling to utilities", "Marée Conseil", ["utilities", "long sales"]),
        ROSA.id: ("Founder: heat pumps that run when the wind blows", "Lumbre", ["heat pumps"]),
    }
    for who, (headline, organisation, topics) in lines.items():
        about = {"headline": headline, "organisation": organisation, "topics": topics}
        connection.execute(update(person).where(person.c.id == who).values(about))
    rows.fold_anew(connection)
    for number in range(40):
        own = {"id": f"per_more_{number}", "tenant": rows.TENANT, "name": f"Zoe Number {number}", "language": "en"}
        rest = {"zone": "UTC", "topics": ["wells"], "places": [], "created_at": house.clock()}
        connection.execute(insert(person).values(own | rest))
        may = {"listed": True, "requests": False, "operates": False, "joined_at": house.clock()}
        connection.execute(insert(membership).values(programme=PROGRAMME, person=own["id"], **may))
    link = {"id": "cha_rosa_link", "person": ROSA.id, "kind": "link", "value": "https://meet.lumbre.test/rosa"}
    connection.execute(
        insert(channel).values(link | {"label": "my calendar", "source": "a test", "created_at": house.clock()})
    )
