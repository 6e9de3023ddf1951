"""Operators hold an introduction, let it go on, and give people more time. Each button is one the core takes."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
import pytest
from playwright.async_api import Browser
from sqlalchemy import delete, insert

from models.ids import IntroductionId
from models.letters import Role
from models.process.state.stages import WithParties
from store.tables import block, tie
from tests import cast
from tests.cast import CARL, CLEO, CORA, OLIVE, ROSA, TOMOKO
from tests.support.news_phrases import approves, opts_in
from tests.web.console.test_console import form
from tests.web.console.test_in_a_browser import speaks
from tests.web.house import NONCE, Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import NARROW, in_each_language, is_well, looking, sign_in

RULES = cast.policy("accelerator", {"order": "together", "screening": None})


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        yield opened


@pytest.fixture
async def introduction(house: Visited) -> IntroductionId:
    return await house.engine.asked(cast.opening(RULES))


@pytest.fixture
async def olive(house: Visited) -> httpx2.AsyncClient:
    return await house.signed_in(OLIVE)


async def page_of(olive: httpx2.AsyncClient, introduction: IntroductionId) -> str:
    return (await olive.get(f"/console/introductions/{introduction}")).text


async def press(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId, act: str, **fields: str
) -> httpx2.Response:
    data = form(await page_of(olive, introduction), house, introduction, **fields)
    return await olive.post(f"/console/introductions/{introduction}/{act}", data=data)


async def test_it_is_held_hears_an_answer_and_goes_on(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    assert (await press(house, olive, introduction, "hold")).status_code == 303
    page = await page_of(olive, introduction)
    assert "This introduction is held" in page
    assert "Hold this introduction" not in page
    assert "Olive Okafor holds it: no letter leaves until it goes on." in page
    assert "(held)" in (await olive.get("/console")).text
    await house.engine.heard(introduction, approves(CARL)(house.engine.states[introduction]))
    assert isinstance(house.engine.states[introduction].stage, WithParties)
    assert (await press(house, olive, introduction, "resume")).status_code == 303
    page = await page_of(olive, introduction)
    assert "This introduction is held" not in page
    assert "Olive Okafor let it go on." in page


async def test_two_operators_at_once_one_holds_it_and_the_other_looks_again(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    first, second = [form(await page_of(olive, introduction), house, introduction) for _ in range(2)]
    path = f"/console/introductions/{introduction}/hold"
    assert (await olive.post(path, data=first)).status_code == 303
    assert (await olive.post(path, data=second)).status_code == 409
    assert house.engine.states[introduction].step == int(first["step"]) + 1


async def test_somebody_gets_more_time_by_the_operators_own_clock(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    ask = house.engine.states[introduction].asks[0]
    until = ask.due_at + timedelta(days=2)
    written = until.astimezone(ZoneInfo(OLIVE.zone)).strftime("%Y-%m-%dT%H:%M")
    assert "Give Carl Lindqvist more time" in await page_of(olive, introduction)
    assert (await press(house, olive, introduction, "asks/1/extension", until=written)).status_code == 303
    assert house.engine.states[introduction].asks[0].due_at == until.replace(second=0, microsecond=0)
    assert "Olive Okafor gave Carl Lindqvist more time." in await page_of(olive, introduction)


async def test_the_date_that_is_offered_for_more_time_is_taken(house: Visited, olive: httpx2.AsyncClient) -> None:
    house.clock.now += timedelta(seconds=20)
    introduction = await house.engine.asked(cast.opening(RULES))
    due_at = house.engine.states[introduction].asks[0].due_at
    (offered,) = re.findall(r'name="until" value="([^"]+)"', await page_of(olive, introduction))
    assert (await press(house, olive, introduction, "asks/1/extension", until=offered)).status_code == 303
    assert house.engine.states[introduction].asks[0].due_at - due_at <= timedelta(minutes=1)


async def test_a_letter_that_asks_a_party_is_real_to_staff_once_they_read_its_answer(tmp_path: Path) -> None:
    rules = cast.policy("demo")
    async with visited(tmp_path, rules) as house:
        introduction = await house.engine.asked(cast.opening(rules, asked_at=house.clock()))
        await house.engine.hear(introduction, approves(CARL))
        house.clock.passes(timedelta(minutes=1))  # nothing of it can be undone any more
        olive = await house.signed_in(OLIVE)
        page = await page_of(olive, introduction)
        assert page.count("due; whether it has left is not shown") == 2, "to both parties"
        assert page.count("arrived at the relay") == 1, "to the connector"
        await house.engine.hear(introduction, opts_in(TOMOKO))
        page = await page_of(olive, introduction)
        assert page.count("due; whether it has left is not shown") == 1
        assert page.count("arrived at the relay") == 2
        await house.engine.hear(introduction, opts_in(ROSA))
        house.clock.passes(timedelta(minutes=1))
        await house.engine.time_passes(introduction)
        assert "whether it has left" not in await page_of(olive, introduction)


async def test_where_endings_are_told_in_batches_the_buttons_say_so(tmp_path: Path) -> None:
    for name, batches in (("batches", "2 d"), ("promised", None)):
        rules = cast.policy("accelerator", {"requester.closings_every": batches})
        (folder := tmp_path / name).mkdir()
        async with visited(folder, rules) as house:
            page = await page_of(await house.signed_in(OLIVE), await house.engine.asked(cast.opening(rules)))
            hears = "hears with the next batch of endings" if batches else "hears at the promised time"
            assert page.count(hears) == 2, "to whoever declines it, and to whoever ends it"


async def test_another_connector_is_asked_instead(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    page = (await olive.get(f"/console/introductions/{introduction}?sought=cleo")).text
    assert "Ask another connector instead" in page
    assert CLEO.id in page
    assert (await press(house, olive, introduction, "connector", person="per_nobody")).status_code == 422
    assert (await press(house, olive, introduction, "connector", person=TOMOKO.id)).status_code == 409
    assert (await press(house, olive, introduction, "connector", person=CLEO.id)).status_code == 303
    assert [ask.person for ask in house.engine.states[introduction].open_asks()] == [CLEO.id]
    assert "Olive Okafor named Cleo Martin to be asked instead." in await page_of(olive, introduction)


async def test_who_may_not_be_asked_is_not_and_the_best_left_is(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    """Cora has said that she wants no asks about Tomoko."""
    no_go = {"connector": CORA.id, "person": TOMOKO.id, "no_go": True, "source": "a test", "evidence": ""}
    await house.database.write(lambda connection: connection.execute(insert(tie).values(no_go)))
    assert (await press(house, olive, introduction, "connector", person=CORA.id)).status_code == 303
    assert [ask.person for ask in house.engine.states[introduction].open_asks()] == [CLEO.id]


@pytest.mark.parametrize(
    ("until", "code"), [("2026-01-01T10:00", 409), ("", 422), ("tomorrow", 422), ("0001-01-01T00:00", 409)]
)
async def test_a_deadline_is_neither_shortened_nor_guessed(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId, until: str, code: int
) -> None:
    before = house.engine.states[introduction]
    assert (await press(house, olive, introduction, "asks/1/extension", until=until)).status_code == code
    assert house.engine.states[introduction] == before


async def test_far_away_means_until_the_promised_date(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId
) -> None:
    assert (await press(house, olive, introduction, "asks/1/extension", until="2031-01-01T10:00")).status_code == 303
    state = house.engine.states[introduction]
    assert state.asks[0].due_at == state.promised_at


@pytest.mark.browser
@in_each_language
async def test_the_page_of_what_is_held_is_clean_and_fits(
    house: Visited, introduction: IntroductionId, browser: Browser, language: str, tmp_path: Path
) -> None:
    await house.database.write(lambda connection: speaks(connection, language))
    async with serving(house.app) as address, looking(browser, NARROW) as page:
        await sign_in(page, address, OLIVE)
        await page.goto(f"{address}/console/introductions/{introduction}")
        for folded in await page.locator("details").all():
            await folded.evaluate("each => each.open = true")
        await is_well(page, tmp_path / f"running-{language}.png")
        await page.locator('form[action$="/hold"] button:not(.unseen)').click()
        await page.locator('form[action$="/resume"] button:not(.unseen)').wait_for()
        await is_well(page, tmp_path / f"held-{language}.png")


async def test_where_nobody_was_found_somebody_is_named_and_asked(house: Visited, olive: httpx2.AsyncClient) -> None:
    await house.database.write(lambda connection: connection.execute(delete(tie)))
    introduction = await house.engine.asked(cast.opening(RULES))
    page = await page_of(olive, introduction)
    assert "Nobody was found who could introduce the two" in page
    assert "Name somebody who could introduce them" in page
    assert "Needs you now" in (await olive.get("/console")).text
    assert (await press(house, olive, introduction, "connector", person=CORA.id)).status_code == 303
    state = house.engine.states[introduction]
    assert [(each.role, each.person) for each in state.open_asks()] == [(Role.CONNECTOR, CORA.id)]
    assert "Name somebody who could introduce them" not in await page_of(olive, introduction)


@pytest.mark.parametrize("blocker", [CORA, TOMOKO], ids=["the named", "the target"])
async def test_of_one_who_is_barred_nobody_is_asked_and_nobody_can_tell(
    house: Visited, olive: httpx2.AsyncClient, blocker: cast.Person
) -> None:
    await house.database.write(lambda connection: connection.execute(delete(tie)))
    introduction = await house.engine.asked(cast.opening(RULES))
    rosa = await house.signed_in(ROSA)
    before = NONCE.sub("", (await rosa.get("/me")).text)
    blocks = insert(block).values(tenant="ten", blocker=blocker.id, blocked=ROSA.id, at=house.clock())
    await house.database.write(lambda connection: connection.execute(blocks))
    await press(house, olive, introduction, "connector", person=CORA.id)
    assert not house.engine.states[introduction].asks
    assert "Name somebody who could introduce them" not in await page_of(olive, introduction)
    assert NONCE.sub("", (await rosa.get("/me")).text) == before
