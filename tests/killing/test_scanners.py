"""Can a machine that opens links answer for a person? A fleet of them goes over every letter before its reader does.

Mail scanners fetch every link, some with HEAD or OPTIONS, some run the scripts of a page in a real browser, some send
forms as they stand. None may leave a trace; the person's own click still works afterwards (SAFETY.md, A1).
"""

import asyncio
import re
from pathlib import Path
from urllib.parse import urljoin

import httpx2
import pytest
from playwright.async_api import Browser

from commands.demo.pages import Page
from tests.databases import Place
from tests.killing.load import Desk, Readers, text_of
from tests.killing.test_kills import running
from tests.sink import Kept, Sink

ANY_LINK = re.compile(r"https?://127\.0\.0\.1:\d+/[^\s\"'<>)]*")


@pytest.mark.browser
@pytest.mark.timeout(600)
async def test_scanners_over_every_letter_answer_nothing(
    sink: Sink, browser: Browser, place: Place, tmp_path: Path
) -> None:
    desk, readers, seen = Desk(place), Readers(sink), 0
    await desk.open()
    async with running(tmp_path, sink, desk), httpx2.AsyncClient(timeout=20) as client:
        desk.ask(1)
        async with asyncio.timeout(400):
            while not (desk.delivered() and seen == len(sink.kept) >= 6):
                for kept in list(sink.kept)[seen:]:
                    before = desk.answers()
                    await fleet(client, browser, kept)
                    assert desk.answers() == before
                    await readers.answer(client, kept)
                    seen += 1
                await asyncio.sleep(0.2)
    assert readers.acknowledged == 3  # the connector's yes and both parties', each after the fleet had been there


async def fleet(client: httpx2.AsyncClient, browser: Browser, kept: Kept) -> None:
    links = sorted(set(ANY_LINK.findall(text_of(kept))))
    assert links
    for link in links:
        for method in ("GET", "HEAD", "OPTIONS", "GET"):
            answer = await client.request(method, link)
            assert answer.status_code < 500
        await forms_as_they_stand(client, link)
        await with_scripts(browser, link)


async def forms_as_they_stand(client: httpx2.AsyncClient, link: str) -> None:
    """Every form of the page, sent with what is filled in: nothing is chosen, so nothing may follow."""
    answer = await client.get(link)
    for form in Page(link, answer.text).forms:
        if form.method == "post" and "/a/" in urljoin(link, form.action):
            sent = await client.post(urljoin(link, form.action), data=form.filled)
            assert 400 <= sent.status_code < 500


async def with_scripts(browser: Browser, link: str) -> None:
    page = await browser.new_page()
    try:
        await page.goto(link, wait_until="networkidle")
        await page.mouse.wheel(0, 2_000)
        await page.wait_for_timeout(200)
    finally:
        await page.close()
