"""The answer pages work in a real browser: narrow and wide, with script and without; each language in `make soak`."""

import hashlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize
from sqlalchemy import update

from models.asks import AskKind
from store.tables import person
from tests.cast import CARL, ROSA, TOMOKO, opening
from tests.support.services.browser import page_of
from tests.web.answers.house import Visits, visits
from tests.web.http_server import serving
from tests.web.page_checks import NARROW, WIDE, in_each_language, is_well

pytestmark = pytest.mark.browser

VENDOR = Path(__file__).parents[2] / "vendor"


class Looking(Protocol):
    """Opens a page of the house; `clock_at` gives the browser a clock of its own that stands still there."""

    def __call__(self, path: str, clock_at: datetime | None = None) -> Awaitable[Page]: ...


def test_what_is_vendored_is_what_was_published() -> None:
    for line in (VENDOR / "manifest.sha256").read_text().splitlines():
        expected, name = line.split()
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == expected


@in_each_language
async def test_every_page_fits_and_is_accessible(tmp_path: Path, browser: Browser, language: str) -> None:
    async with _open(tmp_path, browser, language, NARROW) as (house, look):
        async for page in _every_page(house, look):
            await is_well(page, None)


async def _every_page(house: Visits, look: Looking) -> AsyncIterator[Page]:
    """Each page of one introduction from the first ask to the thanks, unfolded as far as it goes."""
    yield await look("/a/never-made")
    carls = await house.link(CARL, AskKind.APPROVE)
    yield await _unfolded(await look(carls))
    await house.post(carls, choice="vouch", sentence="Two hours of yours, well spent.")
    yield await look(carls)
    await house.shell.time_passes(timedelta(seconds=6))
    for who in (TOMOKO, ROSA):
        path = await house.link(who, AskKind.OPT_IN)
        yield await _unfolded(await look(path))
        await house.post(path, choice="yes", channels=f"cha_{who.id.removeprefix('per_')}_mail")
        yield await look(path)
    await house.shell.time_passes(timedelta(seconds=17))
    yield await look(await house.link(ROSA, AskKind.WRITTEN))
    await house.shell.time_passes(timedelta(seconds=20))
    path = await house.link(ROSA, AskKind.MEET)
    yield await _unfolded(await look(path))
    await house.post(path, choice="useful")
    await house.shell.time_passes(timedelta(seconds=16))
    path = await house.link(ROSA, AskKind.THANKS)
    yield await look(path)
    await house.post(path, choice="thank", thanks="Thank you for the hour.")
    await house.shell.time_passes(timedelta(days=2))
    yield await _unfolded(await look(await house.link(TOMOKO, AskKind.MEET)))


async def _unfolded(page: Page) -> Page:
    await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    return page


async def test_a_request_passed_on_by_hand_is_accessible_too(tmp_path: Path, browser: Browser) -> None:
    async with _open(tmp_path, browser, "pt", NARROW) as (house, look):
        path = await house.link(CARL, AskKind.APPROVE)
        await house.post(path, choice="forward")
        page = await look(path)
        await page.get_by_role("button", name="Ver o texto e o link").click()
        await is_well(page)
        text = await page.get_by_label("Texto e link").input_value()
        forwarded = await look("/f/" + text.strip().rpartition("/f/")[2])
        await is_well(forwarded)
        await forwarded.get_by_role("button", name="Enviar-me o meu próprio link").click()
        await forwarded.get_by_role("heading", name="O seu próprio link está a caminho").wait_for()
        await is_well(forwarded)


async def test_dark_pages_are_accessible_too(tmp_path: Path, browser: Browser) -> None:
    async with _open(tmp_path, browser, "en", NARROW, dark=True) as (house, look):
        path = await house.link(CARL, AskKind.APPROVE)
        await is_well(await _unfolded(await look(path)))
        await house.post(path, choice="introduce")
        await is_well(await look(path))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_a_connector_answers_on_a_phone(tmp_path: Path, browser: Browser, script: bool) -> None:
    async with _open(tmp_path, browser, "en", NARROW, script=script) as (house, look):
        path = await house.link(CARL, AskKind.APPROVE)
        page = await look(path)
        assert not await page.locator("#sentence").is_visible(), "a yes needs no words"
        await page.get_by_text("Another answer").click()
        await page.get_by_text("Yes, with a sentence of mine, or vouching for Rosa Prieto").click()
        await page.locator(".chip").first.click()
        sentence = await page.locator("#sentence").input_value()
        assert sentence == "I have read what Rosa Prieto writes, and I think it is worth your time. "
        await page.locator("#sentence").fill(sentence + "Do meet.")
        house.shell.now = datetime.now(UTC) + timedelta(minutes=1)  # the browser counts the undo down by its own clock
        await page.get_by_role("button", name="Yes, and I vouch for Rosa Prieto").click()
        await page.get_by_role("heading", name="We have your answer").wait_for()
        assert "Do meet." in await page.inner_text("main")
        await page.get_by_role("button", name="Undo").click()
        await page.get_by_role("heading", name="Would you introduce Rosa Prieto to Tomoko Abe?").wait_for()
        assert await page.locator("#sentence").input_value() == sentence + "Do meet.", "what was typed comes back"
        await page.get_by_role("button", name="No, thank you").first.click()
        await page.get_by_text("No, thank you.").wait_for()
        assert [each.kind for each in await house.news()] == ["connector_approved", "undone", "declined"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_a_target_answers_with_the_keyboard(tmp_path: Path, browser: Browser, script: bool) -> None:
    async with _open(tmp_path, browser, "pt", WIDE, script=script) as (house, look):
        await house.approved()
        page = await look(await house.link(TOMOKO, AskKind.OPT_IN))
        await page.get_by_text("Outra resposta").press("Enter")
        await page.get_by_text("Sim, com as minhas condições").press("Enter")
        await page.locator("#channel-1").press("Space")
        assert await page.locator("#channel-1").is_checked()
        async with page.expect_request("**/nothing"):
            await page.locator("#channel-1").press("Enter")
        assert await page.locator("#channel-1").is_checked(), "Enter in a field sends nothing, and changes nothing"
        await page.get_by_role("button", name="Sim, com estas condições").press("Enter")
        await page.get_by_role("heading", name="Temos a sua resposta").wait_for()
        assert (await house.news())[-1].channels == ("cha_tomoko_mail",)


async def test_a_fault_is_led_to(tmp_path: Path, browser: Browser) -> None:
    async with _open(tmp_path, browser, "es", NARROW) as (house, look):
        await house.approved()
        page = await look(await house.link(TOMOKO, AskKind.OPT_IN))
        await page.get_by_text("Otra respuesta").click()
        await page.get_by_text("Sí, con mis condiciones").click()
        await page.get_by_role("button", name="Sí, con estas condiciones").click()
        await page.locator("#faults a").click()
        await page.wait_for_url("**#channels")
        assert await page.locator("#channels-fault").is_visible(), "what was unfolded stays unfolded"


async def test_a_scanner_that_runs_scripts_and_waits_causes_nothing(tmp_path: Path, browser: Browser) -> None:
    async with _open(tmp_path, browser, "en", WIDE) as (house, look):
        page = await look(await house.link(CARL, AskKind.APPROVE))
        await page.wait_for_timeout(1500)
        for link in await page.locator("a[href]").all():
            assert (await link.get_attribute("href") or "").startswith(("/", "#"))
        assert await house.kept() == 0


async def test_nothing_comes_from_elsewhere_and_nothing_breaks_the_content_policy(
    tmp_path: Path, window: BrowserContext
) -> None:
    async with _serving(tmp_path, await window.new_page(), "en") as (house, look):
        await house.approved(sentence="<img src=https://evil.test/x.png onerror=alert(1)>")
        page = await look(await house.link(TOMOKO, AskKind.OPT_IN))
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        await page.reload(wait_until="networkidle")
        assert all(url.startswith(page.url.partition("/a/")[0]) for url in asked), asked
        assert said == []


async def test_seconds_go_on_counting_and_the_undo_goes_when_its_time_is_over(
    tmp_path: Path, window: BrowserContext
) -> None:
    page = await window.new_page()
    await page.set_viewport_size(NARROW)
    async with _serving(tmp_path, page, "en") as (house, look):
        await house.approved()
        path = await house.link(TOMOKO, AskKind.OPT_IN)
        await house.post(path, choice="yes", channels="cha_tomoko_mail")
        page = await look(path, clock_at=house.shell.now)
        assert await page.get_by_role("button", name="Undo").is_visible()
        await page.clock.run_for(6_000)  # the demo lets a yes be undone for five seconds
        await page.get_by_role("button", name="Take my yes back").wait_for()
        assert not await page.get_by_role("button", name="Undo").is_visible()


@asynccontextmanager
async def _open(
    folder: Path, browser: Browser, language: str, size: ViewportSize, *, script: bool = True, dark: bool = False
) -> AsyncIterator[tuple[Visits, Looking]]:
    """A house on a real port, everybody in it speaking one language, and a way to look at a page of it."""
    async with page_of(browser, size, script=script) as page:
        await page.emulate_media(reduced_motion="reduce", color_scheme="dark" if dark else "light")
        async with _serving(folder, page, language) as opened:
            yield opened


@asynccontextmanager
async def _serving(folder: Path, page: Page, language: str) -> AsyncIterator[tuple[Visits, Looking]]:
    begun = opening("demo", asked_at=datetime.now(UTC))
    async with visits(folder, begun) as house, serving(house.app) as address:
        await house.run(update(person).values(language=language, headline="Builds pumps", organisation="Aguaviva"))

        async def look(path: str, clock_at: datetime | None = None) -> Page:
            if clock_at:
                await page.clock.install(time=clock_at - timedelta(hours=1))  # it runs until it is told to stop
                await page.clock.pause_at(clock_at)
            await page.goto(address + path)
            return page

        yield house, look
        await page.goto("about:blank")
