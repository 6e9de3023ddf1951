"""One press ends the letters, and nothing but a press does. RFC 8058's POST, the page's own, and everything else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from mailroom.loops.drain import Hands
from models.process.introduction import WithConnector
from store.access.sessions import ask_for_link
from store.tables import person, suppression
from tests import cast
from tests.cast import CARL, CLEO
from tests.mailroom.desk import Desk
from tests.mailroom.fake_relay import Post
from tests.support import rows
from tests.web.house import Visited, nonce_on, visited

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo")) as opened:
        yield opened


async def carried(house: Visited) -> Post:
    """Carl's letter, as a relay was given it."""
    made, post = cast.opening(cast.policy("demo"), asked_at=house.clock()), Post()
    await house.database.write(lambda connection: rows.ask_at_the_door(connection, made))
    await house.engine.start(made)
    async with Hands(Desk(house.database, made.policy).room(post, clock=house.clock)) as hands:
        while not await hands.take():
            pass
    return post


async def carls_link(house: Visited) -> str:
    (letter,) = (await carried(house)).received(CARL.address)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return urlsplit(str(letter["List-Unsubscribe"]).strip("<>")).path


async def has_left(house: Visited) -> bool:
    who = select(person.c.opted_out_at).where(person.c.id == CARL.id)
    return await house.database.read(lambda connection: connection.execute(who).scalar_one()) is not None


async def test_one_press_in_the_mail_program_ends_the_letters_and_the_introduction_goes_on(house: Visited) -> None:
    link = await carls_link(house)
    answer = await house.stranger().post(link, data=ONE_CLICK)
    assert answer.status_code == 200
    assert not answer.cookies
    assert await has_left(house)
    (introduction,) = house.engine.states.values()
    assert introduction.connector == CLEO.somebody
    assert isinstance(introduction.stage, WithConnector)


async def test_nothing_but_a_press_does_anything(house: Visited) -> None:
    link, stranger = await carls_link(house), house.stranger()
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        assert (await stranger.request(method, link)).status_code < 500
    nonce = nonce_on((await stranger.get(link)).text)
    bodies: list[dict[str, str | list[str]]] = [
        {},
        {"List-Unsubscribe": "yes"},
        {"List-Unsubscribe": ["One-Click", "One-Click"]},
        {"list-unsubscribe": "One-Click"},
        {"choice": "leave"},
        {"nonce": nonce},
        {"nonce": nonce, "choice": "maybe"},
        {"nonce": nonce, "choice": ["leave", "return"]},
    ]
    for body in bodies:
        assert (await stranger.post(link, data=body)).status_code == 422
    assert (await stranger.post(link, json=ONE_CLICK)).status_code == 415
    for wrong in (link[:-1], link.upper(), f"{link}x", "/unsubscribe/x"):
        assert (await stranger.post(wrong, data=ONE_CLICK)).status_code == 404
    assert not await has_left(house)


async def test_the_page_has_a_button_and_a_way_back(house: Visited) -> None:
    link, stranger = await carls_link(house), house.stranger()
    shown = (await stranger.get(link)).text
    assert CARL.name not in shown
    assert CARL.address not in shown
    for choice, after in (("leave", True), ("leave", True), ("return", False), ("leave", True)):
        nonce = nonce_on((await stranger.get(link)).text)
        sent = await stranger.post(link, data={"nonce": nonce, "choice": choice})
        assert sent.status_code == 303
        assert ("You get letters again" in (await stranger.get(sent.headers["location"])).text) is (not after)
        assert await has_left(house) is after
    assert "You get no more letters" in (await stranger.get(link)).text
    kept = await house.database.read(
        lambda connection: connection.execute(select(suppression.c.reason)).scalars().all()
    )
    assert kept == ["opt_out"]


async def test_a_link_of_a_year_ago_opens_nothing(house: Visited) -> None:
    link = await carls_link(house)
    house.clock.passes(timedelta(days=367))
    assert (await house.stranger().post(link, data=ONE_CLICK)).status_code == 404
    assert not await has_left(house)


async def test_a_sign_in_letter_has_no_such_link(house: Visited) -> None:
    """They asked for it a moment ago; there is nothing to leave."""
    post = Post()
    await house.database.write(lambda connection: ask_for_link(connection, (CARL.id,), house.clock()))
    async with Hands(Desk(house.database, cast.policy("demo")).room(post, clock=house.clock)) as hands:
        while not await hands.take():
            pass
    (letter,) = post.received(CARL.address)
    assert letter["List-Unsubscribe"] is None
