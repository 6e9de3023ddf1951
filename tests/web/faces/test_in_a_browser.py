"""A face in a real browser: on the narrowest phone, by day and by night, in a letter and in the console's preview."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page

from images.cleaning import clean
from models.face.colours import contrast, palette
from models.ids import ProgrammeId
from store.programmes import faces
from store.programmes.faces import KeptFace
from store.sample import world
from tests import cast
from tests.cast import OLIVE
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import is_well, looking, sign_in

pytestmark = pytest.mark.browser

LOGO = Path(world.__file__).with_name("northwind.svg")
FACE = KeptFace(
    name="Northwind Founders",
    sender=None,
    signature="Olive Ortega\nNorthwind Founders",
    opening={"en": "Northwind brings founders and people who can help them together."},
    colour="#ffb000",
    logo=None,
)
COLOUR = "getComputedStyle(document.querySelector('{}')).{}"
DRAWN = "[...document.images].every((each) => each.complete && each.naturalWidth > 0)"
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("accelerator")) as opened:
        picture = clean(LOGO.read_bytes(), LOGO.name)
        of = ProgrammeId(cast.PROGRAMME)
        await opened.database.write(lambda on: faces.keep(on, of, FACE, None, opened.clock(), picture))
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_wear_it_on_the_narrowest_phone(
    house: Visited, browser: Browser, scheme: Literal["light", "dark"], tmp_path: Path
) -> None:
    async with serving(house.app) as address, looking(browser, {"width": 320, "height": 640}) as page:
        await page.emulate_media(color_scheme=scheme)
        shades = getattr(palette("#ffb000"), scheme)
        for name, path in (("promises", f"/p/{cast.PROGRAMME}"), ("sign_in", "/me"), ("gone", "/a/none")):
            await page.goto(f"{address}{path}")
            assert await page.evaluate(WIDTH) <= 320, name
            assert await page.evaluate(DRAWN), name
            await shot(page, tmp_path, f"{name}-{scheme}")
        await page.goto(f"{address}/me")
        assert await page.evaluate(COLOUR.format(".button", "backgroundColor")) == as_rgb(shades.deep)
        assert contrast(shades.deep, shades.on_deep) >= 4.5


async def test_the_page_of_the_face_is_well_and_shows_what_is_typed(
    house: Visited, browser: Browser, tmp_path: Path
) -> None:
    async with serving(house.app) as address, looking(browser) as page:
        await sign_in(page, address, OLIVE)
        await page.goto(f"{address}/console/face")
        await is_well(page, tmp_path / "face.png")
        shown = page.frame_locator("iframe[name=preview]")
        await page.fill("#signature", "Somebody else\nof Northwind")
        await page.click("button[value=letter]")
        await shown.get_by_text("Somebody else").wait_for()
        assert await shown.locator(".opening").inner_text() == FACE.opening["en"]
        await shot(page, tmp_path, "preview-letter")
        await page.fill("#colour", "#7a1f3d")
        await page.click("button[value=page]")
        button = shown.locator("span.button").first
        await button.wait_for()
        assert await button.evaluate("(each) => getComputedStyle(each).backgroundColor") == as_rgb("#7a1f3d")
        await shot(page, tmp_path, "preview-page")
        assert await page.input_value("#signature") == "Somebody else\nof Northwind"  # nothing typed is lost by looking
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await page.evaluate(WIDTH) <= 320


async def shot(page: Page, folder: Path, name: str) -> None:
    """Where pictures are wanted, one to look at."""
    if os.environ.get("PICTURES"):
        await page.screenshot(path=folder / f"{name}.png", full_page=True)


def as_rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"
