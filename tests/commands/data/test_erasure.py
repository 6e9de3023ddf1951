"""An operator exports, erases and looks after the retention by typing, and nothing is done by a slip."""

import json
import zipfile
from pathlib import Path

from commands.data.erasure import SAYS
from store.privacy.erasure.deletion import CLEARED, COUNTED
from tests.commands.terminal import Terminal


def somebody(terminal: Terminal) -> str:
    terminal.type("migrate")
    terminal.type("programme", "add", "Spring", "--policy", "accelerator")
    return str(terminal.type("operator", "add", "Olive Okafor", "olive@example.org", "--json").json["person"])


def test_a_dry_run_changes_nothing_and_a_wrong_word_neither(terminal: Terminal) -> None:
    who = somebody(terminal)
    foreseen = terminal.type("erase", "Olive@Example.org", "--dry-run", "--json").json
    assert (foreseen["person"], foreseen["rows"]) == (who, {"membership": 1, "person": 1})
    assert terminal.type("erase", who).code != 0
    assert terminal.type("erase", who, "--dry-run", "--json").json == foreseen


def test_whatever_goes_is_told_and_what_a_no_would_move_is_not_counted() -> None:
    assert SAYS.keys() == CLEARED.keys()
    assert CLEARED.keys() > COUNTED
    assert not COUNTED & {"words", "private_note", "letter", "token", "mail", "block", "channel", "idempotency"}


def test_erased_they_are_nobody_here(terminal: Terminal) -> None:
    who = somebody(terminal)
    (job,) = terminal.type("erase", who, "--yes", "--json").json
    assert (job["person"], job["state"], job["asked_by"]) == (who, "asked", "operator")
    again = terminal.type("erase", who, "--yes")
    assert (again.code, again.err.startswith(f"{who} is nobody here")) == (1, True)


def test_an_export_is_written_once_and_for_its_owner_only(terminal: Terminal, tmp_path: Path) -> None:
    who, target = somebody(terminal), tmp_path / "copy.zip"
    assert terminal.type("export", who, "--to", str(target)).code == 0
    assert target.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(target) as pack:
        assert json.loads(pack.read("everything.json"))["sections"]["person"][0]["name"] == "Olive Okafor"
    assert "is there already" in terminal.type("export", who, "--to", str(target)).err
    assert terminal.type("export", who, "--to", str(tmp_path / "folder")).code == 0
    assert "Olive Okafor" in (tmp_path / "folder" / "person.csv").read_text()


def test_the_retention_shows_its_rules_and_what_went(terminal: Terminal) -> None:
    somebody(terminal)
    before = terminal.type("retention", "--json").json
    assert (before["kept"]["Spring"]["texts"], before["gone"]) == ("365 d", [])
    after = terminal.type("retention", "--run", "--json").json["gone"]
    assert {each["of"] for each in after} >= {"texts", "consents", "drafts", "unused_imports", "links", "answers"}
