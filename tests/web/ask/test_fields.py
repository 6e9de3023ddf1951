"""A text of a request is known wherever a request goes: the recipe of CONTRIBUTING.md, held."""

import re
from pathlib import Path
from typing import get_args

import pytest

from models.acts import FIELDS, TEXTS, Edited
from models.base import Frozen
from models.effects import Rewrite
from models.request.faults import FieldName
from models.request.request import Request
from store.asks.views import Texts
from store.requests.edits import Changed
from store.tables import request
from telling import stage_words
from web.api.schemas import Changes, NewIntroduction
from web.ask.draft import Draft

ROOT = Path(__file__).parents[3]
TEMPLATES = ("ask/form.html", "ask/preview.html", "me/edit.html", "answers/pieces.html")


@pytest.mark.parametrize("shape", [Edited, Rewrite, Request, Changed, Texts, Draft, NewIntroduction, Changes])
def test_whatever_holds_a_request_holds_each_of_its_texts(shape: type[Frozen]) -> None:
    assert set(FIELDS) <= set(shape.model_fields)


def test_each_text_has_a_column_a_name_for_faults_and_words_in_the_console() -> None:
    assert set(TEXTS) <= set(request.c.keys()) & set(get_args(FieldName)) & set(stage_words.TEXTS)


@pytest.mark.parametrize("name", FIELDS)
def test_each_text_stands_on_every_page_that_shows_or_changes_a_request(name: str) -> None:
    pages = [(ROOT / "web" / "templates" / each).read_text() for each in TEMPLATES]
    assert [bool(re.search(rf"[\"'.]{name}\b", page)) for page in pages] == [True] * len(pages)


def test_the_recipe_names_files_that_hold_the_texts_by_name() -> None:
    """Each is one that a new text changes; the others go through all texts without naming one."""
    recipe = (ROOT / "CONTRIBUTING.md").read_text().partition("**A new field of a request**")[2].partition("\n\n**")[0]
    named = set(re.findall(r"`([\w/]+\.(?:py|html))`", recipe))
    ours = [*ROOT.glob("[a-z]*/**/*.py"), *(ROOT / "web" / "templates").rglob("*.html")]
    skipped = ("tests", "benchmarks", "build", "mutants", "migrations")
    places = [each for each in ours if not set(each.relative_to(ROOT).parts) & {*skipped, ".venv"}]
    by_name = re.compile(r"""(?:\bgoal\s*[:=(]|["'.]goal\b)""")
    assert {str(each.relative_to(ROOT)) for each in places if by_name.search(each.read_text())} <= named
