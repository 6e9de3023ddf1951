"""Beside each field of a request stands who reads it, as the one table has it that docs/privacy.md is written from."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from models.acts import TEXTS
from models.request.guidance.readers import READERS, UNNAMED
from store.tables import person
from telling.languages import Reader
from tests import cast
from tests.cast import MONDAY, ROSA
from tests.web.ask.test_request_pages import ASK
from tests.web.house import visited
from web.shared.rendering import environment

STAFF, CONNECTOR, TARGET = "the staff", "whoever may introduce you", "the person you ask for"
AT_ONCE = f"Read only by: {STAFF}, {CONNECTOR}, and {TARGET}."
LATER = f"Read only by: {STAFF} and {CONNECTOR}; and by the person you ask for once you are introduced."
FIELD = re.compile(
    r'<(?:textarea|input type="text") id="([\w.]+)" name="[\w.]+".*?aria-describedby="([^"]+)"', re.DOTALL
)
QUESTION = {"id": "tried", "en": "Whom have you asked?", "es": "¿A quién?", "pt": "A quem?", "readers": ["connector"]}


def beside(text: str, blind: str, language: str = "en") -> str:
    shown = {"reader": Reader(language=language, zone="UTC"), "now": MONDAY}
    pieces: Any = environment().get_template("ask/pieces.html").make_module(shown)
    return " ".join(str(pieces.read_by(text, blind)).split())


@pytest.mark.parametrize("text", TEXTS)
def test_each_text_names_its_readers_and_a_target_without_a_name_only_what_they_get(text: str) -> None:
    assert beside(text, "never") == AT_ONCE
    assert beside(text, "always") == (AT_ONCE if text in UNNAMED else LATER)
    assert beside("named", "always") == f"Read only by: {STAFF} and {CONNECTOR}."
    assert set(READERS) == {*TEXTS, "named"}


@pytest.mark.parametrize("language", ["es", "pt"])
def test_it_is_said_in_each_language(language: str) -> None:
    assert len({beside("why", blind, language) for blind in ("never", "always")} | {AT_ONCE, LATER}) == 4


async def test_every_field_says_it_and_a_tick_says_which(tmp_path: Path) -> None:
    rules = cast.policy("accelerator", {"target.blind": "chosen", "request.questions": [QUESTION]})
    async with visited(tmp_path, rules) as house:
        speaks_english = update(person).where(person.c.id == ROSA.id).values(language="en")
        await house.database.write(lambda connection: connection.execute(speaks_english))
        page = unescape((await (await house.signed_in(ROSA)).get(ASK)).text)
    hints = {
        name: page.partition(f'id="{hint.split()[0]}">')[2].partition("</p>")[0] for name, hint in FIELD.findall(page)
    }
    assert set(hints) >= {
        "name",
        "organisation",
        "need",
        "goal",
        "why",
        "read",
        "offer",
        "note",
        "blind",
        "answer.tried",
    }
    assert [name for name, hint in hints.items() if "Read only by:" not in hint and name != "wanted_words"] == []
    assert f'<span class="if-named">{AT_ONCE}</span><span class="if-unnamed">{LATER}</span>' in hints["why"]
    assert f"Read only by: {CONNECTOR}." in hints["answer.tried"]
    assert AT_ONCE in page.partition('id="wanted"')[2].partition("</p>")[0]
