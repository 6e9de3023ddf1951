"""The browser of the page tests starts, and each test gets a window of its own."""

import pytest
from playwright.async_api import BrowserContext

pytestmark = pytest.mark.browser


async def test_the_browser_shows_a_page(window: BrowserContext) -> None:
    page = await window.new_page()
    await page.set_content("<h1>Olá, Inês</h1>")
    assert await page.inner_text("h1") == "Olá, Inês"


async def test_a_window_starts_empty(window: BrowserContext) -> None:
    assert window.pages == []
    assert await window.cookies() == []
