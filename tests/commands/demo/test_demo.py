"""The demo plays one introduction through real pages, letters and server, and what it leaves behind verifies."""

import re
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.commands.processes import all_ended_within, line_of, members, words_of
from tests.commands.terminal import Terminal

Processes = list["subprocess.Popen[str]"]

STORY = (
    "Rosa    reads Spanish",
    "Carl    gets a letter, “Would you introduce Rosa Prieto to Tomoko Abe?”",
    "Tomoko  has no letter: nobody is written to before a connector approves.",
    "Carl    vouches for her",
    "Tomoko  gets a letter, “Carl Lindqvist would like to introduce Rosa Prieto to you”",
    "Tomoko  agrees to twenty minutes",
    "Rosa    sees nothing of it",
    "Rosa    agrees too",
    "Rosa    gets the introduction",
    "Tomoko  gets the introduction",
    "Rosa    is asked on her own page",
    "Rosa    says that they met",
    "Rosa    thanks her",
    "Tomoko  says that it was useful",
    "Carl    is told how it went",
    "Olive   runs the programme",
    "Gone through: introductions 1,",
    "The chain is whole, the read model is what the ledger says, and every letter was allowed.",
)


@pytest.mark.timeout(240)
@pytest.mark.slow
def test_it_plays_one_introduction_in_under_two_minutes_and_proves_it(terminal: Terminal) -> None:
    process = terminal.start("demo", "--data", str(terminal.data))
    said = words_of(process, within=200)
    assert process.returncode == 0, said
    assert max(float(seconds) for seconds in re.findall(r"^ *(\d+\.\d) s  ", said, re.MULTILINE)) < 120
    places = [said.find(each) for each in STORY]
    assert -1 not in places, STORY[places.index(-1)]
    assert places == sorted(places)
    what_it_leaves_behind(terminal)


def what_it_leaves_behind(terminal: Terminal) -> None:
    """Every command that looks finds it; and one byte changed in the ledger is seen."""
    (one,) = terminal.type("list", "--closed", "--json").json["introductions"]
    assert (one["stage"], one["ending"]) == ("closed", "met")
    told = terminal.type("show", one["id"])
    assert "Carl Lindqvist approved, and vouches." in told.out
    letters = {each["kind"]: each["id"] for each in terminal.type("show", one["id"], "--json").json["letters"]}
    for letter in letters.values():
        assert terminal.type("verify", letter).code == 0
    why = terminal.type("verify", letters["introduction_to_target"]).out.splitlines()
    assert [line.rpartition("  ")[2] for line in why[2:]] == [
        "Rosa Prieto asked for this introduction",
        "Carl Lindqvist approved, as connector",
        "Tomoko Abe agreed to be introduced",
        "Rosa Prieto agreed to be introduced",
        "the two were introduced",
    ]
    change_one_byte(terminal.data / "introbroker.db")
    found = terminal.type("verify")
    assert found.code == 1
    assert "chain" in found.out
    assert terminal.type("verify", "--json").json["faults"]


def change_one_byte(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("""UPDATE ledger SET body = replace(body, '"vouch":"vouch"', '"vouch":"Vouch"')""")
    connection.close()


def test_stopped_in_the_middle_it_ends_whole_and_leaves_nothing(terminal: Terminal, started: Processes) -> None:
    started.append(terminal.start("demo"))
    folder = Path(line_of(started[0], "Starting a real Temporal server").split()[-2])
    line_of(started[0], "A sample programme")
    tree = members(folder)
    started[0].send_signal(signal.SIGINT)
    words_of(started[0])
    assert started[0].returncode == 130
    assert all_ended_within(tree, 0)
    assert not folder.exists()
