"""Errors of commands are told in one sentence, with the exit code that programs look at."""

import errno
import sqlite3

import pytest

from commands.errors import sentence_for
from store.engine.database import DatabaseAway
from tests.commands.terminal import Terminal

COMMANDS = ("run", "demo", "worker", "mailroom", "web", "migrate", "request", "list", "show", "verify")


def test_every_command_is_listed_and_says_what_it_does(terminal: Terminal) -> None:
    said = terminal.type("--help")
    assert said.code == 0
    assert all(f"\n│ {name} " in said.out for name in (*COMMANDS, "programme", "operator", "key"))


@pytest.mark.parametrize("words", [("lst",), ("list", "--nonsense"), ("show",), ("list", "--page", "0")])
def test_what_is_typed_wrongly_ends_with_2(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert terminal.type(*words).code == 2


@pytest.mark.parametrize("words", [("list",), ("verify",), ("show", "int_1"), ("operator", "add", "Olive", "o@x.test")])
def test_looking_at_nothing_makes_nothing(terminal: Terminal, words: tuple[str, ...]) -> None:
    said = terminal.type(*words)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(f"There is no database {terminal.data}/introbroker.db yet:")
    assert not (terminal.data / "introbroker.db").exists()


@pytest.mark.parametrize("command", ["worker", "mailroom", "web"])
def test_a_process_by_itself_needs_to_know_where_temporal_is(terminal: Terminal, command: str) -> None:
    said = terminal.type(command)
    assert said.code == 1
    assert "set TEMPORAL_ADDRESS, or type `introbroker run`" in said.err


@pytest.mark.parametrize("command", ["run", "list", "migrate", "web"])
def test_a_misspelt_setting_is_named(terminal: Terminal, command: str) -> None:
    said = terminal.type(command, INTROBROKER_DATE="somewhere")
    assert (said.code, said.err.strip()) == (1, "INTROBROKER_DATE is not a setting: did you mean INTROBROKER_DATA?")


def test_a_wrong_setting_is_named(terminal: Terminal) -> None:
    said = terminal.type("run", INTROBROKER_HTTP="everywhere")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "INTROBROKER_HTTP is 'everywhere': it should be host:port" in said.err


def test_letting_others_in_without_a_relay_is_refused(terminal: Terminal) -> None:
    said = terminal.type("run", INTROBROKER_HTTP="0.0.0.0:8700")
    assert said.code == 1
    assert "INTROBROKER_HTTP is open to other machines (0.0.0.0), which needs INTROBROKER_SMTP_URL" in said.err


@pytest.mark.parametrize("command", ["list", "migrate"])
def test_a_database_that_is_none_is_told(terminal: Terminal, command: str) -> None:
    terminal.data.mkdir()
    (terminal.data / "introbroker.db").write_bytes(b"no database" * 1000)
    said = terminal.type(command)
    assert (said.code, said.err.strip()) == (
        1,
        "The database cannot be opened: file is not a database. Look at INTROBROKER_DATABASE_URL.",
    )


@pytest.mark.parametrize("command", ["list", "migrate"])
def test_a_database_that_is_away_is_told(terminal: Terminal, command: str) -> None:
    said = terminal.type(command, INTROBROKER_DATABASE_URL="postgresql://login:secret@127.0.0.1:9/name")
    assert said.code == 1
    assert said.err.startswith("The database cannot be reached: nothing was changed.")
    assert "secret" not in said.err


def test_what_nobody_expects_is_no_sentence() -> None:
    assert sentence_for(KeyError("a bug")) is None


def test_what_may_happen_any_day_is() -> None:
    assert "nothing was changed" in str(sentence_for(DatabaseAway("the database is busy or away")))
    assert "introbroker[postgres]" in str(sentence_for(ModuleNotFoundError("No module", name="asyncpg")))
    assert "TEMPORAL_ADDRESS" in str(sentence_for(RuntimeError("Failed client connect: refused")))


@pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "no room left"), (errno.EACCES, "may not open /x/lock")])
def test_a_disk_that_takes_nothing_is_a_sentence(number: int, said: str) -> None:
    assert said in (sentence_for(OSError(number, "alas", "/x/lock")) or "")
    assert sentence_for(OSError(errno.EBADF, "a bug stays a bug")) is None


def test_a_database_of_a_newer_version_is_left_as_it_is(terminal: Terminal) -> None:
    """Somebody went back: docs/running/versions.md promises that the older version works on in it."""
    assert terminal.type("migrate").code == 0
    with sqlite3.connect(terminal.data / "introbroker.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    said = terminal.type("migrate")
    assert (said.code, "nothing was migrated" in said.out, "newest shape" in said.out) == (0, True, False)
    assert terminal.type("list").code == 0
