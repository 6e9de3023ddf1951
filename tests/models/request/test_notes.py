"""The door sees what should not be forwarded, and lets pass what a person would write."""

import pytest

from models.request.faults import FaultName, FieldName
from models.request.notes import count_words, faults_in, sameness, tidy
from models.request.plain_text import Unfit
from tests.cast import policy

RULES = policy("accelerator").requester
GOOD = (
    "Tomoko, I build pumps that run without power. Your paper on silent valves (https://valves.example/2024) changed "
    "how I think about back flow, and I would love twenty minutes to ask how you kept the seal dry [see fig. 3]. "
    "I can send you our test data from 40 villages. If it is not a good time, no answer is needed."
)


def names(text: str, field: FieldName = "note", *, required: bool = True) -> list[FaultName]:
    return [fault.name for fault in faults_in(field, text, RULES, required=required)]


def test_a_note_as_a_person_writes_it_has_no_fault() -> None:
    assert faults_in("note", GOOD, RULES, required=True) == []


@pytest.mark.parametrize("blank", ["", "  \n\t ", "\u200b\u200c\u200d\ufeff", "\u3164\u2800", "\u202e\u2066", "…!?"])
def test_a_text_without_anything_to_read_is_missing(blank: str) -> None:
    assert names(blank) == [FaultName.MISSING]
    assert names(blank, required=False) == []


def test_a_long_note_is_told_its_numbers() -> None:
    (fault,) = faults_in("note", "word " * 101, RULES, required=True)
    assert (fault.name, fault.found, fault.limit) == (FaultName.TOO_MANY_WORDS, 101, 100)
    assert names("word " * 100) == []


def test_words_are_counted_as_a_reader_counts() -> None:
    assert count_words("Well – three words…\n\n and 2 more, l'été!") == 7


@pytest.mark.parametrize("text", ["a" * 4097, "é" * 2049, "👩\u200d👩\u200d👧 a" * 500])
def test_bytes_are_limited_not_letters(text: str) -> None:
    (fault,) = faults_in("note", text, RULES, required=True)
    assert (fault.name, fault.limit) == (FaultName.TOO_LONG, 4096)
    assert fault.found == len(text.encode())


@pytest.mark.parametrize("text", ["a\x00b", "half \ud800 a letter", "bell \x07", "damaged \ufffd"])
def test_control_characters_and_damage_are_refused(text: str) -> None:
    assert names(text) == [FaultName.UNREADABLE]


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("Hi Firstname! I loved your work", "Hi Firstname"),
        ("Dear Name,", "Dear Name"),
        ("Hola nombre, me gusta", "Hola nombre"),
        ("Olá Nome, gostei muito", "Olá Nome"),
        ("Hi {{name}}, hello", "{{name}}"),
        ("Hi {{ first_name }}", "{{ first_name }}"),
        ("Hi {first_name}", "{first_name}"),
        ("Hello [Name]", "[Name]"),
        ("Hello [First Name]", "[First Name]"),
        ("at [insert company here]", "[insert company here]"),
        ("en [tu empresa]", "[tu empresa]"),
        ("na [sua empresa]", "[sua empresa]"),
        ("your work at <company>", "<company>"),
        ("your work at <<Company>>", "<<Company>>"),
        ("at ${company} and on", "${company}"),
        ("{{7*7}} is", "{{7*7}}"),
        ("*|FNAME|* hello", "*|FNAME|*"),
        ("%FIRST_NAME% hello", "%FIRST_NAME%"),
        ("I admire XXX at your firm", "XXX"),
        ("I work at ____ since May", "____"),
        ("Lorem ipsum. lorem ipsum dolor", "lorem ipsum"),
        ("[COMPANY NAME] hello", "[COMPANY NAME]"),
    ],
)
def test_an_unfilled_slot_is_shown_as_it_stands(text: str, slot: str) -> None:
    found = faults_in("note", text, RULES, required=True)
    assert [(fault.name, fault.words) for fault in found] == [(FaultName.PLACEHOLDER, slot)]


@pytest.mark.parametrize(
    "text",
    [
        "Hi Tomoko, dear namesake",
        "As Aristotle [sic] said [1], {braces, and more things here} are rare",
        "if a < b and c > d then fine",
        "I owe you 50% of the credit, or 100%",
        "XX or xxx, your friend",
        "Hola Nombela",
        "The Dear Job Board",
    ],
)
def test_ordinary_words_are_no_slots(text: str) -> None:
    assert names(text) == []


def test_many_slots_are_named_once_each() -> None:
    found = [fault.words for fault in faults_in("note", "{{a}} {{b}} {{a}} [Name]", RULES, required=True)]
    assert found == ["{{a}}", "{{b}}", "[Name]"]


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("https://bit.ly/3xyz", FaultName.HIDDEN_LINK),
        ("bit.ly/3xyz", FaultName.HIDDEN_LINK),
        ("https://user@bank.example/pay", FaultName.HIDDEN_LINK),
        ("http://2130706433/", FaultName.HIDDEN_LINK),
        ("http://127.0.0.1/x", FaultName.HIDDEN_LINK),
        ("http://xn--pple-43d.example", FaultName.HIDDEN_LINK),
        ("https://аpple.example/", FaultName.HIDDEN_LINK),
        ("ftp://files.example/a", FaultName.HIDDEN_LINK),
        ("http://[broken", FaultName.HIDDEN_LINK),
        ("https://shop.example/?utm_source=mail", FaultName.PROMOTIONAL_LINK),
        ("www.shop.example/p?ref=rosa", FaultName.PROMOTIONAL_LINK),
        ("shop.example/buy?coupon=WARM20", FaultName.PROMOTIONAL_LINK),
    ],
)
def test_a_link_that_hides_or_promotes_is_named(link: str, name: FaultName) -> None:
    found = faults_in("note", f"Please look at {link}, thank you.", RULES, required=True)
    assert [(fault.name, fault.words) for fault in found] == [(name, link)]


@pytest.mark.parametrize(
    "text", ["We are acme.com and valves.example.", "See https://valves.example/a?page=2", "e.g. and/or"]
)
def test_a_plain_link_or_name_may_stand(text: str) -> None:
    assert names(text) == []


def test_a_note_holds_one_link_and_what_was_read_may_hold_several() -> None:
    three = "https://a.example/1 https://b.example/2 https://c.example/3 as one"
    (fault,) = faults_in("note", three, RULES, required=True)
    assert (fault.name, fault.found, fault.limit) == (FaultName.TOO_MANY_LINKS, 3, 1)
    assert names(three, "read") == []


def test_all_faults_come_at_once() -> None:
    text = "Hi {{name}} https://bit.ly/a https://b.example/?utm_id=1 " + "word " * 100
    assert names(text) == [
        FaultName.TOO_MANY_WORDS,
        FaultName.PLACEHOLDER,
        FaultName.HIDDEN_LINK,
        FaultName.PROMOTIONAL_LINK,
        FaultName.TOO_MANY_LINKS,
    ]


def test_sameness_begins_at_the_policys_number() -> None:
    assert sameness(84, RULES) == []
    (fault,) = sameness(85, RULES)
    assert (fault.name, fault.field, fault.found, fault.limit) == (FaultName.SAME_AS_EARLIER, "note", 85, 85)


def test_what_is_kept_hides_nothing_and_keeps_its_paragraphs() -> None:
    written = "Dear\u202e Tomoko,\r\n\r\n  I\u200b build\tpumps.  \rBye\u2028now"
    assert tidy(written) == "Dear Tomoko,\n\nI build pumps.\nBye now"
    assert tidy("\u200d") == Unfit.EMPTY


@pytest.mark.parametrize("bomb", ["{{" * 2000, "[" * 4000, "a." * 2000, "http://" * 500, "x" * 4000, "www." * 1000])
def test_no_text_keeps_the_door_busy(bomb: str) -> None:
    from time import perf_counter

    began = perf_counter()
    names(bomb)
    assert perf_counter() - began < 0.5
