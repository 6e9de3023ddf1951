"""The project speaks its own words, and no others for the same ideas."""

import ast
import importlib.util
import re
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from models.asks import AskKind, AskState
from models.effects import Effect
from models.letters import LetterKind
from models.news import News
from models.outcomes import Ending, Outcome
from models.policy.policy import Order
from models.process.state.stages import Stage
from models.process.verdict import Reason
from store.tables import metadata
from tests.docs.pages.identifiers import ROOT, Given, given_names, parsed, sources
from tests.support.letters_alone import OF_NO_INTRODUCTION
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


# Words of modules that mean in them what they mean anywhere.
_ORDINARY = """
access addresses after and archive attachments base batch blind bulk columns copy course deletion
disclosed discretion durations facts faults file files hashes ids importing jobs life limit mailboxes marks members
merge models other pair plain possible presentation privacy progress proof reachability read reading recorder
references restore results rules search start store story tact transaction unsubscribe verify writer
"""
ORDINARY = frozenset(re.findall(r"\w+", _ORDINARY))

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


def test_every_word_that_names_a_room_or_a_file_of_the_core_or_the_store_is_explained() -> None:
    explained = {_one(word) for told in re.findall(r"^\| ([^|]+) \|", TEXT, re.MULTILINE) for word in _parts(told)}
    strange = {word for file in _files() for word in _parts(file) if _one(word) not in explained}
    assert strange - ORDINARY == set(), "a row of docs/glossary.md, or another name"
    assert ORDINARY - strange == set()


def test_no_two_classes_have_one_name() -> None:
    """Nor has a type a class's name: what a reader looks up has one home."""
    homes: dict[str, list[str]] = defaultdict(list)
    for name, file, _ in _types():
        homes[name].append(file)
    classes = {name for name, _, is_class in _types() if is_class}
    assert not {name: files for name, files in homes.items() if name in classes and len(files) > 1}


def test_the_words_we_do_not_use_name_nothing() -> None:
    found = [f"{given.file}:{given.line} {given.name}" for given in given_names() if _strays(given)]
    assert not found, f"see docs/glossary.md: {found}"


def _strays(given: Given) -> bool:
    return any(not given.file.startswith(THEIRS.get(word, ("nowhere",))) for word in given.words & NOT_USED)


def _files() -> list[str]:
    """Folders and files, without the shapes of tables, the database's own machinery and what lies below the rooms."""
    paths = [path.relative_to(ROOT) for path in sources()]
    core = [path for path in paths if path.parts[0] in ("models", "store") and path.name != "__init__.py"]
    return [str(path.with_suffix("")) for path in core if path.parts[1] not in ("tables", "engine", "migrations")]


def _parts(name: str) -> list[str]:
    return re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower())


def _one(word: str) -> str:
    """Its singular."""
    return re.sub("(?<=..)ies$", "y", word).removesuffix("s")


@cache
def _types() -> tuple[tuple[str, str, bool], ...]:
    """What our modules define at their top: classes, and names for types."""
    ours = (path for path in sources() if path.relative_to(ROOT).parts[0] not in ("tests", "benchmarks"))
    return tuple(found for path in ours for found in _types_of(path))


def _types_of(path: Path) -> Iterator[tuple[str, str, bool]]:
    file = str(path.relative_to(ROOT))
    for node in parsed(path).body:
        match node:
            case ast.ClassDef(name=name):
                yield name, file, True
            case ast.Assign(targets=[ast.Name(id=name)]) if name[0].isupper() and not name.isupper():
                yield name, file, False
