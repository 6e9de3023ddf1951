"""A person whose asks rest returns with one press, and with nothing less. By link, by their page, by staff."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from mailroom.loops.drain import Hands
from models.ids import IntroductionId
from models.time.open_hours import Calendar
from store.boundaries import resting_asks
from store.tables import asks_pause, letter
from tests import cast
from tests.cast import OLIVE, PROGRAMME, ROSA, TOMOKO
from tests.mailroom.desk import Desk
from tests.mailroom.fake_relay import Post
from tests.support import rows
from tests.web.house import Visited, nonce_on, visited

RULES = cast.policy("accelerator", {"pauses.no_shows": 1})


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        await did_not_come(opened)
        yield opened


async def did_not_come(house: Visited) -> None:
    made = cast.opening(RULES, asked_at=house.clock())
    await house.database.write(lambda connection: rows.ask_at_the_door(connection, made))
    told_of, rules = IntroductionId(made.id), RULES.pauses
    assert rules
    await house.database.write(lambda c: resting_asks.keep_no_show(c, told_of, ROSA.id, TOMOKO.id, house.clock()))
    await house.database.write(
        lambda c: resting_asks.rest_if_absent(c, PROGRAMME, ROSA.id, rules, house.clock(), Calendar())
    )


async def rests(house: Visited) -> bool:
    found = await house.database.read(lambda c: resting_asks.rests_until(c, ROSA.id, PROGRAMME, house.clock()))
    return found is not None


async def rosas_link(house: Visited) -> str:
    """From the letter she gets the morning after, and not before."""
    post = Post()
    await carried(house, post)
    assert not post.received(ROSA.address)
    house.clock.passes(timedelta(hours=24))
    await carried(house, post)
    (message,) = post.received(ROSA.address)
    text = str(message.get_body(("plain",)))
    for name in (TOMOKO.name, "Tomoko"):
        assert name not in text
    return urlsplit(next(word for word in text.split() if "/back/" in word).strip("()<>")).path


async def carried(house: Visited, post: Post) -> None:
    async with Hands(Desk(house.database, RULES).room(post, clock=house.clock)) as hands:
        for _ in range(3):
            await hands.take()


async def test_one_press_and_she_is_back(house: Visited) -> None:
    link, stranger = await rosas_link(house), house.stranger()
    for method in ("GET", "HEAD", "GET"):
        assert (await stranger.request(method, link)).status_code < 400
    shown = (await stranger.get(link)).text
    assert ROSA.name not in shown
    assert await rests(house)
    for body in ({}, {"choice": "return"}, {"nonce": nonce_on(shown)}, {"nonce": nonce_on(shown), "choice": "maybe"}):
        assert (await stranger.post(link, data=body)).status_code == 422
    assert await rests(house)
    assert nonce_on((await stranger.get(f"{link}%3E.")).text)
    answer = await stranger.post(f"{link})", data={"nonce": nonce_on(shown), "choice": "return"})
    assert answer.status_code == 303
    assert not answer.cookies
    assert not await rests(house)
    assert "Ya estás de vuelta" in (await stranger.get(link)).text


async def test_the_link_opens_nothing_else(house: Visited) -> None:
    raw = (await rosas_link(house)).rpartition("/")[2]
    for path in (f"/a/{raw}", f"/f/{raw}", f"/me/{raw}", f"/unsubscribe/{raw}"):
        assert (await house.stranger().get(path)).status_code == 404
    assert (await house.stranger().get("/back/none-of-ours")).status_code == 404


async def test_a_letter_about_a_rest_that_is_over_does_not_leave(house: Visited) -> None:
    me = await house.signed_in(ROSA)
    page = (await me.get("/me")).text
    assert "Una pausa en tus presentaciones" in page
    assert (await me.post("/me/return")).status_code == 422
    assert (await me.post("/me/return", data={"nonce": nonce_on(page)})).status_code == 303
    assert not await rests(house)
    house.clock.passes(timedelta(hours=24))
    post = Post()
    await carried(house, post)
    assert not post.received(ROSA.address)
    states = select(letter.c.state).where(letter.c.kind == resting_asks.LETTER)
    assert await house.database.read(lambda c: list(c.execute(states).scalars())) == ["dropped"]


async def test_an_operator_sees_it_and_lets_her_return(house: Visited) -> None:
    olive, rosa = await house.signed_in(OLIVE), await house.signed_in(ROSA)
    page = (await olive.get("/console")).text
    assert "talk to them" in page
    data = {"nonce": nonce_on(page)}
    pause = await house.database.read(lambda c: c.execute(select(asks_pause.c.id)).scalar_one())
    assert (await rosa.post(f"/console/pauses/{pause}/end")).status_code == 404
    assert (await olive.post("/console/pauses/pau_none/end", data=data)).status_code == 404
    assert (await olive.post(f"/console/pauses/{pause}/end")).status_code == 422
    assert await rests(house)
    assert (await olive.post(f"/console/pauses/{pause}/end", data=data)).status_code == 303
    assert not await rests(house)
    ended_by = await house.database.read(lambda c: c.execute(select(asks_pause.c.ended_by)).scalar_one())
    assert ended_by == OLIVE.id


async def test_her_door_says_until_when(house: Visited) -> None:
    me = await house.signed_in(ROSA)
    page = await me.get(f"/ask/{PROGRAMME}")
    assert page.status_code == 200
    assert "Hay una pausa en tus presentaciones hasta" in page.text
