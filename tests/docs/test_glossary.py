"""The project speaks its own words, and no others for the same ideas."""

import importlib.util
import re
from enum import StrEnum
from typing import Any, get_args

import pytest

from models.asks import AskKind, AskState
from models.effects import Effect
from models.letters import OF_NO_INTRODUCTION, LetterKind
from models.news import News
from models.outcomes import Ending, Outcome
from models.policy.policy import Order
from models.process.introduction import Stage
from models.process.verdict import Reason
from store.tables import metadata
from tests.docs.pages.identifiers import Given, given_names
from tests.support.run.docs_in_step import DOCS

TEXT = (DOCS / "glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| [^|]+ \| `([^`]+)` \|$", TEXT, re.MULTILINE)
(_SPARED,) = re.findall(r"^Not used: ([^.]+)\.", TEXT, re.MULTILINE)
NOT_USED = {form for word in _SPARED.split(", ") for form in (word, f"{word}s", word.removesuffix("s"))}

# What other people's standards call it, and a verb.
THEIRS = {
    "status": ("web/", "tests/", "store/access/idempotency.py"),  # of an answer over HTTP
    "accept": ("telling/languages.py",),  # the header
    "lead": ("tests/",),  # where a link leads
    "leads": ("tests/",),
}


def _members(union: Any) -> set[str]:
    return {member.__name__ for member in get_args(get_args(union)[0])}


def _values(words: type[StrEnum]) -> set[str]:
    return {word.value for word in words}


# Each chapter of the glossary that spells words of the code, and what the code has.
CHAPTERS = {
    "Stages": _members(Stage),
    "News": _members(News),
    "Effects": _members(Effect),
    "Asks": _values(AskKind),
    "How an ask stands": _values(AskState),
    "Outcomes": _members(Outcome),
    "Endings": _values(Ending),
    "Orders": _values(Order),
    "Letters": _values(LetterKind) | set(OF_NO_INTRODUCTION),
    "Why news is refused": _values(Reason),
    "What is kept": set(metadata.tables),
}


@pytest.mark.parametrize(("chapter", "in_the_code"), CHAPTERS.items())
def test_a_chapter_has_every_word_of_the_code_and_no_other(chapter: str, in_the_code: set[str]) -> None:
    (text,) = re.findall(rf"^## {chapter}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    named = re.findall(r"^\| `(\w+)` \| [^|]+ \|$", text, re.MULTILINE)
    assert len(named) == len(set(named))
    assert set(named) == in_the_code


def test_every_chapter_is_held_to_the_code() -> None:
    assert set(re.findall(r"^## (.+)$", TEXT, re.MULTILINE)) == set(CHAPTERS)


@pytest.mark.parametrize(("word", "place"), ROWS)
def test_each_word_is_where_the_glossary_says(word: str, place: str) -> None:
    module, _, name = place.rpartition(".")
    holder = importlib.import_module(module)
    assert hasattr(holder, name) or importlib.util.find_spec(place), "neither a name in there nor a whole module"


def test_no_word_stands_twice() -> None:
    words = [word for word, _ in ROWS]
    assert len(words) == len(set(words)) > 40


def test_the_words_we_do_not_use_name_nothing() -> None:
    found = [f"{given.file}:{given.line} {given.name}" for given in given_names() if _strays(given)]
    assert not found, f"see docs/glossary.md: {found}"


def _strays(given: Given) -> bool:
    return any(not given.file.startswith(THEIRS.get(word, ("nowhere",))) for word in given.words & NOT_USED)
