"""Whatever somebody typed comes back with every refusal, in whatever writing: a field is words by its name."""

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import pytest
from starlette.exceptions import HTTPException

from models.asks import AskKind
from store.engine.database import DatabaseAway
from tests.cast import CARL
from tests.web.answers.house import Visits, visits
from web.shared.acts.given_back import CHOSEN, TYPED
from web.shared.error_pages import StaleStep
from web.shared.rendering import HERE
from web.shared.sessions import SignInFirst

SENTENCE = "彼女は電力網の静けさを誰よりも知っている人です"
EVERY_FIELD = {name: f"{SENTENCE}{name}" for name in TYPED}
_FIELDS = (
    r'parts\.text\("([a-z_]+)"',
    r'counted\("([a-z_]+)"',
    r'<textarea[^>]* name="([a-z_]+)"',
    r'<input type="(?:text|search|email|url|tel)"[^>]* name="([a-z_]+)"',
    r'parts\.line\("([a-z_]+)"(?![^\n]*kind="(?:date|number)")',
)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visits]:
    async with visits(tmp_path) as opened:
        yield opened


def test_every_field_somebody_types_in_is_known_by_its_name() -> None:
    sources = [template.read_text() for template in (HERE / "templates").rglob("*.html")]
    named = {name for text in sources for form in _FIELDS for name in re.findall(form, text)}
    assert named == TYPED
    radios = {pair for text in sources for pair in re.findall(r'parts\.choice\("([a-z_]+)", "([a-z_]+)"', text)}
    assert {(name, value) for name, value in radios if name in TYPED} == {
        (name, value) for name, values in CHOSEN.items() for value in values
    }


@pytest.mark.parametrize(
    ("error", "status"), [(StaleStep(), 409), (SignInFirst(), 403), (DatabaseAway(), 503), (HTTPException(404), 404)]
)
async def test_every_field_comes_back_with_every_error_page(house: Visits, error: Exception, status: int) -> None:
    @house.app.post("/tried")
    async def tried() -> None:
        raise error

    told = await house.client.post("/tried", data=EVERY_FIELD)
    assert told.status_code == status
    assert _lost(told.text) == []


async def test_every_field_comes_back_from_a_link_that_opens_nothing(house: Visits) -> None:
    told = await house.client.post("/a/" + "x" * 32, data={"choice": "introduce", **EVERY_FIELD})
    assert told.status_code == 404
    assert _lost(told.text) == []


async def test_every_field_comes_back_where_the_question_is_open_no_more(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    earlier = (await house.client.get(path)).text
    await house.post(path, choice="no")
    await house.shell.time_passes(house.opening.policy.undo_for.nominal)
    late = await house.post(path, page=earlier, choice="introduce", **EVERY_FIELD)
    unreadable = await house.client.post(path, data={"nonce": "x", "choice": "introduce", **EVERY_FIELD})
    assert (late.status_code, unreadable.status_code) == (409, 422)
    assert (_lost(late.text), _lost(unreadable.text)) == ([], [])


@pytest.mark.parametrize(("language", "title"), [("en", "That is too long"), ("es", "Es demasiado largo")])
async def test_a_form_that_is_too_long_comes_back_to_be_copied(house: Visits, language: str, title: str) -> None:
    long = "a" * 70_000
    form = {"choice": "introduce", "how_known": SENTENCE, "sentence": long}
    path = await house.link(CARL, AskKind.APPROVE)
    told = await house.client.post(path, data=form, headers={"accept-language": language})
    assert told.status_code == 413
    assert title in told.text
    assert SENTENCE in told.text
    assert long in told.text
    assert "x-frame-options" in told.headers
    endless = await house.client.post(path, data={"sentence": "a" * 300_000})
    assert (endless.status_code, endless.text) == (413, "That is too long.\n")


def _lost(page: str) -> list[str]:
    shown = unescape(page)
    return [name for name, words in EVERY_FIELD.items() if words not in shown]
