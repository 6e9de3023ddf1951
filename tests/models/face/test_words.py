"""Words of a programme's face: a signature of three lines at most, a sender that passes for no other, one opening."""

import pytest

from models.face.words import LINE, LINES, OPENING, clean_opening, clean_sender, clean_signature, opening_for
from models.request.plain_text import Unfit


def test_a_signature_is_kept_in_its_lines_without_the_empty_ones() -> None:
    assert clean_signature("Olive Ortega\r\n\r\n  Northwind Founders ") == "Olive Ortega\nNorthwind Founders"


@pytest.mark.parametrize(
    ("text", "flaw"),
    [(" \n ", Unfit.EMPTY), ("a\n" * (LINES + 1), Unfit.TOO_LONG), ("a\n" + "b" * (LINE + 1), Unfit.TOO_LONG)],
)
def test_a_signature_that_does_not_fit_is_refused(text: str, flaw: Unfit) -> None:
    assert clean_signature(text) == flaw


@pytest.mark.parametrize(
    "text",
    ["bank@example.test", "Northwind <desk>", "bank＠example", "www.bank.example", "bank．example", "+34 911 234 567"],
)
def test_a_sender_never_looks_like_an_address(text: str) -> None:
    assert clean_sender(text) == Unfit.DAMAGED


def test_a_sender_with_dots_in_it_is_a_name_all_the_same() -> None:
    assert clean_sender("Dr. Müller & J.R. Ortega, Northwind 2026") == "Dr. Müller & J.R. Ortega, Northwind 2026"


def test_an_opening_stands_on_one_line_within_its_limit() -> None:
    assert clean_opening("We introduce founders.") == "We introduce founders."
    assert clean_opening("a" * (OPENING + 1)) == Unfit.TOO_LONG


def test_an_opening_is_in_the_readers_language_else_in_the_programmes() -> None:
    said = {"en": "Welcome.", "es": "Hola."}
    assert opening_for(said, "es", "en") == "Hola."
    assert opening_for(said, "pt", "en") == "Welcome."
    assert opening_for(said, "en", "pt") == "Welcome."
    assert opening_for({"es": "Hola."}, "en", "pt") == ""
