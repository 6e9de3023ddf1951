"""An address means exactly whoever has it; who has nearly the same is listed, to be chosen by the id."""

import pytest

from tests.commands.terminal import Terminal

NEAR = "team+anyone@lark.example"


def wanda(terminal: Terminal) -> str:
    terminal.type("migrate")
    terminal.type("programme", "add", "Fund", "--policy", "venture")
    return str(terminal.type("operator", "add", "Wanda Lark", "Team+Wanda@lark.example", "--json").json["person"])


def test_an_account_goes_to_nobody_whose_address_is_only_near(terminal: Terminal) -> None:
    who = wanda(terminal)
    refused = terminal.type("operator", "add", "Olive Okafor", "team+olive@lark.example")
    assert (refused.code, f"Wanda Lark <Team+Wanda@lark.example> ({who})" in refused.err) == (1, True)
    again = terminal.type("operator", "add", "Wanda", "team+wanda@LARK.example", "--json").json
    assert (again["person"], again["made"]) == (who, False)
    assert terminal.type("operator", "add", "Wanda", who, "--json").json == again
    new = terminal.type("operator", "add", "Olive Okafor", "team+olive@lark.example", "--new", "--json").json
    assert (new["made"], new["person"] == who) == (True, False)


@pytest.mark.parametrize(
    "words",
    [
        ("export", NEAR, "--json"),
        ("erase", NEAR, "--dry-run"),
        ("people", "merge", NEAR, "per_other", "--yes"),
        ("people", "kind", NEAR, "none"),
        ("conflict", "add", NEAR, "Semilla"),
        ("request", NEAR, "--need", "somebody who knows valves"),
    ],
)
def test_nearly_is_nobody_and_says_who_is_near(terminal: Terminal, words: tuple[str, ...]) -> None:
    who = wanda(terminal)
    refused = terminal.type(*words)
    assert (refused.code, f"Wanda Lark <Team+Wanda@lark.example> ({who})" in refused.err) == (1, True)
    assert "Wanda" not in refused.out
