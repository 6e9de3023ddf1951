"""An operator chooses what reaches them by letter, for themselves alone."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from models.desk import USUAL, DeskKind, StaffHearing
from store.people import hearing, person
from tests.cast import CARL, OLIVE, policy
from tests.web.house import nonce_on, visited
from tests.web.http_server import serving
from tests.web.page_checks import NARROW, in_each_language, is_well, looking, sign_in


async def test_each_kind_is_chosen_and_what_cannot_be_is_refused_with_the_rest_kept(tmp_path: Path) -> None:
    async with visited(tmp_path, policy("accelerator")) as house:
        olive, carl = await house.signed_in(OLIVE), await house.signed_in(CARL)
        page = await olive.get("/console/hearing")
        assert (await carl.get("/console/hearing")).status_code == 404
        sent = {str(kind): "never" for kind in DeskKind} | {"nonce": nonce_on(page.text), "hour": "6"}
        assert (await olive.post("/console/hearing", data=sent | {"nonce": "no"})).status_code == 422
        refused = await olive.post("/console/hearing", data=sent | {"hour": "25"})
        assert refused.status_code == 422
        assert refused.text.count('value="never" selected') == len(DeskKind)
        assert await house.database.read(lambda c: hearing.of_operator(c, OLIVE.id)) == StaffHearing(ways=USUAL)
        kept = await olive.post("/console/hearing", data=sent)
        assert kept.headers["location"] == "/console/hearing?said=kept"
        now = await house.database.read(lambda c: hearing.of_operator(c, OLIVE.id))
        assert now == StaffHearing(ways=dict.fromkeys(DeskKind, "never"), hour=6)


@pytest.mark.browser
@in_each_language
async def test_the_page_is_clean_and_fits(tmp_path: Path, browser: Browser, language: str) -> None:
    async with visited(tmp_path, policy("accelerator")) as house:
        await house.database.write(lambda c: person.speak(c, OLIVE.id, language, "Europe/Madrid"))
        async with serving(house.app) as address, looking(browser, NARROW) as page:
            await sign_in(page, address, OLIVE)
            await page.goto(f"{address}/console/hearing")
            await is_well(page, tmp_path / f"hearing-{language}.png")
