"""Pairs kept apart are marked by typing and by a file, listed and taken away, and each fault of a file is told."""

from pathlib import Path

from tests.commands.terminal import Terminal


def test_by_typing_and_by_a_file(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type("migrate")
    terminal.type("programme", "add", "Fund", "--policy", "venture")
    carl = terminal.type("operator", "add", "Carl Jensen", "carl@archive.example", "--json").json["person"]
    assert terminal.type("conflict", "add", "carl@archive.example", "Semilla", "--json").json["marked"]
    assert "already" in terminal.type("conflict", "add", "SEMILLA", carl).out
    assert "nobody here" in terminal.type("conflict", "add", "nobody@x.test", "Semilla").err
    file = tmp_path / "conflicts.csv"
    file.write_text(
        "one,one organisation,other,other organisation\n"
        "carl@archive.example,,,Hikari Labs\n,Semilla,carl@archive.example,\n,Semilla,,semilla\n,,x@y.test,\n"
    )
    faults = terminal.type("import", "conflicts", str(file)).err.splitlines()
    assert (
        faults[0]
        == "conflicts.csv: line 5, one: This side is empty. Fill in one of the two: a person, or an organisation."
    )
    file.write_text(
        file.read_text().replace(",,x@y.test,\n", ",,x@y.test,Z\n").replace(",,x@", ",A,x@").replace(",Z", ",")
    )
    faults = terminal.type("import", "conflicts", str(file)).err.splitlines()
    assert [fault.split(": ", 2)[1] for fault in faults[:-1]] == ["line 4, other", "line 5, other"]
    file.write_text("\n".join(file.read_text().splitlines()[:3]) + "\n")
    assert terminal.type("import", "conflicts", str(file), "--json").json["conflicts"] == {
        "new": 1, "changed": 0, "unchanged": 1,
    }  # fmt: skip
    found = terminal.type("conflict", "list", "--json").json
    assert {(each["one"], each["other"]) for each in found} == {
        ("Hikari Labs", "Carl Jensen"),
        ("Semilla", "Carl Jensen"),
    }
    assert terminal.type("conflict", "remove", found[0]["id"]).code == 0
    assert terminal.type("conflict", "remove", found[0]["id"]).code == 1
    assert len(terminal.type("conflict", "list", "--json").json) == 1
