"""A letter in the face of its programme: the same words in text and HTML, readable with pictures off, and no more."""

import re

import pytest

from mailroom.compose.composition import compose
from mailroom.compose.views import LetterView, SignIn, ViaConnector
from mailroom.compose.views.parts import LetterFace, LogoInLetter
from models.face.colours import palette
from models.letters import LANGUAGES
from tests.letters.html_reading import read_back
from tests.letters.samples import HOUSE, samples

OPENING = "Northwind brings founders and mentors together, one letter at a time."
SIGNED = "Olive Ortega\nNorthwind Founders, the introductions desk"
PICTURE = f"{HOUSE}/logo/0123456789abcdef0123456789abcdef.png"
FACE = LetterFace(
    sender="Northwind introductions",
    signature=SIGNED,
    opening=OPENING,
    logo=LogoInLetter(url=PICTURE, width=120, height=40),
    colours=palette("#ffd400"),
)
ALL = [(f"{name}.{language}", view) for language in LANGUAGES for name, view in samples(language)]


@pytest.mark.parametrize("view", [view for _, view in ALL[::7]], ids=[name for name, _ in ALL[::7]])
def test_its_words_stand_around_the_letter_in_text_and_html_alike(view: LetterView) -> None:
    bare, letter = compose(view), compose(view.model_copy(update={"face": FACE}))
    assert letter.subject == bare.subject
    body, _, foot = bare.text.partition("\n\n———\n")
    letter_itself, _, team = body.rpartition("\n\n")
    assert view.programme in team  # who signs where the face has no signature
    assert letter.text == f"{OPENING}\n\n{letter_itself}\n\n{SIGNED}\n\n———\n{foot}"
    assert read_back(letter.html).text == letter.text


def test_its_team_signs_for_a_face_without_a_signature() -> None:
    for _, view in ALL[::7]:
        face = FACE.model_copy(update={"signature": None, "opening": ""})
        assert compose(view.model_copy(update={"face": face})).text == compose(view).text


def test_a_letter_without_a_face_is_as_it_was() -> None:
    for _, view in ALL[:5]:
        assert compose(view.model_copy(update={"face": LetterFace()})) == compose(view)
        assert "<img" not in compose(view).html


def test_the_one_picture_is_ours_and_the_same_for_everybody() -> None:
    addresses = set()
    for _, view in ALL:
        html = compose(view.model_copy(update={"face": FACE})).html
        addresses |= set(re.findall(r"""(?:src|srcset|background)=["']([^"']*)""", html))
        assert "url(" not in html
        assert f'alt="{view.programme}"' in html  # what is read where pictures are off
        assert 'width="120" height="40"' in html  # and their place is kept
    assert addresses == {PICTURE}


def test_its_colours_stand_by_day_and_by_night() -> None:
    view = next(view for _, view in ALL if hasattr(view, "link"))
    html, made = compose(view.model_copy(update={"face": FACE})).html, palette("#ffd400")
    assert f"background-color: {made.light.deep}" in html
    assert f"background-color: {made.dark.deep} !important" in html
    assert "#0e6a63" not in html


def test_the_sender_stands_in_from_and_behind_a_connectors_name() -> None:
    for _, view in ALL:
        dressed = view.model_copy(update={"face": FACE})
        wanted = "Northwind introductions"
        named = isinstance(view, ViaConnector) and view.from_name != view.programme
        assert dressed.from_name == (f"{view.connector} via {wanted}" if named else wanted)  # type: ignore[union-attr]


def test_words_of_a_face_are_never_markup() -> None:
    face = FACE.model_copy(update={"opening": "[[Press]](https://else.test) <b>now</b>", "signature": "> <i>Olive</i>"})
    view = next(view for _, view in ALL if isinstance(view, SignIn))
    letter = compose(view.model_copy(update={"face": face}))
    assert "&lt;b&gt;now" in letter.html
    assert "&gt; &lt;i&gt;Olive" in letter.html
    assert 'href="https://else.test' not in letter.html
