"""Pages about mail that fit and read well."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser
from sqlalchemy import Connection, select, update

from models.asks import AskKind
from models.ids import AskNumber
from models.letters import LetterKind, Role
from models.news import Undeliverable
from store.access import link_tokens
from store.letters import delivery_results, returned_mail
from store.letters.outbox import get
from store.letters.relay import circuit_breaker
from store.tables import letter, person, programme
from tests import cast
from tests.cast import CARL, OLIVE, TOMOKO
from tests.support.news_phrases import approves
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import in_each_language, is_well, looking, sign_in

pytestmark = pytest.mark.browser

RULES = cast.policy("demo", {"connector.another_address": True, "letters.connector": 3})


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        yield opened


@in_each_language
async def test_every_page_is_clean_and_fits(house: Visited, browser: Browser, language: str, tmp_path: Path) -> None:
    introduction, asks, leaves = await in_trouble(house)
    await everybody_reads(house, language)
    async with serving(house.app) as address, looking(browser) as page:

        async def look(name: str, path: str) -> None:
            await page.goto(f"{address}{path}")
            assert await page.locator("html").get_attribute("lang") == language
            await is_well(page, tmp_path / f"{name}-{language}.png")

        await look("address", f"/a/{asks}")
        await look("unsubscribe", f"/unsubscribe/{leaves}")
        await page.locator("main form button").click()
        await page.locator('button[value="return"]').wait_for()
        await look("unsubscribed", f"/unsubscribe/{leaves}")
        await sign_in(page, address, OLIVE)
        await look("letters", "/console/letters")
        await look("one", f"/console/introductions/{introduction}")


async def everybody_reads(house: Visited, language: str) -> None:
    await house.database.write(lambda c: c.execute(update(person).values(language=language)))


async def in_trouble(house: Visited) -> tuple[str, str, str]:
    """An introduction whose letters went astray, with Carl's links: to give another address, and to leave."""
    introduction = await house.engine.asked(cast.opening(RULES, asked_at=house.clock()))
    await house.engine.hear(introduction, approves(CARL))
    await house.database.write(lambda connection: trouble(connection, house))
    await house.engine.hear(introduction, finds_nobody(house))
    ask = house.engine.states[introduction].open_asks(Role.CONNECTOR)[0]
    assert ask.kind == AskKind.ADDRESS
    asks = await house.database.write(lambda c: mint_asking(c, house, ask.number))
    return introduction, asks, await house.database.write(lambda c: mint_leaving(c, house))


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
            delivery_results.bounced(connection, found, "5.1.1 in a report", now, address_is_dead=True)
            returned_mail.take(connection, returned_mail.Returned(letter=row.id, started_at=None, kind="bounced"), now)
        if row.kind == "ask_connector":
            returned_mail.take(connection, returned_mail.Returned(letter=row.id, started_at=None, kind="reply"), now)
            circuit_breaker.refused_by_policy(connection, found, now)
        if row.kind == "ask_requester":
            connection.execute(update(letter).where(letter.c.id == row.id).values(state="planned", waits_since=now))
    paused = {"letters_paused_at": now, "letters_paused_for": "complaints"}
    connection.execute(update(programme).values(paused))


def mint_asking(connection: Connection, house: Visited, ask: AskNumber) -> str:
    now, (introduction,) = house.clock(), house.engine.states
    return link_tokens.mint(
        connection,
        "ask",
        CARL.id,
        introduction=introduction,
        ask=ask,
        version=1,
        now=now,
        expires_at=now + timedelta(days=1),
    )


def mint_leaving(connection: Connection, house: Visited) -> str:
    key = connection.execute(select(letter.c.id).where(letter.c.person == CARL.id).limit(1)).scalar_one()
    until = house.clock() + timedelta(days=1)
    return link_tokens.mint(connection, "unsubscribe", CARL.id, now=house.clock(), expires_at=until, letter=key)
