"""Do the pages about mail fit and read well: no more letters, another address, and what an operator sees of letters?"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser
from sqlalchemy import Connection, select, update

from models.asks import AskKind
from models.letters import LetterKind, Role
from models.news import Undeliverable
from store import pausing, returning, settling, tokens
from store.outbox import get
from store.tables import letter, person, programme
from tests import cast
from tests.cast import CARL, OLIVE, TOMOKO
from tests.saying import approves
from tests.web.answers.serving import serving
from tests.web.house import Visited, visited
from tests.web.looking import is_well, looking, sign_in

pytestmark = pytest.mark.browser

RULES = cast.policy("demo", {"connector.another_address": True, "letters.connector": 3})


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        yield opened


@pytest.mark.parametrize("language", ["en", "es", "pt"])
async def test_every_page_is_clean_and_fits(house: Visited, browser: Browser, language: str, tmp_path: Path) -> None:
    await house.database.write(lambda c: c.execute(update(person).values(language=language)))
    introduction = await house.engine.asked(cast.opening(RULES, asked_at=house.clock()))
    await house.engine.hear(introduction, approves(CARL))
    await house.database.write(lambda connection: trouble(connection, house))
    await house.engine.hear(introduction, finds_nobody(house))
    until = house.clock() + timedelta(days=1)
    ask = house.engine.states[introduction].open_asks(Role.CONNECTOR)[0]
    assert ask.kind == AskKind.ADDRESS
    link = {"introduction": introduction, "ask": ask.number, "version": 1, "now": house.clock(), "expires_at": until}
    asks = await house.database.write(lambda c: tokens.mint(c, "ask", CARL.id, **link))
    leaves = await house.database.write(lambda c: mint_leaving(c, house))
    async with serving(house.app) as address, looking(browser) as page:
        for name, path in (("address", f"/a/{asks}"), ("unsubscribe", f"/unsubscribe/{leaves}")):
            await page.goto(f"{address}{path}")
            assert await page.locator("html").get_attribute("lang") == language
            await is_well(page, tmp_path / f"{name}-{language}.png")
        await page.locator("main form button").click()
        await page.locator('button[value="return"]').wait_for()
        await is_well(page, tmp_path / f"unsubscribed-{language}.png")
        await sign_in(page, address, OLIVE)
        for name, path in (("letters", "/letters"), ("one", f"/introductions/{introduction}")):
            await page.goto(f"{address}/console{path}")
            await is_well(page, tmp_path / f"{name}-{language}.png")


def finds_nobody(house: Visited) -> Undeliverable:
    (state,) = house.engine.states.values()
    ask = next(each for each in state.asks if each.person == TOMOKO.id)
    return Undeliverable(letter=LetterKind.ASK_TARGET, role=Role.TARGET, ask=ask.number, address_is_dead=True)


def trouble(connection: Connection, house: Visited) -> None:
    """Tomoko's letter came back, a reply came, a letter waits for the relay, and the programme has stopped writing."""
    now = house.clock()
    for row in connection.execute(select(letter.c.id, letter.c.kind)).all():
        found = get(connection, row.id)
        assert found
        if row.kind == "ask_target":
            settling.bounced(connection, found, "5.1.1 in a report", now, address_is_dead=True)
            returning.take(connection, returning.Returned(letter=row.id, started_at=None, kind="bounced"), now)
        if row.kind == "ask_connector":
            returning.take(connection, returning.Returned(letter=row.id, started_at=None, kind="reply"), now)
            pausing.refused_by_policy(connection, found, now)
        if row.kind == "ask_requester":
            connection.execute(update(letter).where(letter.c.id == row.id).values(state="planned", waits_since=now))
    paused = {"letters_paused_at": now, "letters_paused_for": "complaints"}
    connection.execute(update(programme).values(paused))


def mint_leaving(connection: Connection, house: Visited) -> str:
    key = connection.execute(select(letter.c.id).where(letter.c.person == CARL.id).limit(1)).scalar_one()
    until = house.clock() + timedelta(days=1)
    return tokens.mint(connection, "unsubscribe", CARL.id, now=house.clock(), expires_at=until, letter=key)
