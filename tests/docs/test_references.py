"""References: each number, file, decision, name and link that the repository's text points to is in the repository."""

import importlib.util
import re
from functools import cache
from pathlib import Path

from tests.docs.pages.identifiers import ROOT
from tests.docs.pages.references import DECISION, DOTTED, ELSEWHERE, FILE, Text, numbers_in, our_files, texts
from tests.docs.pages.safety_page import numbers
from tests.support.run.docs_in_step import DOCS

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
RUN = re.compile(r"python -m ((?:benchmarks|tests|web)(?:\.\w+)+)")
THEIRS = {"pylock.toml"}  # files of other people's tools, named in a decision
WITHIN = re.compile(r"\b([\w/]+\.py)::([\w.]+)")


def test_every_number_of_a_rule_is_explained() -> None:
    known = numbers() | set(
        re.findall(r"^\| (G\d+[ab]?) ", (DOCS / "measured" / "speed.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    strange = [f"{text.where} {number}" for text in texts() for number in numbers_in(text.text) if number not in known]
    assert not strange, f"tests/docs/pages/safety.toml and docs/measured/speed.md explain none of these: {strange}"


def test_every_file_that_is_named_is_there() -> None:
    strange = [f"{text.where} {name}" for text in texts() for name in _files_in(text) if not _is_there(name, text)]
    assert not strange


def test_every_decision_that_is_named_is_there() -> None:
    there = {path.name[:4] for path in (DOCS / "decisions").glob("[0-9]*.md")}
    named = [
        (text.where, number) for text in texts() for pair in DECISION.findall(text.text) for number in pair if number
    ]
    assert not [each for each in named if each[1] not in there]


def test_every_name_of_the_code_is_there() -> None:
    named = {(text.where, name) for text in texts() for name in DOTTED.findall(text.text)}
    assert len(named) > 100
    assert not [each for each in sorted(named) if not _is_defined(each[1])]


def test_every_module_that_is_to_be_run_is_there() -> None:
    named = {(text.where, module) for text in texts() for module in RUN.findall(text.text)}
    assert len(named) > 3
    assert not [each for each in sorted(named) if not _is_defined(each[1])]


def test_every_link_of_a_document_leads_somewhere() -> None:
    for text in _documents():
        for link in LINK.findall(re.sub(r"`[^`]*`", "", text.text)):
            assert (ROOT / text.file).parent.joinpath(link).exists(), f"{text.where}: {link}"


def test_nothing_points_to_lists_kept_elsewhere() -> None:
    assert not [f"{text.where} {found[0]}" for text in texts() if (found := ELSEWHERE.search(text.text))]


def _documents() -> list[Text]:
    return [text for text in texts() if text.file.endswith(".md")]


def _files_in(text: Text) -> list[str]:
    return [name for name in FILE.findall(text.text) if name not in THEIRS]


@cache
def _names() -> frozenset[str]:
    """Each file of ours by every end of its path: `models/news.py` and `news.py`."""
    paths = [path.relative_to(ROOT).parts for path in our_files()]
    return frozenset("/".join(parts[start:]) for parts in paths for start in range(len(parts)))


def _is_there(name: str, text: Text) -> bool:
    return name in _names() or (Path(ROOT / text.file).parent / name).exists()


def _is_defined(name: str) -> bool:
    module, _, attribute = name.rpartition(".")
    try:
        return hasattr(importlib.import_module(module), attribute) or bool(importlib.util.find_spec(name))
    except ModuleNotFoundError:
        return False
