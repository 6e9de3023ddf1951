"""The button of an introduction: where its target lets a time be booked, and nowhere else."""

import pytest

from mailroom.compose.filling.booking import booking_link
from models.ids import ChannelId, WordsId
from models.letters import LANGUAGES
from store.letters.letter_facts import PartySide, Words
from store.people.presentation import Way
from telling.answer_terms import TERM_BOOKING
from telling.languages import said

HERE = "https://tomoko.example.test/half-an-hour"


def _side(terms: str = "", **link: str) -> PartySide:
    shared = (Way(id=ChannelId("cha_1"), kind="link", **link),) if link else ()
    return PartySide(terms=Words(id=WordsId("wrd_1"), body=terms, hash="") if terms else None, shared=shared)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_given_in_the_terms_of_an_answer_is_the_button(language: str) -> None:
    terms = f"Any morning.\n{said(TERM_BOOKING, language, link=HERE)}\nhttps://read.example.test first"
    assert booking_link(_side(terms)) == HERE


@pytest.mark.parametrize("label", ["Booking page", "Mi agenda", "Marcar horário"])
def test_a_shared_link_that_says_it_is_for_booking_is_the_button(label: str) -> None:
    assert booking_link(_side(value=HERE, label=label)) == HERE


def test_a_shared_link_to_a_house_of_bookings_is_the_button() -> None:
    assert booking_link(_side(value="https://calendly.com/tomoko/20", label="")) == "https://calendly.com/tomoko/20"


@pytest.mark.parametrize(
    ("value", "label"), [("https://www.linkedin.com/in/tomoko", ""), ("javascript:alert(1)", "Booking page")]
)
def test_no_other_link_is_a_button(value: str, label: str) -> None:
    assert booking_link(_side("Please read https://read.example.test", value=value, label=label)) is None
