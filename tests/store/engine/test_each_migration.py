"""Each migration by itself: it asks nothing of live code, and runs on a filled database of the version before it."""

import ast
import gzip
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, insert, select, update

from store.engine.database import database
from store.engine.migrate import configuration
from store.engine.schema_version import MIGRATIONS
from store.journal.disclosure_columns import COLUMNS, is_behind, tell_again
from store.tables import introduction
from tests.cast import CARL, MONDAY, Person, opening, policy
from tests.support import rows
from tests.support.services.databases import Place, PostgreSQLPlace
from tests.support.shell import Shell

RELEASES = Path(__file__).parents[1] / "releases"
# What a migration may rest on: it means the same for ever. Anything else of ours changes, and with it what was done.
MAY_IMPORT = {"sqlalchemy", "alembic", "store.engine.column_types"}
NOT_OF_THE_PROGRAM = {"alembic_version"}
Rows = dict[str, dict[tuple[object, ...], dict[str, Any]]]
PLAIN: Mapping[type, object] = {str: "x", int: 0, bool: False, bytes: b"x", dict: {}, object: {}, datetime: MONDAY}


@pytest.mark.parametrize("file", sorted((MIGRATIONS / "versions").glob("[0-9]*.py")), ids=lambda path: path.stem)
def test_a_migration_asks_nothing_of_code_that_changes(file: Path) -> None:
    imported = set[str]()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert imported <= MAY_IMPORT


def test_each_migration_keeps_what_a_filled_database_of_the_version_before_holds(
    empty_place: Place, kind_of_database: str
) -> None:
    """From the oldest release on, a row in every table before each next step; nothing goes, and nothing changes."""
    load(empty_place, gzip.decompress((RELEASES / "0.1" / f"{kind_of_database}.sql.gz").read_bytes()).decode())
    found = empty_place.run(tables)
    after = empty_place.run(partial(every_row, found=found))
    for revision in reversed([each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]):
        before = after | empty_place.run(partial(fill, found=found, held=after))
        empty_place.run(to(revision))
        found = empty_place.run(tables)
        after = empty_place.run(partial(every_row, found=found))
        for table, kept in before.items():
            for key, row in kept.items():
                assert {name: after[table][key][name] for name in row} == row, f"{revision}: {table}"


def load(place: Place, dump: str) -> None:
    if isinstance(place, PostgreSQLPlace):
        place.server.execute(dump, place.url)
        return
    with sqlite3.connect(place.url.removeprefix("sqlite:///")) as connection:
        connection.executescript(dump)


def to(revision: str) -> Callable[[Connection], None]:
    return lambda connection: command.upgrade(configuration(connection, MIGRATIONS), revision)


def fill(connection: Connection, found: MetaData, held: Rows) -> Rows:
    """One row in each table that has none yet, referring to rows that are there."""
    added: Rows = {}
    for table in found.sorted_tables:
        if not held[table.name]:
            wanted = [column for column in table.columns if not column.nullable and column.server_default is None]
            row = {column.name: value_for(connection, column) for column in wanted if column.autoincrement is not True}
            connection.execute(insert(table).values(row))
            added[table.name] = rows_of(connection, table)
    return added


def value_for(connection: Connection, column: Column[Any]) -> object:
    for key in column.foreign_keys:
        return connection.execute(select(key.column).limit(1)).scalar_one()
    return PLAIN[column.type.python_type]


def every_row(connection: Connection, found: MetaData) -> Rows:
    """Each row of each table, by what it is known by."""
    return {table.name: rows_of(connection, table) for table in found.sorted_tables}


def rows_of(connection: Connection, table: Table) -> dict[tuple[object, ...], dict[str, Any]]:
    known_by = [column.name for column in table.primary_key]
    found = [dict(row) for row in connection.execute(select(table)).mappings()]
    return {tuple(row[name] for name in known_by): row for row in found}


def tables(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name not in NOT_OF_THE_PROGRAM)
    return found


async def test_rows_an_older_version_has_moved_on_are_told_again(place: Place) -> None:
    place.run(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
    lives = [opening("demo", target=place.run(newcomer)).model_copy(update={"id": each}) for each in ("int_1", "int_2")]
    for each in lives:
        place.run(lambda connection, made=each: rows.ask_at_the_door(connection, made))  # type: ignore[misc]
        Shell(place.run, each).pass_time(timedelta(days=60))
    ours = place.run(what_is_known)
    assert {row["requester_progress"] for row in ours.values()} == {"closed"}
    place.run(as_an_older_version_leaves_it)
    async with database(place.url) as opened:
        assert await opened.read(is_behind)
        await tell_again(opened)
        assert not await opened.read(is_behind)
    assert place.run(what_is_known) == ours


def newcomer(connection: Connection) -> Person:
    return rows.somebody_new(connection, CARL, MONDAY)


def as_an_older_version_leaves_it(connection: Connection) -> None:
    values = {"known_step": 0, "requester_progress": "in_progress", "requester_since": None, "told_at": None}
    connection.execute(update(introduction).values(values))


def what_is_known(connection: Connection) -> dict[str, dict[str, Any]]:
    wanted = (introduction.c.id, introduction.c.known_step, *COLUMNS)
    return {row["id"]: dict(row) for row in connection.execute(select(*wanted)).mappings()}
