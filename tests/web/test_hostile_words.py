"""No page is ever wider than its window, whatever people write: words without a single place to break."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page
from sqlalchemy import Connection, update

from store.boundaries import conflicts
from store.boundaries.conflicts import ConflictSide
from store.tables import channel, letter, membership, person, programme, tie, words
from tests import cast
from tests.cast import CARL, OLIVE, PROGRAMME, ROSA
from tests.support.news_phrases import approves
from tests.web.house import visited
from tests.web.http_server import serving
from tests.web.page_checks import looking, sign_in

pytestmark = pytest.mark.browser

NAME = "Wolfeschlegelsteinhausenbergerdorff" * 3 + "WWWWWWWWWWWWWWW"
URL = "https://example.test/" + "averylongpathwithoutanyplace" * 3
WINDOWS = (320, 360, 1280)
PAGES = 45  # more than there are, so that a page that is added is walked too
SAME = re.compile(r"/[a-z]{3}_[A-Za-z0-9_]+")  # pages of one kind differ by whose they are
CULPRITS = """[...document.querySelectorAll('body *')]
  .filter((each) => each.scrollWidth > innerWidth || each.getBoundingClientRect().right > innerWidth)
  .slice(-3).map((each) => each.outerHTML.slice(0, 160))"""


def hostile(connection: Connection) -> None:
    told = {"name": NAME[:120], "headline": URL, "organisation": NAME[:120], "topics": [NAME[:60], URL[:60]]}
    connection.execute(update(person).values(told | {"places": [{"label": NAME[:60], "url": URL}], "language": "en"}))
    connection.execute(update(words).values(body=URL))
    connection.execute(update(programme).values(name=NAME[:120]))
    connection.execute(update(tie).values(evidence=URL, source=NAME))
    connection.execute(update(membership).values(listed=True, requests=True))
    connection.execute(update(channel).values(label=NAME[:60], source=NAME))


async def test_no_page_is_wider_than_its_window(tmp_path: Path, browser: Browser) -> None:
    rules = cast.policy("accelerator", {"order": "together", "screening": None})
    async with visited(tmp_path, rules) as house:
        asked = await house.engine.asked(cast.opening(rules))
        await house.engine.hear(asked, approves(CARL))
        await house.engine.letters_arrive()
        lost = update(letter).where(letter.c.kind == "ask_requester").values(state="unknown", relay_said=URL)
        await house.database.write(hostile)
        await house.database.write(lambda connection: connection.execute(lost))
        sides = ConflictSide(person=cast.STAN.id), ConflictSide(organisation=NAME[:120])
        await house.database.write(
            lambda connection: conflicts.mark(connection, PROGRAMME, *sides, "console", OLIVE.id, house.clock())
        )
        async with serving(house.app) as address, looking(browser) as page:
            for who in (OLIVE, ROSA):
                await sign_in(page, address, who)
                seen = await walk(page, address, ["/", "/me", "/console", f"/ask/{PROGRAMME}", f"/mail/{CARL.id}"])
                assert len(seen) > 5


async def walk(page: Page, address: str, open_pages: list[str]) -> set[str]:
    """Every page that these lead to, one of each kind."""
    seen: set[str] = set()
    wide: list[str] = []
    while open_pages and len(seen) < PAGES:
        path = open_pages.pop(0)
        if SAME.sub("/…", path) in seen:
            continue
        seen.add(SAME.sub("/…", path))
        await page.goto(address + path)
        await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        for width in WINDOWS:
            await page.set_viewport_size({"width": width, "height": 700})
            fits = await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            if not fits:
                wide.append(f"{path} at {width}: {await page.evaluate(CULPRITS)}")
        links = await page.evaluate("[...document.querySelectorAll('a[href]')].map((each) => each.href)")
        inside = (link.removeprefix(address).partition("#")[0] for link in links if link.startswith(address))
        open_pages += [link for link in inside if not link.startswith(("/static", "/me/copy"))]  # a file, no page
    assert wide == []
    assert len(seen) < PAGES, "there are more pages than are walked"
    return seen
