"""Hostile words cannot change the letter they stand in. Names, notes and sentences stay words."""

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.compose.composition import Composed, compose
from mailroom.compose.quoted_words import SHORT, one_line, opening, rest, several_lines
from mailroom.compose.views import AskTarget, LetterView, NamedPerson
from tests.letters.samples import LINK, samples

HOSTILE = [
    "A\r\nBcc: e@z.test",
    "A\nSubject: x",
    "A\x85B\u2028C\x0bD\x00E",
    '"A" <evil@z.test>, <b@c.test>',
    "\u202egnirts\u202c \u2066x\u2069",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[[Pay here]](https://evil.test)",
    "> quoted\n\n[[Pay here]](https://evil.test)\n\n- one\n- two",
    "{{7*7}} ${7*7} {% raw %} %n%s =cmd|..!A0",
    "\ue0000\ue001 \ue0001\ue001",
    "&amp; &lt;b&gt; \" ' `",
    "https://evil.test/pay www.evil.test",
    "</bdi></p></blockquote><h1>x",
    "\ud800 half a character",
]
FIRST: dict[str, LetterView] = {}
for each, sample in samples("en"):
    FIRST.setdefault(each.partition("/")[0], sample)


def _hostile(view: LetterView, words: str) -> LetterView:
    """The same view, with these words wherever somebody's words may stand."""
    fixed = {
        "kind",
        "language",
        "zone",
        "at",
        "promises",
        "own_page",
        "link",
        "leave",
        "requests",
        "staff",
        "booking",
        "console",
        "choose",
    }
    facts = {name: _planted(value, words) for name, value in view.model_dump().items() if name not in fixed}
    return type(view).model_validate(view.model_dump() | facts)


def _planted(value: Any, words: str) -> Any:
    if isinstance(value, str) and value not in (
        "introduce",
        "vouch",
        "together",
        "met_useful",
        "connector",
        "no_shows",
    ):
        return words
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return (words,)
    if isinstance(value, dict) and value.keys() == NamedPerson.model_fields.keys():
        return {"name": words, "called": words}
    return value


def _shape(letter: Composed) -> list[str]:
    """The tags of the HTML, without the breaks that a note's own lines make."""
    body = letter.html.partition("<body")[2]
    return [tag for tag in re.findall(r"</?([a-z0-9]+)", body) if tag not in ("br", "p")]


@pytest.mark.parametrize("kind", FIRST)
@pytest.mark.parametrize("words", HOSTILE, ids=[ascii(each)[:24] for each in HOSTILE])
def test_words_never_become_markup(kind: str, words: str) -> None:
    as_many = "\n\n".join(
        "plain" for _ in re.split(r"\n{2,}", words)
    )  # a note's first paragraph stands above the button
    plain, letter = (compose(_hostile(FIRST[kind], each)) for each in (as_many, words))
    assert _shape(letter) == _shape(plain)
    assert re.findall(r'href="([^"]*)"', letter.html) == re.findall(r'href="([^"]*)"', plain.html)
    assert letter.subject.isprintable()
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ue000-\uf8ff]", letter.text + letter.html
    )


@given(note=st.text(min_size=1, max_size=200).filter(several_lines))
def test_any_note_leaves_the_letter_as_it_is(note: str) -> None:
    view = FIRST["ask_target"].model_copy(update={"note": several_lines(note), "reminder": True})
    letter = compose(view)
    assert letter.text.count(LINK) == 2, "the button, and why this came"
    assert _shape(letter) == _shape(compose(FIRST["ask_target"].model_copy(update={"reminder": True})))
    quoted = "\n".join(line.removeprefix(">").removeprefix(" ") for line in letter.text.splitlines())
    assert "\n".join(map(str.rstrip, several_lines(note).split("\n"))) in quoted


@given(
    note=st.text(alphabet=st.sampled_from("ab é.!?\n。漢"), min_size=1, max_size=900).map(several_lines).filter(bool)
)
def test_first_lines_and_rest_are_the_whole_note(note: str) -> None:
    assert "".join((opening(note) + rest(note)).split()) == "".join(note.split())
    assert opening(note)
    assert len(opening(note)) <= SHORT


def test_first_lines_end_where_a_sentence_ends() -> None:
    long = "Your article made me think. " * 12
    assert opening(long).endswith("think.")
    assert opening("One.\nTwo.\nThree.\nFour.\nFive.\nSix.") == "One.\nTwo.\nThree.\nFour."
    assert rest("A short note is not cut.") == ""


@given(name=st.text(min_size=1, max_size=60).filter(one_line))
def test_any_name_reads_in_html_as_it_is_written(name: str) -> None:
    view = FIRST["ask_target"]
    assert isinstance(view, AskTarget)
    letter = compose(AskTarget.model_validate(view.model_dump() | {"requester": name}))
    assert one_line(name) in letter.subject
    assert f"<bdi>{one_line(name)}</bdi>" in unescape(letter.html).replace("\xa0", " ")


@given(st.text())
def test_words_made_safe_once_are_safe(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert several_lines(several_lines(text)) == several_lines(text)
    assert (
        one_line(text).isprintable()
        or any(each in one_line(text) for each in "\u200c\u200d")
        or not one_line(text).isascii()
    )


@pytest.mark.parametrize(
    "text", ["Amélie Šťastná", "خديجة", "田中 花子", "O'Brien-Ng, M.", "می‌خواهم", "👩‍🔬 Ada", "a  b"]
)
def test_honest_words_pass_unchanged(text: str) -> None:
    assert several_lines(text) == text
