"""References: each number, file, decision, name and link that the repository's text points to is in the repository."""

import importlib.util
import re
from functools import cache
from pathlib import Path

from tests.docs.pages.identifiers import ROOT
from tests.docs.pages.references import (
    DECISION,
    DOTTED,
    ELSEWHERE,
    FILE,
    FOLDER,
    NAME,
    Text,
    numbers_in,
    our_files,
    texts,
)
from tests.docs.pages.safety_page import numbers
from tests.support.run.docs_in_step import DOCS

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
RUN = re.compile(r"python -m ((?:benchmarks|tests|web)(?:\.\w+)+)")
THEIRS = {"pylock.toml"}  # files of other people's tools, named in a decision
NOT_OURS = {  # names of other people's programs, and those of a page that tells how names are given
    "pool_pre_ping", "flufl.bounce", "max_concurrent_local_activities", "workflow.patched",
    "silent_parties", "pending_list", "test_nobody_is_asked_before_the_connector_approves",
    "of_kind_0", "Via", "cap_of_kind_0", "AskAgain", "Referer", "Location", "unaccent",
}  # fmt: skip
TICKED = re.compile(r"`[^`\n]*`")


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


def test_every_folder_that_is_named_is_there() -> None:
    named = {(text.where, folder) for text in texts() for folder in FOLDER.findall(text.text)}
    assert len(named) > 50
    assert not [each for each in sorted(named) if not (ROOT / each[1]).exists()]


def test_every_name_in_prose_is_one_the_code_knows() -> None:
    known = frozenset(word for path in our_files() if path.suffix != ".md" for word in _words(path))
    named = {(text.where, name) for text in texts() for name in NAME.findall(text.text) if name not in NOT_OURS}
    assert not [each for each in sorted(named) if not known.issuperset(each[1].split("."))]


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


def _words(path: Path) -> list[str]:
    """Those outside of backticks: a name is known where it is used, not where it is spoken of."""
    try:
        return re.findall(r"\w+", TICKED.sub("", path.read_text(encoding="utf-8")))
    except UnicodeDecodeError:
        return []  # a picture


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
