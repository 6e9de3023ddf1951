"""Is this page well? Nothing that axe finds, nothing wider than the window, no id twice, nothing refused or broken."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, ConsoleMessage, Page, ViewportSize

from tests import cast

AXE = Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js"
NARROW: ViewportSize = {"width": 360, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}
TWICE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
  return ids.filter((each, place) => ids.indexOf(each) !== place);
}"""


@asynccontextmanager
async def looking(browser: Browser, size: ViewportSize, language: str = "en") -> AsyncIterator[Page]:
    """A window on the pages of a house; whatever its scripts complain of fails the test that opened it."""
    context = await browser.new_context(viewport=size, locale=language)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert complaints == []


def is_complaint(said: ConsoleMessage) -> bool:
    """Something refused or broken. That a page answers with a fault is none, nor that a letter may run no script."""
    return said.type == "error" and not said.text.startswith(("Failed to load resource", "Blocked script execution"))


async def sign_in(page: Page, address: str, who: cast.Person) -> None:
    """As the mailboxes do it."""
    await page.goto(f"{address}/")
    await page.locator(f'form[action="/mail/{who.id}/session"] button[value="me"]').click()
    await page.wait_for_url(f"{address}/me")


async def is_well(page: Page, picture: Path) -> None:
    await page.screenshot(path=picture, full_page=True)
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("axe.run(document)")
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
    assert await page.evaluate(TWICE) == []
