"""First lines: each file's docstring says what the file holds, none is like another, and none is a question."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.docs.pages.identifiers import ROOT, parsed

NOT_OURS = {".venv", ".git", "build"}
ASKS = re.compile(r"[^.!:]*\?")
# A question without its mark: "Which file is meant.", "How letters leave."
ASKING_WORDS = re.compile(r"(Who|Whom|Whose|Which|How|When|Why) ")


def test_every_file_says_what_it_holds() -> None:
    assert [str(path) for path, first in _first_lines() if not first] == []


def test_no_file_begins_with_a_question() -> None:
    assert not [f"{path}: {first}" for path, first in _first_lines() if _asks(first)]


def test_no_two_files_begin_alike_and_none_says_the_same_twice() -> None:
    """Of the first sentence and the one behind it: a second that only repeats the first tells nothing."""
    lines = list(_first_lines())
    homes = Counter(first for _, first in lines)
    assert not [f"{path}: {first}" for path, first in lines if homes[first] > 1]
    assert not [f"{path}: {first}" for path, first in lines if _repeats(first)]


def test_a_first_line_says_more_than_the_name_of_its_file() -> None:
    assert not [f"{path}: {first}" for path, first in _first_lines() if len(_words(first) - _words(str(path))) < 2]


def test_a_question_is_known_as_one() -> None:
    assert _asks("What became of a letter? Written once.")
    assert _asks("Which files there are.")
    assert not _asks("Delivery results: a letter accepted, refused or of unknown fate.")
    assert not _asks('The proof behind a letter. "Why am I getting this?" is answered here.')


def test_every_package_says_what_lives_there() -> None:
    packages = {path.parent for path in _files() if path.relative_to(ROOT).parts[0] != "tests"} - {ROOT}

    assert [
        str(folder.relative_to(ROOT)) for folder in sorted(packages) if not _docstring(folder / "__init__.py")
    ] == []


def _asks(first: str) -> bool:
    return bool(ASKS.match(first) or ASKING_WORDS.match(first))


def _repeats(first: str) -> bool:
    one, _, other = first.partition(". ")
    return bool(_words(one)) and len(_words(one)) > 1 and _words(one) <= _words(other)


def _words(text: str) -> set[str]:
    """Those that carry meaning: no little words, and singulars."""
    return {word.removesuffix("s") for word in re.findall(r"[a-z]{4,}", text.lower())}


def _first_lines() -> Iterator[tuple[Path, str]]:
    for path in _files():
        if path.name != "__init__.py" or path.read_text(encoding="utf-8").strip():
            yield path.relative_to(ROOT), _docstring(path).partition("\n\n")[0].replace("\n", " ")


@cache
def _docstring(path: Path) -> str:
    if not path.exists():
        return ""
    return ast.get_docstring(parsed(path)) or ""


@cache
def _files() -> list[Path]:
    ours = [folder for folder in ROOT.iterdir() if folder.is_dir() and folder.name not in NOT_OURS]
    return sorted(path for folder in ours for path in folder.rglob("*.py")) + sorted(ROOT.glob("*.py"))
