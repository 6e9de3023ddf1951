"""A name is shown as it is written, on one line, and hides nothing."""

import unicodedata
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.request.plain_text import Unfit, clean_line, clean_name, mixes_scripts


@pytest.mark.parametrize(
    "name",
    [
        "Rosa Ibarra",
        "José Núñez",
        "Conceição d'Ávila",
        "Tomoko 田中",
        "O’Neill-Sáenz",
        "Åsa",
        "علی\u200cرضا",
        "R. 🙂",
        "=Rosa",
        "<b>",
    ],
)
def test_names_of_the_world_stay_as_they_are(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "hidden", ["\r\n", "\n", "\r", "\t", "\0", "\x0b", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u2029"]
)
def test_a_line_break_or_control_character_is_refused(hidden: str) -> None:
    assert clean_name(f"Rosa{hidden}Ibarra") is Unfit.CONTROL
    assert clean_name(f"Rosa{hidden}") is Unfit.CONTROL


@pytest.mark.parametrize("damage", ["\ufffd", chr(0xD800), "\uffff", "\ufdd0", "\U0001fffe"])
def test_damage_is_refused(damage: str) -> None:
    assert clean_name(f"Jos{damage}") is Unfit.DAMAGED


@pytest.mark.parametrize(
    "mark", "\u202e\u202a\u2066\u2069\u200e\u200f\u061c\ufeff\u200b\u2060\u00ad\u3164\u2800\U000e0041"
)
def test_marks_that_are_not_seen_are_taken_out(mark: str) -> None:
    assert clean_name(f"Ro{mark}sa") == "Rosa"


@pytest.mark.parametrize("nothing", ["", " ", "\u00a0\u3000", "\u200b", "\u200d\u200c", "\u3164", "...", "🙂"])
def test_a_name_has_letters_that_are_seen(nothing: str) -> None:
    assert clean_name(nothing) is Unfit.EMPTY


def test_accents_written_in_two_ways_are_one_name() -> None:
    assert clean_name("Jose\u0301") == clean_name("José") == "José"


def test_spaces_are_one_space() -> None:
    assert clean_name("  Rosa \u00a0\u2003 Ibarra ") == "Rosa Ibarra"


def test_a_name_has_an_end() -> None:
    assert clean_name("a" * 120) == "a" * 120
    assert clean_name("a" * 121) is Unfit.TOO_LONG


def test_a_line_of_text_may_have_been_written_on_several() -> None:
    assert clean_line("Met at the fair,\r\n\tin Porto\u2028twice", 100) == "Met at the fair, in Porto twice"
    assert clean_line("\x1b[31mred", 100) is Unfit.CONTROL


@given(st.text(max_size=60))
def test_a_cleaned_name_is_clean(text: str) -> None:
    cleaned = clean_name(text)
    if isinstance(cleaned, str):
        assert clean_name(cleaned) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not {unicodedata.category(letter) for letter in cleaned} & {"Cc", "Zl", "Zp", "Cs"}


@pytest.mark.parametrize(
    ("name", "mixed"),
    [("Anna", False), ("Аnna", True), ("Анна", False), ("José", False), ("Αnna", True), ("Tomoko 田中", False)],
)
def test_letters_of_alphabets_that_look_alike_are_noticed(name: str, mixed: bool) -> None:
    assert mixes_scripts(name) is mixed


def test_marks_without_end_on_one_letter_are_damage_and_cost_nothing() -> None:
    """To put them in order takes the square of their number: three seconds for what a form may hold."""
    began = process_time()
    assert clean_name("a" + "\u0315\u0300" * 20_000) == Unfit.DAMAGED
    assert clean_line("b" + "\u0315\u0300" * 20_000, 100_000) == Unfit.DAMAGED
    assert process_time() - began < 1
    assert clean_name("Nguy\u1ec5n Th\u0302\u0301" + "e\u0302\u0323" * 40) != Unfit.DAMAGED
