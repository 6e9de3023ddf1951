"""Every letter is shown as its reader gets it, and there is such a room only where letters stay in the house."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from store.tables import mail
from tests import cast
from tests.cast import CARL, ROSA, TOMOKO
from tests.support.services.databases import Place
from tests.web.house import Visited, visited

LINK = "http://127.0.0.1:8700/a/some-token"
HTML = f"<!doctype html><html><head><title>x</title></head><body><a href='{LINK}'>Answer</a></body></html>"
TEXT = f"Dear Carl,\n\n{LINK}\n\nor see https://elsewhere.test/<b>\n"


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo"), place=place) as opened:
        row: dict[str, object] = {
            "letter": "let_1",
            "person": CARL.id,
            "message_id": "<1>",
            "subject": "Rosa & Tomoko",
            "raw": b"",
        }
        row |= {"body_text": TEXT, "body_html": HTML, "at": opened.clock()}
        await opened.database.write(lambda c: c.execute(insert(mail).values(row)))
        yield opened


async def test_the_first_page_shows_everybody_and_who_has_new_mail(house: Visited) -> None:
    page = (await house.stranger().get("/")).text
    for somebody in cast.EVERYBODY:
        assert somebody.name in page
    assert page.count("1 new letter") == 1


async def test_opening_a_letter_marks_it_read(house: Visited) -> None:
    stranger = house.stranger()
    assert "Rosa &amp; Tomoko" in (await stranger.get(f"/mail/{CARL.id}")).text
    await stranger.get(f"/mail/{CARL.id}/let_1")
    assert "1 new letter" not in (await stranger.get("/")).text
    assert "1 letter" in (await stranger.get("/")).text


async def test_a_mailbox_shows_only_its_own_letters(house: Visited) -> None:
    stranger = house.stranger()
    assert "Rosa &amp;" not in (await stranger.get(f"/mail/{TOMOKO.id}")).text
    for path in (f"{TOMOKO.id}/let_1", f"{TOMOKO.id}/let_1/html", "per_nobody", f"{CARL.id}/let_2"):
        assert (await stranger.get(f"/mail/{path}")).status_code == 404


async def test_the_letter_is_framed_and_can_do_nothing_but_follow_links(house: Visited) -> None:
    shown = await house.stranger().get(f"/mail/{CARL.id}/let_1/html")
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-top-navigation-by-user-activation" in policy
    assert "script-src" not in policy
    assert shown.headers["x-frame-options"] == "SAMEORIGIN"
    assert '<base target="_top">' in shown.text


async def test_only_our_own_links_are_links_in_the_text(house: Visited) -> None:
    page = (await house.stranger().get(f"/mail/{CARL.id}/let_1")).text
    assert f'<a href="{LINK}">' in page
    assert "https://elsewhere.test/&lt;b&gt;" in page
    assert 'href="https://elsewhere.test' not in page


async def test_anybody_at_this_machine_opens_anybodys_page(house: Visited) -> None:
    stranger = house.stranger()
    opened = await stranger.post(f"/mail/{ROSA.id}/session")
    assert opened.headers["location"] == "/me"
    assert "Rosa Prieto" in (await stranger.get("/me")).text
    assert (await stranger.post("/mail/per_nobody/session")).status_code == 404


async def test_where_letters_leave_there_is_no_such_room(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo"), embedded=False) as house:
        stranger = house.stranger()
        assert (await stranger.get("/")).headers["location"] == "/me"
        for path in (f"/mail/{CARL.id}", f"/mail/{CARL.id}/let_1", f"/mail/{CARL.id}/let_1/html"):
            assert (await stranger.get(path)).status_code == 404
        assert (await stranger.post(f"/mail/{ROSA.id}/session")).status_code == 404
        rows = await house.database.read(lambda c: c.execute(select(mail)).all())
        assert rows == []
