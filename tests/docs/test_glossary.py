"""The project speaks its own words, and no others for the same ideas."""

import importlib
import re

import pytest

from tests.docs.identifiers import Given, given_names
from tests.docs_in_step import DOCS

TEXT = (DOCS / "glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+) \| [^|]+ \| `([^`]+)` \|$", TEXT, re.MULTILINE)
(_SPARED,) = re.findall(r"^Not used: ([^.]+)\.", TEXT, re.MULTILINE)
NOT_USED = {form for word in _SPARED.split(", ") for form in (word, f"{word}s", word.removesuffix("s"))}

# What other people's standards call it, and a verb.
THEIRS = {
    "status": ("web/", "tests/", "store/idempotency.py"),  # of an answer over HTTP
    "accept": ("web/languages.py",),  # the header
    "lead": ("tests/",),  # where a link leads
    "leads": ("tests/",),
}


@pytest.mark.parametrize(("word", "place"), ROWS)
def test_each_word_is_where_the_glossary_says(word: str, place: str) -> None:
    module, _, name = place.rpartition(".")
    if place.count(".") == 1 and name.islower():  # a whole module, named after the word
        importlib.import_module(place)
    else:
        assert hasattr(importlib.import_module(module), name)


def test_no_word_stands_twice() -> None:
    words = [word for word, _ in ROWS]
    assert len(words) == len(set(words)) > 40


def test_the_words_we_do_not_use_name_nothing() -> None:
    found = [f"{given.file}:{given.line} {given.name}" for given in given_names() if _strays(given)]
    assert not found, f"see docs/glossary.md: {found}"


def _strays(given: Given) -> bool:
    return any(not given.file.startswith(THEIRS.get(word, ("nowhere",))) for word in given.words & NOT_USED)
