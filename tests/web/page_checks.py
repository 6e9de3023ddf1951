"""Checks of one page in a browser: it fits the screen, reads well, and goes by keyboard.

Nothing that axe finds, nothing wider than the window, no id twice, nothing refused or broken.

Everything is looked for in Spanish, whose words are the longest: the same pages in another language can be wrong in
their words alone, and `make soak` looks at all three. With PICTURES=1 there is one of each to look at.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Error, Page, ViewportSize

from tests import cast
from tests.support.services.browser import page_of

AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# Describing what is in order takes four times as long as finding what is not.
VIOLATIONS = "(only) => axe.run(document, {resultTypes: ['violations'], ...(only && {runOnly: only})})"
# What a second width can change where it shows the same elements: shades and places. All else is as it was found.
BY_PLACE = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size", "th-has-data-cells"]
SHOWN = """() => [...document.querySelectorAll('*')].map((each) => {
  const place = each.getBoundingClientRect();
  const shows = each.checkVisibility({visibilityProperty: true, opacityProperty: true});
  return Number(shows && place.right > 0 && place.bottom + scrollY > 0);
}).join('')"""
PICTURES_WANTED = bool(os.environ.get("PICTURES"))
NARROW: ViewportSize = {"width": 360, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}
TWICE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
  return ids.filter((each, place) => ids.indexOf(each) !== place);
}"""


@asynccontextmanager
async def looking(browser: Browser, size: ViewportSize = WIDE, language: str = "en") -> AsyncIterator[Page]:
    """A page of a house; whatever its scripts complain of fails the test that opened it."""
    complaints: list[str] = []

    def said(what: ConsoleMessage) -> None:
        if is_complaint(what):
            complaints.append(what.text)

    def broke(error: Error) -> None:
        complaints.append(str(error))

    async with page_of(browser, size, language) as page:
        page.on("console", said)
        page.on("pageerror", broke)
        yield page
        page.remove_listener("console", said)
        page.remove_listener("pageerror", broke)
    assert complaints == []


def is_complaint(said: ConsoleMessage) -> bool:
    """Something refused or broken. That a page answers with a fault is none, nor that a letter may run no script."""
    return said.type == "error" and not said.text.startswith(("Failed to load resource", "Blocked script execution"))


async def sign_in(page: Page, address: str, who: cast.Person) -> None:
    """As the mailboxes do it."""
    await page.goto(f"{address}/")
    await page.locator(f'form[action="/mail/{who.id}/session"] button[value="me"]').click()
    await page.wait_for_url(f"{address}/me")


async def is_well(page: Page, picture: Path | None = None) -> None:
    """On a phone and wide; `picture` is where to keep one of each, where they are wanted."""
    await _fits(page, NARROW, picture)
    assert await faults(page) == []
    shown = await page.evaluate(SHOWN)
    await _fits(page, WIDE, picture)
    assert await faults(page, BY_PLACE if await page.evaluate(SHOWN) == shown else None) == []
    assert await page.evaluate(TWICE) == []


in_each_language = pytest.mark.parametrize(
    "language", ["es", *(pytest.param(each, marks=pytest.mark.soak) for each in ("en", "pt"))]
)


async def _fits(page: Page, size: ViewportSize, picture: Path | None) -> None:
    await page.wait_for_load_state()  # a click waits until another page answers, not until it is there
    await page.set_viewport_size(size)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {size}"
    if picture and PICTURES_WANTED:
        await page.screenshot(path=picture.with_stem(f"{picture.stem}-{size['width']}"), full_page=True)


async def faults(page: Page, rules: list[str] | None = None) -> list[tuple[str, list[str]]]:
    """What axe finds on this page as it stands, by all of its rules or by these."""
    await page.wait_for_load_state()
    if await page.evaluate("typeof axe === 'undefined'"):
        await page.evaluate(AXE)
    found = await page.evaluate(VIOLATIONS, rules)
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]]
