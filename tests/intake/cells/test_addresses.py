"""Addresses as programs leave them: repaired where one thing can be meant, asked about where two can."""

import pytest

from intake.cells.fields import address, person_named
from intake.fault_reports import Repaired, Wrong
from store.importing.parts.records import ByAddress
from tests.intake.sample_files import people, people_faults, people_notices

HIDDEN = {
    "nina@x.test\u00a0": "a space beside it was taken away",
    "\tnina@x.test": "a space beside it was taken away",
    "\u200bnina@x.test": "an invisible character was taken out",
    "ni\u00adna@x.test": "an invisible character was taken out",
    "\u2060nina@x.test": "an invisible character was taken out",
    "\u200fnina@x.test": "an invisible character was taken out",
    "mailto:nina@x.test": "“mailto:” was left out",
    "MAILTO:nina@x.test?subject=Hello": "“mailto:” was left out",
    "Nina Space <nina@x.test>": "what stands beside < and > was left out",
    '"nina@x.test" <nina@x.test>': "what stands beside < and > was left out",
    "nina@x.test.": "a sign at its end was left out",
    "nina@x.test;": "a sign at its end was left out",
    "nina＠x.test": "wide letters were written narrow",
}


@pytest.mark.parametrize("text", HIDDEN)
def test_what_hides_an_address_is_taken_away_and_told(text: str) -> None:
    found = address(text)
    assert isinstance(found, Repaired)
    assert found.value.key == "nina@x.test"
    assert found.told.what.endswith(f"was read as nina@x.test: {HIDDEN[text]}")


@pytest.mark.parametrize(
    "text",
    [
        "nina@x.test; n@y.test",
        "nina@x.test, n@y.test",
        "nina@x.test n@y.test",
        "nina@x.test <n@y.test>",
        "Nina <nina@x.test>, N <n@y.test>",
        "mailto:nina@x.test,n@y.test",
    ],
)
def test_of_two_addresses_nobody_guesses(text: str) -> None:
    found = address(text)
    assert isinstance(found, Wrong)
    assert found.what.startswith("It holds more than one address")
    assert found.remedy == "Which one should letters go to? Keep only that one"


def test_an_address_as_it_should_be_is_told_nothing_of() -> None:
    assert people_notices("ref,name,email\n1,Nina, Nina@X.test \n") == []


def test_a_repair_is_told_with_its_line_and_both_spellings() -> None:
    content = "ref,name,email\n1,Nina,nina@x.test\u00a0\n2,Kit,\u200bkit@x.test\n"
    assert [each.email and each.email.written for each in people(content)] == ["nina@x.test", "kit@x.test"]
    assert people_notices(content) == [
        "line 2, email: “nina@x.test\\xa0” was read as nina@x.test: a space beside it was taken away."
        " Check that it is right.",
        "line 3, email: “\\u200bkit@x.test” was read as kit@x.test: an invisible character was taken out."
        " Check that it is right.",
    ]
    again = "ref,name,email\n1,Nina,nina@x.test\n2,Nin,Nina <nina@x.test>\n"
    assert people_faults(again)[0].startswith("line 3, email: Line 2 has the same address.")


def test_somebody_named_by_a_hidden_address_is_found_by_it() -> None:
    found = person_named("Nina <nina@x.test>")
    assert isinstance(found, Repaired)
    assert isinstance(found.value, ByAddress)
