"""Kinds of people are given by typing and by a file, and a policy's room counts them."""

from pathlib import Path

from tests.commands.terminal import Terminal


def test_a_kind_by_file_and_by_hand(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type("migrate")
    terminal.type("programme", "add", "Fund", "--policy", "venture")
    file = tmp_path / "people.csv"
    file.write_text("ref,name,email,kind\n1,Carl Jensen,carl@archive.example,spy\n")
    said = terminal.type("import", "people", str(file))
    assert (said.code, said.err.splitlines()[0]) == (
        1,
        "people.csv: line 2, kind: “spy” is no kind that the programme's policy knows."
        " Write expert, investor or partner, or leave it empty.",
    )
    file.write_text(file.read_text().replace("spy", "expert"))
    assert terminal.type("import", "people", str(file)).code == 0
    given = terminal.type("people", "kind", "carl@archive.example", "partner", "--json").json
    assert given["kind"] == "partner"
    assert "it knows expert, investor, partner" in terminal.type("people", "kind", given["person"], "spy").err


def test_the_room_of_a_policy_counts_each_kind(terminal: Terminal) -> None:
    counts = ("--people", "100", "--asks-a-week", "50", "--connectors-of", "partner=4", "--connectors-of", "expert=90")
    limits = terminal.type("policy", "check", "venture", *counts, "--json").json["capacity"]["limits"]
    rule = next(limit["rule"] for limit in limits if limit["whose"] == "connectors")
    assert rule.startswith("4 connectors of the kind partner are asked 8 times in 30 d each, at most")
    assert ", 90 expert 1 times, 6 others 2 times," in rule
