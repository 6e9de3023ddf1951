"""Staff set the face of their programme: looked at first, kept on their word; what cannot stand comes back as typed."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from models.ids import ProgrammeId
from store.programmes.faces import KeptFace, face_of
from store.tables import logo
from tests import cast
from tests.cast import OLIVE, ROSA
from tests.web.house import Visited, nonce_on, visited

PATH = f"/console/face?programme={cast.PROGRAMME}"
LOOK = f"/console/face/preview?programme={cast.PROGRAMME}"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><path fill="#b5521b" d="M2 2h56v16h-56z"/></svg>'
LOGO = ("logo.svg", DRAWING.encode(), "image/svg+xml")
WORDS = {
    "name": "Northwind",
    "sender": "Northwind introductions",
    "signature": "Olive Ortega\r\nthe introductions desk",
    "colour": "#FFD400",
    "opening_en": "Northwind brings founders and mentors together.",
    "opening_es": "",
    "opening_pt": "Northwind aproxima fundadores e mentores.",
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("accelerator")) as opened:
        yield opened


async def test_what_is_saved_is_worn_by_pages_from_then_on(house: Visited) -> None:
    olive = await house.signed_in(OLIVE)
    assert (await send(olive, PATH, WORDS, LOGO)).status_code == 303
    kept = await now(house)
    assert kept.model_dump(exclude={"logo"}) == {
        "name": "Northwind",
        "sender": "Northwind introductions",
        "signature": "Olive Ortega\nthe introductions desk",
        "colour": "#ffd400",
        "opening": {"en": WORDS["opening_en"], "pt": WORDS["opening_pt"]},
    }
    assert "Saved." not in (await olive.get(f"{PATH}&kept=1")).text
    again = await send(olive, PATH, WORDS, LOGO)
    shown = (await olive.get(again.headers["location"])).text
    assert "Saved." in shown
    assert "#ffd400 is hard to read on white" in shown
    stranger = house.stranger()
    for path in (f"/p/{cast.PROGRAMME}", "/me", "/nowhere", "/a/none", "/me/none"):
        text = (await stranger.get(path)).text
        assert f"/logo/{kept.logo}.png" in text, path
        assert "/colour/ffd400.css" in text, path
    rosa = await house.signed_in(ROSA)
    for path in ("/me", "/me/settings", f"/ask/{cast.PROGRAMME}"):
        assert f"/logo/{kept.logo}.png" in (await rosa.get(path)).text, path


async def test_looking_shows_all_of_it_and_keeps_nothing(house: Visited) -> None:
    olive, before = await house.signed_in(OLIVE), await now(house)
    letter = await send(olive, LOOK, WORDS | {"of": "letter"}, LOGO)
    assert "Northwind brings founders and mentors together." in letter.text
    assert "the introductions desk" in letter.text
    assert "data:image/png;base64," in letter.text
    page = await send(olive, LOOK, WORDS | {"of": "page"}, LOGO)
    assert "data:image/png;base64," in page.text
    assert "/colour/ffd400.css" in page.text
    for shown in (letter, page):
        assert shown.status_code == 200
        assert "frame-ancestors 'self'" in shown.headers["content-security-policy"]
        assert "script-src" not in shown.headers["content-security-policy"]
    assert await now(house) == before
    assert await logos(house) == 0


REFUSED: tuple[tuple[dict[str, str], Any, str], ...] = (
    ({"name": ""}, LOGO, "Please fill this in."),
    ({"colour": "mauve"}, LOGO, "A colour is written like #0e6a63."),
    ({"sender": "billing@bank.example"}, LOGO, "nothing that looks like an address"),
    ({"signature": "1\n2\n3\n4"}, LOGO, "At most 3 lines of 80 characters"),
    ({"opening_pt": "x" * 241}, LOGO, "At most 240 characters"),
    ({"opening_en": "a\0b"}, LOGO, "At most 240 characters"),
    ({}, ("logo.svg", DRAWING.replace("<path", "<script/><path").encode(), ""), "holds a script"),
    ({}, ("logo.png", b"<html>", "image/png"), "We cannot use this picture"),
    ({}, ("logo.png", DRAWING.encode(), "image/png"), "not what its name says"),
    ({}, ("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(520 * 1024), "image/png"), "too large"),
)


async def test_what_cannot_stand_is_said_and_the_words_come_back(house: Visited) -> None:
    olive, before = await house.signed_in(OLIVE), await now(house)
    for changed, file, said in REFUSED:
        refused = await send(olive, PATH, WORDS | changed, file)
        assert (refused.status_code, said in refused.text) == (422, True), said
        assert "Nothing was saved." in refused.text
        assert all((WORDS | changed)[name] in refused.text for name in ("sender", "opening_pt")), said
    assert await now(house) == before
    assert await logos(house) == 0


async def test_only_its_own_staff_and_only_from_the_page_itself(house: Visited) -> None:
    rosa = await house.signed_in(ROSA)
    assert (await rosa.get(PATH)).status_code == 404
    assert (await rosa.get(LOOK)).status_code == 404
    assert (await rosa.post(PATH, data=WORDS)).status_code == 404
    olive = await house.signed_in(OLIVE)
    assert (await olive.get("/console/face?programme=prg_other")).status_code == 404
    assert (await olive.post(PATH, data=WORDS)).status_code == 422
    assert (await now(house)).colour is None


async def test_a_logo_is_taken_away_and_stays_where_letters_lead(house: Visited) -> None:
    olive = await house.signed_in(OLIVE)
    await send(olive, PATH, WORDS, LOGO)
    old = (await now(house)).logo
    await send(olive, PATH, WORDS | {"without_logo": "yes"})
    assert (await now(house)).logo is None
    assert (await house.stranger().get(f"/logo/{old}.png")).status_code == 200
    await send(olive, PATH, WORDS, LOGO)
    assert (await now(house)).logo == old


async def test_what_another_has_saved_meanwhile_is_shown_and_not_overwritten(house: Visited) -> None:
    olive, oscar = await house.signed_in(OLIVE), await house.signed_in(OLIVE)
    opened = seen_on((await oscar.get(PATH)).text)
    assert (await send(olive, PATH, WORDS, LOGO)).status_code == 303
    kept = await now(house)
    typed = WORDS | {"signature": "Oscar", "colour": "#884400"}
    late = await send(oscar, PATH, typed | {"seen": opened})
    assert (late.status_code, await now(house)) == (409, kept)
    assert "Somebody has saved another version" in late.text
    assert "Olive Ortega / the introductions desk" in late.text
    assert "Oscar</textarea>" in late.text
    assert (await send(olive, PATH, WORDS | {"seen": opened})).status_code == 303  # the same once more changes nothing
    assert (await send(oscar, PATH, typed | {"seen": seen_on(late.text)})).status_code == 303
    assert (await now(house)) == kept.model_copy(update={"signature": "Oscar", "colour": "#884400"})


@pytest.mark.parametrize("name", ["a\0.svg", "logo.svg\0", "\0", "-m.svg", "x" * 300 + ".s\u00e9g"])
async def test_whatever_a_file_is_called_is_no_fault_of_ours(house: Visited, name: str) -> None:
    olive = await house.signed_in(OLIVE)
    page = (await olive.get(PATH)).text
    fields = WORDS | {"nonce": nonce_on(page), "seen": seen_on(page)}
    body, kind = in_parts(fields, name, LOGO[1])
    assert (await olive.post(PATH, content=body, headers={"content-type": kind})).status_code == 303


def in_parts(fields: dict[str, str], name: str, file: bytes) -> tuple[bytes, str]:
    """A form in parts, whose file is called as no browser would write it."""
    parts = [f'--x\r\ncontent-disposition: form-data; name="{each}"\r\n\r\n{text}\r\n' for each, text in fields.items()]
    head = f'--x\r\ncontent-disposition: form-data; name="logo"; filename="{name}"\r\n\r\n'
    return "".join(parts).encode() + head.encode() + file + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def seen_on(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]


async def send(who: httpx2.AsyncClient, path: str, words: dict[str, str], file: Any = None) -> httpx2.Response:
    """The form, as a browser sends it: in parts, the file among them."""
    page = (await who.get(PATH)).text
    hidden = {"nonce": nonce_on(page), "seen": seen_on(page)}
    files = {"logo": file or ("", b"", "application/octet-stream")}
    return await who.post(path, data=hidden | words, files=files)


async def now(house: Visited) -> KeptFace:
    return await house.database.read(lambda connection: face_of(connection, ProgrammeId(cast.PROGRAMME)))


async def logos(house: Visited) -> int:
    return await house.database.read(
        lambda connection: connection.execute(select(func.count()).select_from(logo)).scalar_one()
    )
