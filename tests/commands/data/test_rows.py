"""The commands that look or change rows do what they say, for people and for programs."""

import sqlite3
from pathlib import Path

from tests.commands.terminal import Terminal

WHY = ("--wanted", "one_answer", "--why", "You know how grids listen.")
WORDS = (*WHY, "--offer", "Forty homes' data.", "--note", "May I show you a winter?")


def test_migrating_twice_changes_nothing(terminal: Terminal) -> None:
    assert terminal.type("migrate").code == 0
    before = (terminal.data / "introbroker.db").read_bytes()
    assert terminal.type("migrate").code == 0
    assert (terminal.data / "introbroker.db").read_bytes() == before
    assert (terminal.data / "introbroker.db").stat().st_mode & 0o077 == 0


def test_an_older_database_is_refused_and_a_newer_one_is_served(terminal: Terminal) -> None:
    terminal.type("migrate")
    stamp(terminal.data, "9999")
    assert terminal.type("list").code == 0
    stamp(terminal.data, None)
    assert "has no tables yet" in terminal.type("list").err


def test_a_programme_begins_with_a_policy_that_comes_with_the_product(terminal: Terminal) -> None:
    terminal.type("migrate")
    made = terminal.type("programme", "add", "Spring", "--policy", "accelerator", "--zone", "Europe/Lisbon", "--json")
    assert made.json["name"] == "Spring"
    assert [each["id"] for each in terminal.type("programme", "list", "--json").json] == [made.json["id"]]
    assert made.json["id"] in terminal.type("programme", "list").out


def test_a_programme_begins_with_a_policy_of_its_own_or_says_what_is_wrong_with_it(terminal: Terminal) -> None:
    terminal.type("migrate")
    (terminal.data / "own.toml").write_text("name = 3")
    said = terminal.type("programme", "add", "Spring", "--policy", str(terminal.data / "own.toml"))
    assert said.code == 1
    assert "own.toml" in said.err
    said = terminal.type("programme", "add", "Spring", "--policy", "strictest")
    assert said.err.startswith("strictest is neither a file nor one of the policies that come with the product:")
    assert terminal.type("programme", "list", "--json").json == []


def test_a_programme_speaks_a_language_and_lives_by_a_clock_that_exist(terminal: Terminal) -> None:
    terminal.type("migrate")
    assert "not a language" in terminal.type("programme", "add", "Spring", "--language", "xx").err
    assert "not a time zone" in terminal.type("programme", "add", "Spring", "--zone", "Lisbon").err


def test_an_operator_is_somebody_new_or_somebody_on_file(sample: Terminal) -> None:
    new = sample.type("operator", "add", "Otto Okonkwo", "Otto@Example.org", "--json")
    again = sample.type("operator", "add", "Otto Okonkwo", "otto@example.org", "--json")
    carl = sample.type("operator", "add", "Carl", "carl@northwind.test")
    assert (new.json["made"], again.json["made"]) == (True, False)
    assert new.json["person"] == again.json["person"]
    assert carl.out.startswith("carl@northwind.test is an operator now")


def test_an_operator_needs_a_name_and_an_address(sample: Terminal) -> None:
    assert "is not one e-mail address" in sample.type("operator", "add", "Otto", "otto").err
    assert "name cannot be used" in sample.type("operator", "add", " ", "otto@example.org").err


def test_a_key_is_shown_once_and_opens_nothing_when_revoked(sample: Terminal) -> None:
    made = sample.type("key", "add", "crm", "--may", "read", "--may", "write", "--days", "30", "--json")
    listed = sample.type("key", "list", "--json")
    assert made.json["key"] not in listed.out
    assert listed.json[0]["scopes"] == ["introductions:read", "introductions:write"]
    assert sample.type("key", "revoke", listed.json[0]["id"]).code == 0
    again = sample.type("key", "revoke", listed.json[0]["id"])
    assert (again.code, "There is no live key" in again.err) == (1, True)
    assert "revoked" in sample.type("key", "list").out


def test_of_several_programmes_one_has_to_be_named(sample: Terminal) -> None:
    sample.type("programme", "add", "Spring")
    said = sample.type("key", "add", "crm")
    assert said.err.startswith("Say which with --programme: there are Northwind Founders (prg_sample), Spring (prg_")
    assert sample.type("key", "add", "crm", "--programme", "Spring").code == 0


def test_a_request_is_taken_listed_and_told(sample: Terminal) -> None:
    taken = sample.type("request", "rosa@northwind.test", "--to", "tomoko@northwind.test", *WORDS, "--json")
    introduction = taken.json["introduction"]
    listed = sample.type("list", "--json").json["introductions"]
    assert all({"step", "version"}.isdisjoint(each) for each in listed), "they move with what staff may not know yet"
    assert [(each["id"], each["requester_name"], each["stage"]) for each in listed] == [
        (introduction, "Rosa Prieto", "asked")
    ]
    assert introduction in sample.type("list").out
    told = sample.type("show", introduction)
    assert told.out.startswith("Rosa Prieto → Tomoko Abe, in Northwind Founders\nJust asked.")
    assert "wanted: An answer to one question" in told.out
    assert "note: May I show you a winter?" in told.out
    assert sample.type("show", introduction, "--json").json["texts"]["offer"] == "Forty homes' data."


def test_a_request_that_cannot_be_taken_names_every_fault(sample: Terminal) -> None:
    said = sample.type("request", "rosa@northwind.test", "--to", "tomoko@northwind.test", "--note", "Hi {{name}}")
    assert said.code == 1
    assert [line.partition(":")[0] for line in said.err.splitlines()] == ["wanted", "why", "offer", "note"]
    as_facts = sample.type("request", "rosa@northwind.test", "--need", "", "--json")
    assert {"need", "wanted", "offer", "note"} <= {each["field"] for each in as_facts.json["faults"]}
    assert sample.type("list", "--json").json["introductions"] == []


def test_a_request_says_whom_in_one_way(sample: Terminal) -> None:
    assert "in one way" in sample.type("request", "rosa@northwind.test", *WORDS).err
    assert "in one way" in sample.type("request", "rosa@northwind.test", "--need", "x", "--outside", "y", *WORDS).err
    said = sample.type("request", "nobody@northwind.test", "--need", "somebody", *WORDS)
    assert said.err.startswith("nobody@northwind.test is nobody in Northwind Founders")
    assert sample.type("request", "rosa@northwind.test", "--outside", "Ada Byron", "--at", "Engines", *WORDS).code == 0


def test_what_is_not_there_is_said(sample: Terminal) -> None:
    assert sample.type("show", "int_none").err.startswith("There is no introduction int_none")
    assert sample.type("verify", "let_none").err.startswith("There is no letter let_none")
    assert sample.type("list", "--stage", "nowhere").err.startswith("nowhere is not a stage")
    assert sample.type("list").out == "Nothing here.\n"


def test_a_ledger_without_a_fault_verifies_and_ends_with_0(sample: Terminal) -> None:
    sample.type("request", "rosa@northwind.test", "--to", "tomoko@northwind.test", *WORDS)
    assert sample.type("verify", "--json").json == {
        "introductions": 1,
        "faults": [],
    }
    assert sample.type("verify").code == 0


def stamp(data: Path, revision: str | None) -> None:
    """Another version's mark on the database, or none."""
    with sqlite3.connect(data / "introbroker.db") as connection:
        connection.execute("DELETE FROM alembic_version")
        if revision:
            connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    connection.close()
