"""One press ends the letters, and nothing but a press does. RFC 8058's POST, the page's own, and everything else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Connection, select, update

from mailroom.loops.drain import Hands
from models.process.state.stages import WithConnector
from store.access.sessions import ask_for_link
from store.privacy import merge_people
from store.privacy.erasure import deletion, jobs
from store.tables import introduction, person, suppression
from tests import cast
from tests.cast import CARL, CLEO, OLIVE, STAN
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


async def has_left(house: Visited, whoever: cast.Person = CARL) -> bool:
    who = select(person.c.opted_out_at).where(person.c.id == whoever.id)
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


FORM, PARTS = "application/x-www-form-urlencoded", 'multipart/form-data; boundary="x1"'
IN_PARTS = b'--x1\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x1--\r\n'
BY_MAIL_PROGRAMS: dict[str, tuple[dict[str, str], bytes]] = {
    "as the standard shows it": ({"content-type": FORM}, b"List-Unsubscribe=One-Click"),
    "with a line's end": ({"content-type": FORM}, b"List-Unsubscribe=One-Click\r\n"),
    "in an encoding that is named": ({"content-type": f"{FORM}; charset=UTF-8"}, b"List-Unsubscribe=One-Click\n"),
    "in parts": ({"content-type": PARTS}, IN_PARTS),
    "in parts, with a line's end": ({"content-type": PARTS}, IN_PARTS.replace(b"Click", b"Click\r\n")),
    "of no stated kind": ({}, b"List-Unsubscribe=One-Click\r\n"),
    "an add-on's, with nothing in it": ({}, b""),
}
FROM = ("https://mail.other.test", "moz-extension://0af8", "null")


@pytest.mark.parametrize("press", BY_MAIL_PROGRAMS)
async def test_a_press_counts_from_whatever_page_and_in_whatever_form(house: Visited, press: str) -> None:
    link, (headers, body) = await carls_link(house), BY_MAIL_PROGRAMS[press]
    first, *others = [{"origin": each, "sec-fetch-site": "cross-site", **headers} for each in FROM]
    answer = await house.stranger().post(link, content=body, headers=first)
    assert (answer.status_code, await has_left(house)) == (200, True)
    assert not answer.cookies
    for again in others:
        assert (await house.stranger().post(f"{link}%3E", content=body, headers=again)).status_code == 200


async def test_a_page_of_another_site_presses_nothing_else(house: Visited) -> None:
    """What a browser brings along, a cookie or the address of a page, never counts as a press."""
    link, carl = await carls_link(house), await house.signed_in(CARL)
    elsewhere = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}
    for body in ({"choice": "leave"}, {"nonce": "x.y", "choice": "leave"}):
        assert (await carl.post(link, data=body, headers=elsewhere)).status_code == 422
    for path in ("/me/opt-out", "/unsubscribe/../me/opt-out", "/unsubscribe"):
        assert (await carl.post(path, headers=elsewhere)).status_code in (403, 404)
    assert not await has_left(house)


async def test_whoever_was_forgotten_has_a_link_that_still_answers(house: Visited) -> None:
    link = await carls_link(house)

    def forget(connection: Connection) -> None:
        (job,) = jobs.ask(connection, CARL.id, house.keys, "themself", house.clock()).erasures
        assert deletion.carry_out(connection, job, house.clock())
        assert not deletion.again(connection, job, house.clock())

    await house.database.write(forget)
    before = await house.database.read(lambda connection: connection.execute(select(person)).all())
    for _ in range(5):
        for headers, body in BY_MAIL_PROGRAMS.values():
            answer = await house.stranger().post(link, content=body, headers=headers)
            assert answer.status_code == 200
            assert "You get no more letters" in answer.text
    shown = (await house.stranger("es").get(link)).text
    assert "nonce" not in shown
    assert "Carl" not in shown
    assert await house.database.read(lambda connection: connection.execute(select(person)).all()) == before
    assert (await house.stranger().post(f"{link}x", data=ONE_CLICK)).status_code == 404


async def test_a_record_that_was_put_together_with_another_leaves_with_it(house: Visited) -> None:
    link = await carls_link(house)

    def put_together(connection: Connection) -> None:
        connection.execute(update(introduction).values(closed_at=house.clock()))
        assert merge_people.join(connection, STAN.id, CARL.id, house.clock()) is None
        assert merge_people.join(connection, OLIVE.id, STAN.id, house.clock()) is None

    await house.database.write(put_together)
    assert "No more letters?" in (await house.stranger().get(link)).text
    for _ in range(2):
        answer = await house.stranger().post(link, data=ONE_CLICK)
        assert answer.status_code == 200
        assert not {CARL.name, STAN.name, OLIVE.name} & set(answer.text.splitlines())
    assert await has_left(house, OLIVE)
    assert not await has_left(house, STAN)


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
