"""The map of the house: in step with the code, and each function that a document walks through is there."""

import re
from pathlib import Path

import pytest

from tests.docs.pages.architecture_page import MARK, page
from tests.docs.pages.functions import functions
from tests.docs.pages.identifiers import ROOT
from tests.docs.pages.references import texts
from tests.docs.pages.walk import walk_of_a_yes
from tests.support.run.docs_in_step import DOCS, InStep

STEP = re.compile(r"`([\w/]+\.py)::(?:\w+::)?(\w+)`")
WALK = (DOCS / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.docs
def test_the_map_of_the_house_is_in_step_with_it(in_step: InStep) -> None:
    assert MARK in WALK
    in_step("architecture.md", page(WALK))


def test_every_function_a_document_names_is_in_its_file() -> None:
    named = [(text.where, *step) for text in texts() for step in STEP.findall(text.text)]
    assert len(named) > 20
    assert not [each for each in named if each[1] not in {function.file for function in functions().get(each[2], ())}]


@pytest.mark.docs
def test_the_walk_is_as_long_as_it_is_said_to_be(tmp_path: Path) -> None:
    assert f": {walk_of_a_yes(tmp_path)}\n" in WALK


def test_the_hops_of_the_walk_are_counted_on() -> None:
    hops = [int(hop) for hop in re.findall(r"^\| (\d+) \|", WALK, re.MULTILINE)]
    assert hops == list(range(1, len(hops) + 1))


def test_every_document_and_decision_has_its_place_in_an_index() -> None:
    documents = (DOCS / "README.md").read_text(encoding="utf-8")
    for path in sorted(DOCS.rglob("*.md")):
        place = path.relative_to(DOCS).as_posix()
        known = place == "README.md" or place.startswith("decisions/") or f"]({place})" in documents
        assert known, f"docs/README.md lacks {place}"
    decisions = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    for path in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        line = f"- [{title}]({path.name})\n"
        assert decisions.count(line) == 1, f"docs/decisions/README.md lacks, under its subject: {line}"


def test_the_first_page_leads_to_the_others() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8")
    for link in ("docs/README.md", "CONTRIBUTING.md", "docs/architecture.md"):
        assert f"]({link})" in first
