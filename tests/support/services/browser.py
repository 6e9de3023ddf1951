"""A real browser for the tests. Debian's chromium, driven by playwright, one for the session.

Its headless shell is the same engine without a browser's own windows, at a third of the processor's time.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

QUIET = (
    "--no-sandbox",  # tests run as root in containers, where chromium's own sandbox refuses to start
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
HOW_TO_GET_IT = (
    "the page tests need a browser: apt install chromium-headless-shell fonts-dejavu-core (`make test` does it where "
    "it may)"
)


def chromium_path() -> str:
    """Where chromium is; without it the test is skipped, except under CI=true, where that is a failure."""
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(HOW_TO_GET_IT)
    pytest.skip(HOW_TO_GET_IT)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    # Playwright's own pytest plugin leaves a loop running that stops every async test after it.
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_path(), args=QUIET)
        yield chromium
        await chromium.close()


@pytest.fixture
async def window(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A fresh window: no cookies, no history, nothing of another test's."""
    context = await browser.new_context()
    yield context
    await context.close()


@asynccontextmanager
async def page_of(
    browser: Browser, size: ViewportSize, language: str = "en", *, script: bool = True, touch: bool = False
) -> AsyncIterator[Page]:
    """A page without cookies, of a window that one test after the other gets: to open one takes a second of a
    processor, more than most tests do with it. Whoever listens to its events, or sets its clock, takes a `window`.
    """
    left = _LEFT[browser, language, script, touch]
    page = left.pop() if left else await _new_page(browser, language, script=script, touch=touch)
    try:
        await page.set_viewport_size(size)
        yield page
        await _empty(page)
    except BaseException:
        await page.context.close()  # nobody knows what is on it
        raise
    left.append(page)


async def _new_page(browser: Browser, language: str, *, script: bool, touch: bool) -> Page:
    return await browser.new_page(locale=language, java_script_enabled=script, has_touch=touch)


async def _empty(page: Page) -> None:
    """As it was when it was opened."""
    await page.goto("about:blank")
    for other in page.context.pages:
        if other != page:
            await other.close()
    await page.unroute_all()
    await page.context.clear_cookies()
    await page.emulate_media(color_scheme="null", reduced_motion="null")


_LEFT: defaultdict[tuple[Browser, str, bool, bool], list[Page]] = defaultdict(list)
