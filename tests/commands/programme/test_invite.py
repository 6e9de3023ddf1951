"""Members whom a file brought are invited by typing: one, then everybody, each once."""

from pathlib import Path

from tests.commands.terminal import Terminal


def test_one_is_invited_and_then_everybody(terminal: Terminal, tmp_path: Path) -> None:
    terminal.type("migrate")
    terminal.type("programme", "add", "Fund", "--policy", "venture")
    file = tmp_path / "people.csv"
    file.write_text("ref,name,email\n1,Carl Jensen,carl@archive.example\n2,Tomoko Mori,\n")
    told = [terminal.type("import", "people", str(file)) for _ in range(2)]
    assert ["people invite --all" in each.out for each in told] == [True, False], "said of whom it brought new"
    assert "Say whom to invite, or --all." in terminal.type("people", "invite").err
    pressed = [terminal.type("people", "invite", "carl@archive.example", "--json").json for _ in range(2)]
    assert [(each["people"], each["letters"]) for each in pressed] == [(1, 1), (0, 0)]
    assert terminal.type("people", "invite", "--all", "--yes").out == "1 invited; 0 of them get a letter.\n"
