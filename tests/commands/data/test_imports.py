"""`introbroker import` takes a file whole, tells every fault of it, and leaves no trace of a try."""

import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.commands.terminal import Terminal

PEOPLE = "ref,name,email\niris,Iris Montoya,iris@example.org\nnils,Nils Holm,\n"
TIES = "connector,person,strength,evidence,since,confirmed\niris,nils,4,Same museum,2019,2026-02-20\n"
EXPORT = """Notes:
"When exporting your connection data, you may notice that some of the email addresses are missing."

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Ada,Quiroga,https://www.linkedin.com/in/ada-quiroga,,Museum of Salt,Curator,01 Feb 2023
"""


@pytest.fixture
def spring(terminal: Terminal) -> Terminal:
    terminal.type("migrate")
    terminal.type("programme", "add", "Spring")
    return terminal


def file(terminal: Terminal, name: str, content: str) -> str:
    path = terminal.data.parent / name
    path.write_text(content, encoding="utf-8")
    return str(path)


def new(terminal: Terminal, *words: str) -> tuple[int, int]:
    """People and ties that an import brought."""
    said = terminal.type("import", *words, "--json")
    assert said.code == 0, said.out
    return said.json["people"]["new"], said.json["ties"]["new"]


def test_people_and_ties_come_in_once(spring: Terminal) -> None:
    people, ties = file(spring, "people.csv", PEOPLE), file(spring, "ties.csv", TIES)
    assert new(spring, "people", people) == (2, 0)
    assert new(spring, "ties", ties) == (0, 1)
    assert new(spring, "ties", ties, "--people", people) == (0, 0)
    assert new(spring, "linkedin", file(spring, "Connections.csv", EXPORT), "--connector", "iris@example.org") == (1, 1)


def test_a_table_tells_people_what_came_of_it(spring: Terminal) -> None:
    words = ("import", "ties", file(spring, "ties.csv", TIES), "--people", file(spring, "people.csv", PEOPLE))
    first, again = spring.type(*words).out, spring.type(*words).out
    assert [line.split() for line in first.splitlines()][3:5] == [["People", "2", "0", "0"], ["Ties", "1", "0", "0"]]
    assert [line.split() for line in again.splitlines()][3:5] == [["People", "0", "0", "2"], ["Ties", "0", "0", "1"]]


def test_every_fault_is_told_and_nothing_changed(spring: Terminal) -> None:
    wrong = file(spring, "people.csv", PEOPLE + "x@y,Nobody,\nada,Ada,ada@example\n")
    said = spring.type("import", "people", wrong)
    assert said.code == 1
    assert said.err.splitlines() == [
        "people.csv: line 4, ref: “x@y” has an @, so it would be taken for an address."
        " Use a key without @, such as a number.",
        "people.csv: line 5, email: The domain after the @ has no dot (“ada@example”)."
        " Write the whole domain, like example.org.",
        "Nothing was changed.",
    ]
    assert new(spring, "people", file(spring, "people.csv", PEOPLE)) == (2, 0)


def test_faults_for_programs(spring: Terminal) -> None:
    said = spring.type("import", "ties", file(spring, "ties.csv", TIES), "--json")
    assert said.code == 1
    assert said.json["file"] == "ties.csv"
    assert [(each["line"], each["field"], each["wrong"]) for each in said.json["faults"]] == [
        (2, "connector", "Nobody here is “iris”"),
        (2, "person", "Nobody here is “nils”"),
    ]


def test_a_try_leaves_nothing(spring: Terminal) -> None:
    people = file(spring, "people.csv", PEOPLE)
    said = spring.type("import", "people", people, "--dry-run")
    assert said.code == 0
    assert said.out.endswith("This was only a look: nothing was kept.\n")
    assert spring.type("import", "people", people, "--dry-run", "--json").json["kept"] is False
    assert new(spring, "people", people) == (2, 0)


def test_what_deserves_a_look_is_told(spring: Terminal) -> None:
    people = file(spring, "people.csv", "ref,name,Consentimiento\niris,Iris Montoya,sí\n")
    assert "Worth a look:\n  people.csv: line 1, Consentimiento: " in spring.type("import", "people", people).out
    (notice,) = spring.type("import", "people", people, "--json").json["notices"]
    assert (notice["file"], notice["line"], notice["field"]) == ("people.csv", 1, "Consentimiento")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("people", "/nowhere/people.csv"), "people.csv: There is no such file. Looked for /nowhere/people.csv."),
        (("people", "FILE", "--programme", "Autumn"), "No programme is called Autumn: there are Spring (prg_"),
        (("people", "FILE", "--refs-of", "The CRM"), "--refs-of should be a short word in small letters, such as crm."),
        (("linkedin", "FILE", "--connector", "a@b"), "--connector: The domain after the @ has no dot (“a@b”)."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(spring: Terminal, words: tuple[str, ...], sentence: str) -> None:
    people = file(spring, "people.csv", PEOPLE)
    said = spring.type("import", *(people if word == "FILE" else word for word in words))
    assert said.code == 1
    assert said.err.startswith(sentence)


def test_without_a_database_or_a_programme_it_says_what_comes_first(terminal: Terminal, tmp_path: Path) -> None:
    people = file(terminal, "people.csv", PEOPLE)
    assert "`introbroker migrate` makes it" in terminal.type("import", "people", people).err
    terminal.type("migrate")
    assert "`introbroker programme add` makes one" in terminal.type("import", "people", people).err


def test_stopped_in_the_middle_nothing_is_kept(spring: Terminal, started: list["subprocess.Popen[str]"]) -> None:
    many = "".join(f"p{number},Person {number},p{number}@example.org\n" for number in range(20_000))
    process = spring.start("import", "people", file(spring, "people.csv", "ref,name,email\n" + many))
    started.append(process)
    log = spring.data / "introbroker.db-wal"
    until = time.monotonic() + 90
    while not log.exists() or log.stat().st_size < 500_000:  # half-way: rows are in the log, and not committed
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert said.startswith("Stopped. A file is taken whole or not at all")
    assert new(spring, "people", file(spring, "people.csv", PEOPLE)) == (2, 0)
    with sqlite3.connect(spring.data / "introbroker.db") as database:
        assert database.execute("SELECT count(*) FROM person").fetchone() == (2,)


def test_real_people_end_a_trial_only_where_they_are_meant(sample: Terminal) -> None:
    """Without being asked, one row closed the mail page, its sign-in and the next start, and nothing said so."""
    real = file(sample, "people.csv", "ref,name,email\nada,Ada Quiroga,\n")
    looked = sample.type("import", "people", real, "--dry-run")
    assert (looked.code, "This would end the trial for good." in looked.out) == (0, True)
    refused = sample.type("import", "people", real)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "INTROBROKER_SMTP_URL" in refused.err
    assert "--real-people" in refused.err
    staff = sample.type("operator", "add", "Ada Quiroga", "ada@museum.com")
    assert (staff.code, "--real-people" in staff.err) == (1, True)
    assert (
        sample.type("import", "people", file(sample, "more.csv", PEOPLE.replace("Holm,", "Holm,nils@museum.test"))).code
        == 0
    )
    meant = sample.type("import", "people", real, "--real-people")
    assert (meant.code, "This has ended the trial for good." in meant.out) == (0, True)


def test_faults_of_both_files_are_told_at_once(spring: Terminal) -> None:
    """Those of people.csv hid those of ties.csv."""
    people = file(spring, "people.csv", "ref,name,email,country\niris,Iris Montoya,iris@example,\nnils,,,Atlantis\n")
    ties = file(spring, "ties.csv", "connector,person,strength\niris,nils,9\niris,olga,1\n")
    told = spring.type("import", "ties", ties, "--people", people).err.splitlines()
    assert [line.partition(":")[0] + line.partition(":")[2][:8] for line in told[:-1]] == [
        "people.csv line 2,",
        "people.csv line 3,",
        "people.csv line 3,",
        "ties.csv line 2,",
        "ties.csv line 3,",
    ]
