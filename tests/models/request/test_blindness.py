"""Words that would tell who asks are found, and ordinary words let through."""

from time import process_time

import pytest

from models.policy.policy import Policy
from models.request.blindness import telling
from models.request.door import faults
from models.request.faults import FaultName
from tests.cast import MONDAY, policy
from tests.models.request.test_door import FACTS, request

ROSA = ("Rosa Prieto-Vidal", "Bombas Prieto, Lda", "rosa.p")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A founder with first customers, southern Europe. Half an hour about seals.", []),
        ("I am rosa, from Madrid.", ["Rosa"]),
        ("PRIETO makes pumps", ["Prieto"]),
        ("We at Bombas build pumps", ["Bombas"]),
        ("Rosalind and her prietos", []),  # only whole words are names
        ("Write to me@pumps.test", ["me@pumps.test"]),
        ("I am @rosapumps there", ["@rosapumps"]),
        ("See https://pumps.test/us", ["https://pumps.test/us"]),
        ("See pumps.com/us now", ["pumps.com/us"]),
        ("Call +34 600 000 000", ["+34 600 000 000"]),
        ("Rosa, rosa at me@pumps.test or +34 600 000 000", ["me@pumps.test", "+34 600 000 000", "Rosa"]),
        ("We pay by Lda, as others do", []),  # how a company is registered names nobody
        ("14 growers, 2 harvests, founded 2019, 120,000 euro a year", []),
    ],
)
def test_what_tells_who_it_is(text: str, found: list[str]) -> None:
    assert telling(text, ROSA) == found


def test_a_short_name_tells_and_a_shorter_one_is_a_word() -> None:
    assert telling("Ana will do, li does not", ["Ana Li"]) == ["Ana"]


def test_a_request_without_a_name_needs_words_that_tell_nobody() -> None:
    def names(rules: Policy, **said: object) -> list[tuple[FaultName, str | None]]:
        facts = FACTS.model_copy(update={"own_names": ROSA})
        found = faults(request(**said), facts, rules, MONDAY)
        return [(each.name, each.words) for each in found if each.field == "blind"]

    always, chosen = policy("community"), policy("accelerator", {"target.blind": "chosen"})
    assert names(always) == [(FaultName.MISSING, None)]
    assert names(always, blind="Rosa here") == [(FaultName.NAMES_YOU, "Rosa")]
    assert names(always, blind="A founder, southern Europe.") == []
    assert names(chosen) == []
    assert names(chosen, unnamed=True) == [(FaultName.MISSING, None)]
    assert names(policy("accelerator"), unnamed=True) == [(FaultName.NOT_BLIND, None)]
    assert names(policy("accelerator"), blind="A founder") == [(FaultName.NOT_BLIND, None)]


def test_nobody_asks_a_second_time_who_has_not_helped() -> None:
    community = policy("community")

    def has_to_help(**facts: object) -> bool:
        asked = request(blind="A founder, southern Europe.")
        found = faults(asked, FACTS.model_copy(update=facts), community, MONDAY)
        return FaultName.HELP_FIRST in [each.name for each in found]

    assert not has_to_help()
    assert has_to_help(has_asked=True)
    assert not has_to_help(has_asked=True, helped_at=MONDAY)


@pytest.mark.parametrize("words", ["a-.a.", "a.", "a@", "a", "1-", "1(", "www.", "a.co"])
def test_words_without_an_end_are_looked_through_at_once(words: str) -> None:
    began = process_time()
    telling(words * (4096 // len(words)) + "!", ["Rosa Ibarra"])
    assert process_time() - began < 0.5  # twice that for a domain sought anew from each of its letters


def test_an_address_within_other_words_is_found_all_the_same() -> None:
    found = telling("Write(to:rosa@north.example) or see...www2.north.example.com/x, x.y.z.north.io", [])
    assert [each for each in found if "rosa@north.example" in each]
    assert [each for each in found if "north.example.com/x" in each]
    assert [each for each in found if each.startswith("x.y.z.north.io")]
