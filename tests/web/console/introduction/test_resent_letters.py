"""A letter that did not arrive, or is not answered, goes out once more, with a line under its writer's name."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from playwright.async_api import Browser
from sqlalchemy import Connection, select, update

from mailroom.compose.stationery import Stationery
from models.ids import IntroductionId, LetterId
from models.letters import LetterKind, Role
from models.process.state.stages import Resting, WithParties
from store.letters.start_letter import start
from store.privacy.erasure import deletion, jobs
from store.tables import inbox, ledger, letter, words
from tests import cast
from tests.cast import CARL, OLIVE, TOMOKO
from tests.models.exploration.causes import bounces
from tests.support.news_phrases import approves
from tests.web.console.test_console import form
from tests.web.console.test_in_a_browser import speaks
from tests.web.house import Visited, visited
from tests.web.http_server import serving
from tests.web.page_checks import NARROW, in_each_language, is_well, looking, sign_in

RULES = cast.policy("accelerator", {"screening": None, "undo_for": "0 s"})
LINE = "The letter of last week went to an address that is closed."
OURS = Stationery(sender="spring@house.test", reply_to="office@house.test", public_url="https://house.test")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        yield opened


@pytest.fixture
async def introduction(house: Visited) -> IntroductionId:
    return await house.engine.asked(cast.opening(RULES))


async def lose_the_targets_letter(house: Visited, introduction: IntroductionId) -> LetterId:
    await house.engine.hear(introduction, approves(CARL))
    key = await house.database.read(
        lambda c: c.execute(select(letter.c.id).where(letter.c.kind == "ask_target")).scalar_one()
    )
    lost = update(letter).where(letter.c.id == key).values(state="failed", relay_said="5.2.2 in a report")
    await house.database.write(lambda c: c.execute(lost))
    await house.engine.hear(introduction, bounces(TOMOKO.id, LetterKind.ASK_TARGET, Role.TARGET))
    assert isinstance(house.engine.states[introduction].stage, Resting)
    return LetterId(key)


async def send_again(
    house: Visited, olive: httpx2.AsyncClient, introduction: IntroductionId, which: str, line: str = ""
) -> httpx2.Response:
    shown = (await olive.get(f"/console/introductions/{introduction}")).text
    data = form(shown, house, introduction, line=line)
    return await olive.post(f"/console/introductions/{introduction}/letters/{which}/again", data=data)


def leave(connection: Connection, house: Visited) -> str | None:
    """The planned letter as its reader gets it, or None where the gate keeps it back."""
    key = connection.execute(select(letter.c.id).where(letter.c.state == "planned")).scalar_one()
    connection.execute(update(letter).where(letter.c.id == key).values(claimed_by="a test"))
    started = start(connection, key, "a test", house.keys, OURS.domain, house.clock())
    return OURS.write(started, house.clock()).decode().replace("=\n", "") if started else None


async def test_what_came_back_goes_out_again_with_a_line(house: Visited, introduction: IntroductionId) -> None:
    lost, olive = await lose_the_targets_letter(house, introduction), await house.signed_in(OLIVE)
    shown = (await olive.get(f"/console/introductions/{introduction}")).text
    assert "in place of the one that did not arrive" in shown
    assert (await send_again(house, olive, introduction, lost, LINE)).status_code == 303
    assert isinstance(house.engine.states[introduction].stage, WithParties)
    sent = await house.database.write(lambda connection: leave(connection, house))
    assert sent
    assert LINE in sent
    assert "Olive Okafor, for the programme" in sent
    assert 'From: "Carl Lindqvist via Spring"' in sent
    shown = (await olive.get(f"/console/introductions/{introduction}")).text
    assert "Olive Okafor sent Tomoko Abe the letter again." in shown
    assert (await send_again(house, olive, introduction, lost, LINE)).status_code == 409  # once only
    kept = await house.database.read(lambda c: c.execute(select(ledger.c.body)).scalars().all())
    assert not any("address that is closed" in each for each in kept)


async def test_nothing_goes_twice_to_whom_the_first_has_reached(house: Visited, introduction: IntroductionId) -> None:
    """The report was wrong, or the relay's answer came late: the gate looks in the moment of starting."""
    lost, olive = await lose_the_targets_letter(house, introduction), await house.signed_in(OLIVE)
    assert (await send_again(house, olive, introduction, lost)).status_code == 303
    arrived = update(letter).where(letter.c.id == lost).values(state="accepted")
    await house.database.write(lambda c: c.execute(arrived))
    assert await house.database.write(lambda connection: leave(connection, house)) is None
    states = await house.database.read(lambda c: c.execute(select(letter.c.state, letter.c.relay_said)).all())
    assert ("dropped", "it has arrived before") in [tuple(each) for each in states]


async def test_an_open_question_is_repeated_instead_of_reminded(house: Visited, introduction: IntroductionId) -> None:
    olive = await house.signed_in(OLIVE)
    (first,) = await house.database.read(lambda c: c.execute(select(letter.c.id)).scalars().all())
    assert "in place of the reminder" in (await olive.get(f"/console/introductions/{introduction}")).text
    assert (await send_again(house, olive, introduction, first)).status_code == 303
    sent = await house.database.write(lambda connection: leave(connection, house))
    assert sent
    assert "Our only reminder" in sent
    assert "Carl Lindqvist was reminded." not in (await olive.get(f"/console/introductions/{introduction}")).text


@pytest.mark.parametrize(
    ("which", "line", "code"),
    [("first", "see example.com", 422), ("first", "x" * 201, 422), ("let_other", "", 404), ("first", "{name}", 422)],
)
async def test_unfit_lines_and_other_letters_do_nothing(
    house: Visited, introduction: IntroductionId, which: str, line: str, code: int
) -> None:
    olive, before = await house.signed_in(OLIVE), house.engine.states[introduction]
    (first,) = await house.database.read(lambda c: c.execute(select(letter.c.id)).scalars().all())
    answered = await send_again(house, olive, introduction, first if which == "first" else which, line)
    assert answered.status_code == code
    assert house.engine.states[introduction] == before
    assert await house.database.read(lambda c: c.execute(select(inbox)).all()) == []
    if code == 422:
        assert line in answered.text


async def test_the_line_goes_with_its_writer_and_the_letter_without_it(
    house: Visited, introduction: IntroductionId
) -> None:
    lost, olive = await lose_the_targets_letter(house, introduction), await house.signed_in(OLIVE)
    assert (await send_again(house, olive, introduction, lost, LINE)).status_code == 303

    def forget(connection: Connection) -> None:
        jobs.ask(connection, OLIVE.id, house.keys, "operator", house.clock())
        job = jobs.of_person(connection, OLIVE.id)
        assert job
        deletion.carry_out(connection, job, house.clock())

    await house.database.write(forget)
    assert await house.database.read(lambda c: c.execute(select(words).where(words.c.kind == "line")).all()) == []
    sent = await house.database.write(lambda connection: leave(connection, house))
    assert sent
    assert LINE not in sent


@pytest.mark.browser
@in_each_language
async def test_the_page_is_clean_and_fits(
    house: Visited, introduction: IntroductionId, browser: Browser, language: str, tmp_path: Path
) -> None:
    await lose_the_targets_letter(house, introduction)
    await house.database.write(lambda connection: speaks(connection, language))
    async with serving(house.app) as address, looking(browser, NARROW) as page:
        await sign_in(page, address, OLIVE)
        await page.goto(f"{address}/console/introductions/{introduction}")
        await page.locator("details.again summary").click()
        await is_well(page, tmp_path / f"again-{language}.png")
