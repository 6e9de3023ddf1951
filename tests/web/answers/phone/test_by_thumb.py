"""A thumb on each ask, with script held back: taps counted, and screens, and words.

A yes is one tap on the first screen and a half, a no is one, and either can be undone on the page that follows.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page
from sqlalchemy import update

from models.asks import AskKind
from models.process.state.opening import MadeBy
from store.tables import person
from tests.cast import CARL, ROSA, TOMOKO, opening, policy
from tests.support.services.browser import page_of
from tests.web.answers.house import Visits, visits
from tests.web.http_server import serving
from tests.web.page_checks import NARROW

pytestmark = pytest.mark.browser

SCREEN = NARROW["height"]
MOST_SCREENS = 1.5
MOST_WORDS = 120  # read before the yes
SENTENCE = "Rosa keeps pumps running where no wire goes, and she listens. An hour with her was the best of my week."
VERY_LONG = "W" * 120


class Thumb:
    """One page in one hand: what was tapped since the letter's link was opened, and how far down."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.taps, self.lowest = 0, 0.0

    async def open(self, path: str) -> None:
        await self.page.goto(self.address + path)
        self.taps, self.lowest = 0, 0.0

    async def tap(self, value: str) -> None:
        button = self.button(value)
        box = await button.bounding_box()
        assert box, f"{value} cannot be seen"
        assert box["height"] >= 44, f"{value} is too small for a thumb"
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW["width"]
        self.lowest = max(self.lowest, (box["y"] + box["height"]) / SCREEN)
        self.taps += 1
        async with self.page.expect_navigation():
            await button.click()

    def button(self, value: str) -> Locator:
        return self.page.locator(f'button[name="choice"][value="{value}"]:visible').first

    async def words_before(self, value: str) -> int:
        """How much is read before the button: what is folded away is not."""
        text = await self.page.inner_text("main")
        return len(text.partition(await self.button(value).inner_text())[0].split())

    async def answers(self, path: str, yes: str, no: str, screens: float = 1) -> None:
        """A yes, undone; a no, undone; then the yes for good."""
        for choice in (yes, no):
            await self.open(path)
            assert await self.words_before(yes) <= MOST_WORDS
            await self.tap(choice)
            assert (self.taps, self.lowest <= screens) == (1, True), (path, choice, self.lowest)
            where = self.page.url
            assert where.endswith(path), "a POST leads to a page that can be opened again"
            await self.tap("undo")
            assert self.lowest <= MOST_SCREENS, "the undo stands where a thumb that slipped finds it"
            assert await self.button(yes).is_visible()
            assert await self.button(no).is_visible()
        await self.tap(yes)


@pytest.fixture
async def phone(browser: Browser) -> AsyncIterator[Page]:
    async with page_of(browser, NARROW, touch=True) as page:
        await page.route("**/app.js*", lambda route: route.abort())  # its own comforts apart, nothing needs script
        yield page


async def test_each_ask_is_answered_by_a_thumb(tmp_path: Path, phone: Page) -> None:
    rules = policy(
        "demo", {"follow_up.did_you_meet": "5 min", "follow_up.first_contact": "4 min"}
    )  # time to undo what is said before it
    async with visits(tmp_path, opening(rules)) as house, serving(house.app) as address:
        await house.run(update(person).values(language="en", headline="Builds pumps", organisation="Aguaviva"))
        thumb = Thumb(phone, address)
        await thumb.answers(await house.link(CARL, AskKind.APPROVE), "introduce", "no")
        await phone.fill("#sentence", SENTENCE)
        await thumb.tap("add")
        await house.heard()
        await thumb.answers(await house.link(TOMOKO, AskKind.OPT_IN), "yes", "no")
        await phone.check("#minutes")
        await thumb.tap("add")
        assert "Twenty minutes are enough." in await phone.inner_text("main")
        await thumb.answers(await house.link(ROSA, AskKind.OPT_IN), "yes", "no")
        await house.shell.time_passes(timedelta(seconds=17))
        await thumb.answers(await house.link(ROSA, AskKind.WRITTEN), "wrote", "not_yet")
        await house.shell.time_passes(timedelta(minutes=5))
        await thumb.answers(await house.link(ROSA, AskKind.MEET), "useful", "not_met")
        await house.shell.time_passes(timedelta(seconds=16))
        await the_other_is_reached(house, thumb)


async def the_other_is_reached(house: Visits, thumb: Thumb) -> None:
    """Each old link of the two shows how; the connector's shows nobody's address."""
    for who, shown in ((TOMOKO, ROSA.address), (ROSA, TOMOKO.address)):
        await thumb.open(await house.link(who, AskKind.OPT_IN))
        text = await thumb.page.inner_text("main")
        assert shown in text
        assert "Twenty minutes are enough." in text
    await thumb.open(await house.link(CARL, AskKind.APPROVE))
    text = await thumb.page.inner_text("main")
    assert SENTENCE in text
    assert "@" not in text


async def test_a_requester_confirms_by_thumb(tmp_path: Path, phone: Page) -> None:
    begun = opening("demo", asked_at=datetime.now(UTC)).model_copy(update={"made_by": MadeBy.KEY})
    async with visits(tmp_path, begun) as house, serving(house.app) as address:
        await house.run(update(person).values(language="en"))
        await Thumb(phone, address).answers(await house.link(ROSA, AskKind.CONFIRM), "yes", "no")


async def test_names_of_any_length_widen_no_page(tmp_path: Path, phone: Page) -> None:
    async with visits(tmp_path) as house, serving(house.app) as address:
        await house.run(update(person).values(language="en", name=VERY_LONG, headline=VERY_LONG))
        await phone.set_viewport_size({"width": 320, "height": SCREEN})
        carls = await house.link(CARL, AskKind.APPROVE)
        await is_not_wide(phone, address + carls)
        await house.approved(sentence=VERY_LONG)
        await is_not_wide(phone, address + carls)
        await is_not_wide(phone, address + await house.link(TOMOKO, AskKind.OPT_IN))


async def is_not_wide(phone: Page, url: str) -> None:
    await phone.goto(url)
    await phone.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert await phone.evaluate("document.documentElement.scrollWidth") <= 320
