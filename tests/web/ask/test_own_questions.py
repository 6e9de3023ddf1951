"""A programme's own questions: asked on the form and over the API, and each answer read by those it names alone."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Connection, select, update

from mailroom.compose.composition import compose
from mailroom.compose.filling import fill
from models.ids import IntroductionId
from models.letters import LetterKind
from store.letters import outbox, start_letter
from store.privacy.export import copy, staff_copy
from store.requests import words as request_words
from store.tables import introduction, letter, person
from store.views import staff_story
from tests import cast
from tests.cast import CARL, OLIVE, ROSA, TOMOKO
from tests.mailroom.desk import KEYS, STATIONERY
from tests.support.news_phrases import approves
from tests.support.services.databases import Place
from tests.web.api.api_client import asking, caller, once
from tests.web.ask.test_request_pages import ASK, look, send, written
from tests.web.house import Visited, nonce_on, visited

TITLES = {
    "stage": ("At which stage are you?", ["staff", "connector", "target"]),
    "money": ("Who has put money in?", ["staff"]),
    "tried": ("Whom have you asked already?", ["connector"]),
}
QUESTIONS = [
    {"id": name, "en": said, "es": f"¿{said}", "pt": f"{said} (pt)", "readers": readers, "required": name == "stage"}
    for name, (said, readers) in TITLES.items()
]
RULES = cast.policy("accelerator", {"screening": None, "request.questions": QUESTIONS})
ANSWERS = {"stage": "Forty villages run on it", "money": "Two aunts and a bank", "tried": "Nobody so far"}
TYPED = {f"answer.{name}": answer for name, answer in ANSWERS.items()}


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES, place=place) as opened:
        everybody = update(person).values(language="en")
        await opened.database.write(lambda connection: connection.execute(everybody))
        yield opened


async def read_by(visitor: httpx2.AsyncClient, path: str) -> set[str]:
    page = (await visitor.get(path)).text
    return {name for name, answer in ANSWERS.items() if answer in page}


async def asked(house: Visited, rosa: httpx2.AsyncClient) -> IntroductionId:
    await send(rosa, await look(rosa, **TYPED))
    return await house.database.read(lambda connection: connection.execute(select(introduction.c.id)).scalar_one())


async def test_an_answer_reaches_those_its_question_names_and_nobody_else(house: Visited) -> None:
    rosa = await house.signed_in(ROSA)
    form = (await rosa.get(ASK)).text
    assert "At which stage are you?" in form
    assert "Who has put money in? (optional)" in form
    assert re.search(r'id="answer.tried-hint">\s*Read only by: whoever may introduce you\.\s*<', form)
    missing = await look(rosa)
    assert (missing.status_code, 'id="answer.stage-fault"' in missing.text) == (422, True)
    one = await asked(house, rosa)
    assert await house.database.write(lambda connection: _in_letter(connection, house, LetterKind.ASK_CONNECTOR)) == {
        "stage",
        "tried",
    }
    await house.engine.letters_arrive()
    carl = await house.signed_in(CARL)
    path = (await carl.post(f"/me/asks/{one}/approve")).headers["location"]
    assert await read_by(carl, path) == {"stage", "tried"}
    await house.engine.heard(one, approves(CARL)(house.engine.states[one]))
    house.clock.now += timedelta(minutes=11)
    assert await house.database.write(lambda connection: _in_letter(connection, house, LetterKind.ASK_TARGET)) == {
        "stage"
    }
    await house.engine.letters_arrive()
    tomoko = await house.signed_in(TOMOKO)
    path = (await tomoko.post(f"/me/asks/{one}/opt_in")).headers["location"]
    assert await read_by(tomoko, path) == {"stage"}
    olive = await house.signed_in(OLIVE)
    assert await read_by(olive, f"/console/introductions/{one}") == {"stage", "money"}
    now = house.clock()
    mine = await house.database.read(lambda connection: copy.copy_of(connection, ROSA.id, now))
    staffs = await house.database.read(lambda connection: staff_copy.copy_for_staff(connection, ROSA.id, now))
    assert all(answer in str(mine) for answer in ANSWERS.values())
    assert not any(answer in str(staffs) for answer in ANSWERS.values()), "it is under way"
    story = await house.database.read(lambda connection: staff_story.story(connection, one, now))
    assert story
    assert [asked.id for asked, _ in story.answers] == ["stage", "money"]


def _in_letter(connection: Connection, house: Visited, kind: LetterKind) -> set[str]:
    """Answers that stand in the letter of this kind, as it would leave now."""
    key, now = connection.execute(select(letter.c.id).where(letter.c.kind == kind)).scalar_one(), house.clock()
    with connection.begin_nested() as trial:
        outbox.claim(connection, "here", now, 100)
        started = start_letter.start(connection, key, "here", KEYS, STATIONERY.domain, now)
        trial.rollback()
    assert started
    said = compose(fill(started, STATIONERY.public_url, STATIONERY.reply_to, now)).text
    return {name for name, answer in ANSWERS.items() if answer in said}


async def test_answers_are_changed_with_the_other_words_and_kept_beside_the_old(house: Visited) -> None:
    rosa = await house.signed_in(ROSA)
    one = await asked(house, rosa)
    path = f"/me/requests/{one}/edit"
    page = (await rosa.get(path)).text
    assert all(answer in page for answer in ANSWERS.values())
    changed = written() | TYPED | {"nonce": nonce_on(page), "version": "1", "answer.stage": "", "answer.tried": ""}
    refused = await rosa.post(path, data=changed)
    assert (refused.status_code, ANSWERS["money"] in refused.text) == (422, True)
    done = await rosa.post(path, data=changed | {"answer.stage": "Fifty villages"})
    assert done.headers["location"] == "/me?said=edited"
    texts = await house.database.read(lambda connection: request_words.texts(connection, one, 2))
    assert (texts["answer:stage"], "answer:tried" in texts) == ("Fifty villages", False)


async def test_a_program_is_told_which_answer_is_not_right(house: Visited) -> None:
    api = await caller(house)
    refused = await api.post("/introductions", json=asking(answers={"money": "x" * 201, "who": "x"}), headers=once())
    assert refused.status_code == 422
    assert [(each["field"], each["name"]) for each in refused.json()["errors"]] == [
        ("answers.who", "not_asked"),
        ("answers.stage", "missing"),
        ("answers.money", "too_long"),
    ]
    taken = await api.post("/introductions", json=asking(answers=ANSWERS), headers=once())
    assert taken.status_code == 201
    assert not any(answer in taken.text for answer in ANSWERS.values())
