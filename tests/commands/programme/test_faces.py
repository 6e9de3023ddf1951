"""The face of a programme, set by typing: what cannot stand is refused in a sentence, and nothing of it is kept."""

import os
from pathlib import Path

from tests.commands.terminal import Terminal

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><path fill="#b5521b" d="M2 2h56v16h-56z"/></svg>'


def test_a_face_is_set_shown_and_taken_away(terminal: Terminal, tmp_path: Path) -> None:
    begun(terminal)
    file = tmp_path / "logo.svg"
    file.write_text(LOGO)
    words = ("--sender", "Fund introductions", "--signature", "Olive Ortega", "--signature", "for the Fund")
    said = terminal.type(
        "programme", "face", "--logo", str(file), "--colour", "FFD400", *words, "--opening", "en=Hello."
    )
    assert said.code == 0, said.err
    assert "Few could read #ffd400 on white: pages and letters use #" in said.out
    shown = terminal.type("programme", "face", "--json").json
    assert shown["signature"] == "Olive Ortega\nfor the Fund"
    assert (shown["sender"], shown["colour"], shown["opening"]) == ("Fund introductions", "#ffd400", {"en": "Hello."})
    assert len(shown["logo"]) == 32
    changed = (
        "--logo",
        "",
        "--colour",
        "",
        "--sender",
        "",
        "--signature",
        "",
        "--opening",
        "en=",
        "--name",
        "The Fund",
    )
    assert terminal.type("programme", "face", *changed).code == 0
    bare = terminal.type("programme", "face", "--json").json
    assert bare == {
        "name": "The Fund",
        "sender": None,
        "signature": None,
        "opening": {},
        "colour": None,
        "logo": None,
        "shades": None,
    }


def test_what_cannot_stand_is_refused_and_nothing_is_kept(terminal: Terminal, tmp_path: Path) -> None:
    begun(terminal)
    file = tmp_path / "logo.svg"
    file.write_text(LOGO.replace("<path", "<script/><path"))
    os.mkfifo(tmp_path / "pipe.svg")
    refused = {
        ("--logo", str(file)): "script",
        ("--logo", str(tmp_path / "none.png")): "cannot be read",
        ("--logo", str(tmp_path / "pipe.svg")): "it is no file",
        ("--colour", "mauve"): "no colour",
        ("--sender", "billing@bank.example"): "nothing like an address",
        ("--signature", "x" * 81): "three lines of 80 characters",
        ("--opening", "Hello"): "written with its language",
        ("--opening", "fr=Bonjour"): "written with its language",
        ("--opening", f"en={'x' * 241}"): "240 characters",
    }
    for option, why in refused.items():
        said = terminal.type("programme", "face", "--name", "Other", *option)
        assert (said.code, why in said.err) == (1, True), said.err
    assert terminal.type("programme", "face", "--json").json["name"] == "Fund"


def test_of_two_programmes_with_one_name_the_id_is_asked_for(terminal: Terminal) -> None:
    begun(terminal)
    terminal.type("programme", "add", "Fund", "--policy", "venture")
    terminal.type("programme", "add", "Other", "--policy", "venture")
    said = terminal.type("programme", "face", "--programme", "Fund").err
    assert said.startswith("Several programmes are called Fund: say which, by the id. There are Fund (prg_")
    assert "Other" not in said


def begun(terminal: Terminal) -> None:
    terminal.type("migrate")
    terminal.type("programme", "add", "Fund", "--policy", "venture")
