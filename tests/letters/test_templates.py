"""Templates of letters: each language says every field that its view has, and no template asks for another.

Read, not rendered: a branch that no sample enters is held too, and a view that is half done is noticed at once.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import Environment, meta, nodes

import letters
from mailroom.compose.views import LetterFrame, LetterView, Reminding, SentAgain
from models.letters import LANGUAGES

FOLDER = Path(letters.__path__[0])
VIEWS: dict[str, type[LetterFrame]] = {
    str(each.model_fields["kind"].default): each for each in get_args(get_args(LetterView)[0])
}
READ_BY_THE_CODE = {"kind", "language", "zone", "at", "changed", "face"}  # which parts, in which language, how dressed
MADE_OF_FIELDS = {"staff_mailto", "why"}
NOT_SAID = {  # what a view has from a family of letters, and its own letter leaves out
    "did_you_meet": {"only_reminder"},
    "have_they_written": {"due_at"},
    "have_you_written": {"due_at"},
    "introduction_to_target": {"how_known", "since"},
    "term_over_to_target": {"due_at"},
    "thank_you": {"due_at"},
    "was_it_useful": {"due_at"},
}
TEMPLATES = Environment(autoescape=True)  # to read them; nothing is rendered


@pytest.mark.quick
@pytest.mark.parametrize("kind", VIEWS)
def test_each_language_says_every_field_of_its_view_and_no_other(kind: str) -> None:
    fields = VIEWS[kind].model_fields.keys() - READ_BY_THE_CODE - NOT_SAID.get(kind, set())
    for language in LANGUAGES:
        said = {name for part in _parts(kind, language) for name in _asked_for(part)}
        said -= READ_BY_THE_CODE | MADE_OF_FIELDS
        assert said == fields, language


def _parts(kind: str, language: str) -> Iterator[str]:
    """What a letter of this kind can be made of, as `compose` puts it together."""
    yield f"{kind}/{language}.txt"
    yield f"parts/foot.{language}.txt"
    yield f"parts/signature.{language}.txt"
    if issubclass(VIEWS[kind], Reminding):
        yield f"parts/changed.{language}.txt"
    if issubclass(VIEWS[kind], SentAgain):
        yield f"parts/line.{language}.txt"


def _asked_for(name: str) -> set[str]:
    tree = TEMPLATES.parse((FOLDER / name).read_text(encoding="utf-8"))
    names = list(tree.find_all(nodes.Name))
    asked = {each.name for each in names if each.ctx == "load"} - {each.name for each in names if each.ctx == "store"}
    return asked.union(*(_asked_for(each) for each in meta.find_referenced_templates(tree) if each))
