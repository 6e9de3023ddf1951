"""A real browser for the tests. Debian's chromium, driven by playwright, one for the session."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

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
    "the page tests need a browser: apt install chromium fonts-dejavu-core (`make test` does it where it may)"
)


def chromium_path() -> str:
    """Where chromium is; without it the test is skipped, except under CI=true, where that is a failure."""
    found = shutil.which("chromium")
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
