"""The page of safety: in step with its source, each entry held by a test or plainly not held yet."""

import re

import pytest

from tests.docs.pages.functions import the_test
from tests.docs.pages.open_addresses import items
from tests.docs.pages.safety_page import CHAPTERS, MARK, NUMBERED, Entry, entries, keepers, numbers, page
from tests.support.run.docs_in_step import DOCS, InStep


@pytest.mark.docs
def test_the_page_of_safety_is_in_step_with_its_source(in_step: InStep) -> None:
    head = (DOCS / "safety.md").read_text(encoding="utf-8")
    assert MARK in head
    in_step("safety.md", page(head))


@pytest.mark.parametrize(("number", "entry"), entries().items())
def test_each_entry_names_what_shows_it_or_says_that_nothing_does(number: str, entry: Entry) -> None:
    assert NUMBERED.fullmatch(number)
    assert number[0] in CHAPTERS
    assert entry.shown_by or entry.open, f"{number} is neither shown nor said to be open"
    assert len(keepers(number)) >= len(entry.kept_by)
    for name in entry.shown_by:
        assert the_test(name).name == name


@pytest.mark.parametrize(("number", "item"), items().items())
def test_each_item_of_asvs_names_tests_that_exist(number: str, item: tuple[str, tuple[str, ...]]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", number)
    for name in item[1]:
        assert the_test(name).name == name


def test_no_number_stands_in_two_groups() -> None:
    alone = [number for number, entry in entries().items() if entry.to is None]
    spans = sum((entry.to or 0) - int(number[1:]) + 1 for number, entry in entries().items() if entry.to)
    assert len(numbers()) == len(alone) + spans
