"""Signing in by a mailed link: one press where it was asked for, two anywhere else, and no scanner takes it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from sqlalchemy import func, select

from models.ids import PersonId
from store.access import link_tokens
from store.audit import exposure
from store.audit.exposure import Exposure
from store.tables import letter, session
from tests import cast
from tests.cast import CARL, ROSA
from tests.support.services.databases import Place
from tests.web.house import Visited, nonce_on, visited

ROSAS_ADDRESS = {"address": "Rosa@Example.test"}
ASKED = "introbroker-asked"
REAL = frozenset({Exposure.PEOPLE})


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo"), place=place) as opened:
        yield opened


async def test_a_known_and_an_unknown_address_get_the_same_answer(house: Visited) -> None:
    known = await house.stranger().post("/me/sign-in", data=ROSAS_ADDRESS)
    unknown = await house.stranger().post("/me/sign-in", data={"address": "nobody@example.test"})
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    assert known.headers["content-length"] == unknown.headers["content-length"]
    kept = [each.headers["set-cookie"] for each in (known, unknown)]
    assert len(kept[0]) == len(kept[1])
    assert kept[0].partition("=")[0] == kept[1].partition("=")[0] == ASKED
    for told in ("httponly", "samesite=lax", "path=/", "max-age=3600"):
        assert all(told in each.lower() for each in kept)


async def test_where_no_letter_can_leave_none_is_promised(house: Visited) -> None:
    """Real people closed the mail page of a trial, and nothing stands in for it."""
    await house.database.write(lambda connection: exposure.remember(connection, REAL, house.clock()))
    door = await house.stranger().get("/me")
    asked = await house.stranger().post("/me/sign-in", data=ROSAS_ADDRESS)
    assert "No letter leaves this installation now" in door.text
    assert "No letter leaves this installation now" in asked.text
    assert "is on its way" not in asked.text


FAULTS = {
    "\u200b{}": "Something invisible was in this address.",
    "{}\u200b": "Something invisible was in this address.",
    "ro\u00ad{}": "Something invisible was in this address.",
    "{}\u2060\ufeff": "Something invisible was in this address.",
    "{}, carl@example.test": "Please give one address only.",
    "tom@tern": "After the @ something is missing",
    "rosé{}": "We cannot write to an address with accents",
    "Rosa <{}>": "This does not look like one e-mail address",
    "rosa": "This does not look like one e-mail address",
    "rosa@": "After the @ something is missing",
    "": "Please fill this in.",
    "   ": "Please fill this in.",
    "\x00 <b>": "This does not look like one e-mail address",
    "a" * 5000: "This does not look like one e-mail address",
}


async def test_what_can_be_no_address_is_said_at_its_field_and_tells_nothing_of_who_is_known(house: Visited) -> None:
    stranger = house.stranger()
    for typed, said in FAULTS.items():
        pages = []
        for address in (ROSA.address, "nob@example.test"):  # the one is known, the other as long
            answer = await stranger.post("/me/sign-in", data={"address": typed.format(address)})
            assert (answer.status_code, said in answer.text) == (422, True), typed
            assert 'aria-invalid="true"' in answer.text
            assert "set-cookie" not in answer.headers
            pages.append(answer.text.replace(address, "somebody"))
        assert pages[0] == pages[1]
    assert await house.database.read(lambda c: c.execute(select(func.count()).select_from(letter)).scalar_one()) == 0


async def test_what_nobody_can_see_is_taken_out_and_the_next_press_is_good(house: Visited) -> None:
    stranger = house.stranger()
    answer = await stranger.post("/me/sign-in", data={"address": f"\u200b{ROSA.address}\ufeff"})
    assert f'value="{ROSA.address}"' in answer.text


async def test_only_the_known_one_gets_a_letter_and_five_an_hour_at_most(house: Visited) -> None:
    stranger = house.stranger()
    for _ in range(7):
        await stranger.post("/me/sign-in", data=ROSAS_ADDRESS)
        await stranger.post("/me/sign-in", data={"address": "nobody@example.test"})
    planned = select(letter.c.person, func.count().label("many")).where(letter.c.kind == "sign_in")
    rows = await house.database.read(lambda c: c.execute(planned.group_by(letter.c.person)).all())
    assert [(row.person, row.many) for row in rows] == [(ROSA.id, 5)]
    house.clock.passes(timedelta(hours=1, seconds=1))
    await stranger.post("/me/sign-in", data=ROSAS_ADDRESS)
    many = await house.database.read(lambda c: c.execute(select(func.count()).select_from(letter)).scalar_one())
    assert many == 6


async def link_for(house: Visited, who: PersonId = ROSA.id) -> str:
    until = house.clock() + timedelta(minutes=15)
    return await house.database.write(
        lambda c: link_tokens.mint(c, "sign_in", who, now=house.clock(), expires_at=until)
    )


async def asked(house: Visited, address: str = ROSA.address) -> httpx2.AsyncClient:
    """The browser of somebody who asked for a link to this address."""
    browser = house.stranger()
    await browser.post("/me/sign-in", data={"address": address})
    return browser


async def sessions_of(house: Visited) -> list[str]:
    return await house.database.read(lambda c: list(c.execute(select(session.c.person)).scalars()))


async def test_in_the_browser_that_asked_one_press_signs_in_once(house: Visited) -> None:
    browser, link = await asked(house), await link_for(house)
    for _ in range(3):
        shown = await browser.get(f"/me/{link}")
        assert "Open my page" in shown.text
        assert "we ask once more" not in shown.text
    assert await sessions_of(house) == []
    pressed = await browser.post(f"/me/{link}")
    assert (pressed.status_code, pressed.headers["location"]) == (303, "/me")
    assert "Rosa Prieto" in (await browser.get("/me")).text
    assert ASKED not in browser.cookies
    again = await (await asked(house)).post(f"/me/{link}")
    assert again.status_code == 404
    assert "set-cookie" not in again.headers
    assert await sessions_of(house) == [ROSA.id]


async def test_a_scanner_that_opens_and_sends_everything_takes_nothing_and_uses_nothing_up(house: Visited) -> None:
    browser, link, scanner = await asked(house), await link_for(house), house.stranger()
    for method in ("HEAD", "GET", "OPTIONS", "POST", "GET", "POST"):
        page = await scanner.request(method, f"/me/{link}")
        assert page.status_code < 500
    nonce = nonce_on((await scanner.post(f"/me/{link}")).text)
    for form in (
        {"nonce": nonce},
        {"choice": "here"},
        {"nonce": nonce, "choice": "x"},
        {"nonce": "a.b", "choice": "here"},
    ):
        assert "set-cookie" not in (await scanner.post(f"/me/{link}", data=form)).headers
    assert "Your e-mail address" in (await scanner.get("/me")).text
    assert await sessions_of(house) == []
    assert (await browser.post(f"/me/{link}")).status_code == 303
    assert await sessions_of(house) == [ROSA.id]


async def test_on_another_device_it_takes_one_press_more_on_a_page_that_says_so(house: Visited) -> None:
    await asked(house)
    phone, link = house.stranger(), await link_for(house)
    assert "You did not ask for it in this browser" in (await phone.get(f"/me/{link}")).text
    once = await phone.post(f"/me/{link}")
    assert "This link was not asked for in this browser." in once.text
    assert "Rosa" not in once.text
    twice = await phone.post(f"/me/{link}", data={"nonce": nonce_on(once.text), "choice": "here"})
    assert twice.status_code == 303
    assert "Rosa Prieto" in (await phone.get("/me")).text
    assert (await phone.post(f"/me/{link}", data={"nonce": nonce_on(once.text), "choice": "here"})).status_code == 404


async def test_neither_another_links_page_nor_another_address_asked_for_is_good(house: Visited) -> None:
    carls, link = await asked(house, CARL.address), await link_for(house)
    others = nonce_on((await house.stranger().post(f"/me/{await link_for(house)}")).text)
    own = nonce_on((await (await house.signed_in(CARL)).get("/me/settings/letters")).text)
    for nonce in (others, own, carls.cookies[ASKED]):
        assert "set-cookie" not in (await carls.post(f"/me/{link}", data={"nonce": nonce, "choice": "here"})).headers
    forged = house.stranger()
    forged.cookies.set(ASKED, others)
    assert (await forged.post(f"/me/{link}")).status_code == 200
    assert await sessions_of(house) == [CARL.id]


async def test_whoever_asks_with_a_tag_or_in_capitals_has_asked_here(house: Visited) -> None:
    for typed in ("ROSA@EXAMPLE.TEST", "rosa+spring@example.test"):
        browser = await asked(house, typed)
        assert (await browser.post(f"/me/{await link_for(house)}")).status_code == 303


async def test_a_sign_in_link_survives_mail_programs_too(house: Visited) -> None:
    for behind in (".", ">", "%20", quote("\u00a0"), ")_", "%0A", "?utm_source=mail"):
        browser, link = await asked(house), await link_for(house)
        assert "Open my page" in (await browser.get(f"/me/{link}{behind}")).text, behind
        assert (await browser.post(f"/me/{link}{behind}")).status_code == 303, behind
        assert (await browser.post(f"/me/{link}")).status_code == 404


async def test_a_link_expires_and_signing_out_ends_the_session(house: Visited) -> None:
    stranger, link = house.stranger(), await link_for(house)
    house.clock.passes(timedelta(minutes=16))
    assert (await stranger.post(f"/me/{link}")).status_code == 404
    rosa = await house.signed_in(ROSA)
    kept = dict(rosa.cookies)
    await rosa.post("/me/sign-out")
    thief = house.stranger()
    thief.cookies.update(kept)
    assert "Your e-mail address" in (await thief.get("/me")).text


async def test_the_session_cookie_is_closed_to_scripts_and_other_sites(house: Visited) -> None:
    pressed = await (await asked(house)).post(f"/me/{await link_for(house)}")
    (cookie,) = [each.lower() for each in pressed.headers.get_list("set-cookie") if each.startswith("introbroker=")]
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
