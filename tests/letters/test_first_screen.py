"""The first screen of a letter on a phone shows who asks, the sentence and the button without scrolling."""

import pytest
from playwright.async_api import BrowserContext, Page

from mailroom.compose.composition import compose
from mailroom.compose.views import Asking, AskTarget, Language, LetterView
from models.letters import LANGUAGES
from tests.letters.samples import samples

pytestmark = pytest.mark.browser

PHONE = (360, 640)
NARROWEST = 320  # WCAG 2.2, 1.4.10: nothing is lost and nobody scrolls sideways
BIGGEST_FINGER, ONE_LINE = 44, 60  # pixels high
HEIGHTS = "[...document.querySelectorAll('.button a')].map((each) => each.getBoundingClientRect().height)"
LONG_SENTENCE = " ".join(["I have known Rosa for a long time and would trust her with my own plans."] * 4)

in_each_language = pytest.mark.parametrize("language", LANGUAGES)


async def _opened(window: BrowserContext, view: LetterView) -> Page:
    page = window.pages[0] if window.pages else await window.new_page()
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await page.set_content(compose(view).html)
    return page


async def _foot_of(page: Page, what: str) -> float:
    box = await page.locator(what).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@in_each_language
async def test_the_button_is_on_the_first_screen_and_nobody_scrolls_sideways(
    window: BrowserContext, language: Language
) -> None:
    for name, view in samples(language):
        page = await _opened(window, view)
        if isinstance(view, Asking):
            assert await _foot_of(page, ".button a") <= PHONE[1], name
        for height in await page.evaluate(HEIGHTS):  # as big as a finger, and never two lines
            assert BIGGEST_FINGER <= height < ONE_LINE, name
        await page.set_viewport_size({"width": NARROWEST, "height": PHONE[1]})
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, name


@in_each_language
async def test_a_target_sees_who_asks_and_a_long_sentence_above_the_button(
    window: BrowserContext, language: Language
) -> None:
    for name, view in samples(language):
        if isinstance(view, AskTarget) and view.sentence and not view.reminder:
            page = await _opened(window, view.model_copy(update={"sentence": LONG_SENTENCE}))
            button = await _foot_of(page, ".button a")
            assert await _foot_of(page, f"p:has-text('{view.requester}')") < button, name
            assert await _foot_of(page, "blockquote") < button <= PHONE[1], name
