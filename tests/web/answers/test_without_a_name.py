"""A target asked without a name is told nothing of who asks, on any page, until they are introduced (N7, A2)."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models.asks import AskKind
from models.process.state.opening import Opening
from store.boundaries import opt_outs_and_blocks
from store.tables import block, person
from store.views.own import participation, questions
from tests.cast import CARL, ROSA, TOMOKO, opening, policy
from tests.support import rows
from tests.web.answers.house import Visits, visits

TELLING = re.compile("|".join([*ROSA.name.split(), "Bombas", "rosa@", ROSA.id, re.escape(rows.NOTE[:20])]))


def blind(order: str = "requester_at_request") -> Opening:
    rules = policy("demo", {"target.blind": "always", "order": order})
    return opening(rules).model_copy(update={"blind": True})


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visits]:
    async with visits(tmp_path, blind()) as opened:
        of_rosa = {"organisation": "Bombas Prieto", "headline": "Founder of Bombas"}
        await opened.run(update(person).where(person.c.id == ROSA.id).values(of_rosa))
        yield opened


async def raw(house: Visits, path: str) -> str:
    """Everything the answer holds, what is not read included."""
    answer = await house.client.get(path)
    return f"{answer.headers} {answer.text}"


async def speak(house: Visits, language: str) -> None:
    await house.run(update(person).where(person.c.id == TOMOKO.id).values(language=language))


async def test_the_connector_reads_both_and_may_not_name_them(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    page = await house.page(path)
    assert rows.NOTE in page
    assert rows.BLIND in page
    assert "Please leave the name of Rosa Prieto out of your own words too." in page
    refused = await house.post(path, choice="introduce", sentence="Rosa is worth your time.")
    assert refused.status_code == 422
    assert "“Rosa” would tell who asks." in refused.text
    known = await house.post(path, choice="introduce", how_known="Through Bombas")
    assert "“Bombas” would tell who asks." in known.text
    assert await house.kept() == 0


@pytest.mark.parametrize("language", ["en", "es", "pt"])
async def test_no_page_of_the_one_asked_tells_who_asks(house: Visits, language: str) -> None:
    await house.approved(sentence="Worth your time.")
    await speak(house, language)
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    page = await raw(house, path)
    assert rows.BLIND in page
    assert "Worth your time." in page
    assert not TELLING.findall(page)
    faulty = await house.post(path, choice="yes")
    assert faulty.status_code == 422
    assert not TELLING.findall(faulty.text)
    answered = await house.post(path, choice="yes", channels="cha_tomoko_mail")
    assert not TELLING.findall(answered.text), "not before they are introduced, though they have agreed"
    undone = await house.post(path, choice="undo")
    assert not TELLING.findall(undone.text)


@pytest.mark.parametrize("choice", ["two_lines", "later", "no"])
async def test_no_answer_brings_the_name(house: Visits, choice: str) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    answered = await house.post(path, choice=choice, lines="Keep it dry.", until="5")
    assert answered.status_code == 200
    assert not TELLING.findall(answered.text)


async def test_the_name_comes_with_the_introduction(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    await house.post(path, choice="yes", channels="cha_tomoko_mail")
    await house.shell.time_passes(timedelta(seconds=6))
    assert "Rosa Prieto" in await house.page(path)


async def test_a_request_passed_on_by_hand_has_no_name_either(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="forward")
    text = await house.post(path, choice="link")
    assert "I’d like you to meet somebody." in text.text
    link = re.search(r"/f/[\w-]+", text.text)
    assert link
    page = await raw(house, link[0])
    assert rows.BLIND in page
    assert not TELLING.findall(page)


async def test_their_own_page_has_no_name_either(house: Visits) -> None:
    await house.approved()

    async def own() -> str:
        return await house.shell.database.read(
            lambda connection: repr(
                (
                    questions.open_asks(connection, TOMOKO.id, house.shell.now),
                    participation.consents(connection, TOMOKO.id),
                    [
                        each.model_dump(exclude={"person"})
                        for each in opt_outs_and_blocks.people_met(connection, TOMOKO.id)
                    ],
                )
            )
        )

    assert not TELLING.findall(await own())
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    await house.post(path, choice="yes", channels="cha_tomoko_mail")
    told = await own()
    assert "cha_tomoko_mail" in told or "•" in told or "tomoko@example.test" in told
    assert not TELLING.findall(told)


async def test_somebody_without_a_name_can_be_blocked_and_stays_without_one(house: Visits) -> None:
    await house.approved()
    await house.post(await house.link(TOMOKO, AskKind.OPT_IN), choice="no", never_again="yes")
    assert (await house.row(select(block))).blocked == ROSA.id

    async def met() -> tuple[opt_outs_and_blocks.SeenRequester, ...]:
        return await house.shell.database.read(lambda connection: opt_outs_and_blocks.people_met(connection, TOMOKO.id))

    (unnamed,) = await met()
    assert (unnamed.key, unnamed.name, unnamed.blocked) == (house.opening.id, "", True)
    await house.shell.database.write(lambda connection: opt_outs_and_blocks.unblock(connection, TOMOKO.id, unnamed))
    assert await met() == ()
    assert await house.value(select(block.c.blocked)) is None
