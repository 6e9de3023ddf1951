"""What somebody is called: short names near their own are taken, sentences and whatever could be pressed are not."""

import pytest

from models.request.links import is_reachable
from models.request.names import clean_called, fitting_called
from models.request.plain_text import Unfit

TAKEN = [
    ("Pepe", "José Pérez"),
    ("Majo", "María José Prieto"),
    ("María José", "María José Prieto"),
    ("Dr. Müller", "Ana Müller"),
    ("J. R.", "John Ronald Tolkien"),
    ("O'Neil", "Shaun O'Neil"),
    ("花子", "田中 花子"),
    ("Jean-Luc", "Jean-Luc Moreau"),
]
REFUSED = [
    "Carl Lindqvist: please log in at https://evil.example",
    "please log in",
    "Carl please call me",
    "www.bank.example",
    "bank\uff0eexample",
    "carl\uff20bank",
    "+34 911 234 567",
    "Carl (CEO)",
    "Carl, your mentor",
    "ログインしてくださいログインしてください今",
    "C" * 41,
    "Carl\nLindqvist",
]


@pytest.mark.parametrize(("called", "name"), TAKEN)
def test_a_name_near_their_own_is_taken(called: str, name: str) -> None:
    assert clean_called(called, name) == called


@pytest.mark.parametrize("called", REFUSED)
def test_a_sentence_or_an_address_is_no_name(called: str) -> None:
    assert isinstance(clean_called(called, "Carl Lindqvist"), Unfit)
    assert fitting_called(called, "Carl Lindqvist") == ""


def test_what_was_near_a_name_that_has_changed_is_used_no_more() -> None:
    assert fitting_called("María José", "María José Prieto") == "María José"
    assert fitting_called("María José", "Rosa Prieto") == ""


@pytest.mark.parametrize("words", ["see acme．io", "write to a＠b.example", "WWW。acme", "https://x"])
def test_what_would_be_pressed_is_found_however_wide_it_is_written(words: str) -> None:
    assert is_reachable(words)


@pytest.mark.parametrize("words", ["Node.js developer, ex-Google", "Founder at Acme. Before: X", "24/7 @ home"])
def test_plain_words_are_left_alone(words: str) -> None:
    assert not is_reachable(words)
