"""Migrations lead to the tables we know, while others serve, and safely again after being killed half-way."""

import ast
import asyncio
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, inspect, select, update
from sqlalchemy.exc import DBAPIError

from models.ids import IntroductionId
from models.process.state.opening import Opening
from store.engine.database import PostgreSQL, database
from store.engine.migrate import HELD_UP_MS, PAUSE_S, migrate
from store.engine.schema_version import MIGRATIONS, Shape, newest, revisions, shape
from store.tables import introduction, ledger, metadata
from tests.cast import CARL, MONDAY, opening, policy
from tests.support import rows
from tests.support.services.databases import POSTGRESQL, SQLITE, Place, PostgreSQLPlace
from tests.support.services.postgres import PostgresServer
from tests.support.shell import Shell

ROOT = Path(__file__).parents[3]
LATER = '''"""A later version remembers one thing more."""
import time
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    op.add_column("introduction", sa.Column("more", sa.Text(), nullable=True))
    (Path(__file__).parent / "half_way").touch()
    while (Path(__file__).parent / "hold").exists():
        time.sleep(0.05)
    op.add_column("letter", sa.Column("more", sa.Text(), nullable=False, server_default=""))
'''
ALLOWED = {"add_column", "create_table", "create_index", "drop_index", "f"}  # without an index it is slower, and works


def test_the_tables_are_what_the_migrations_make(place: Place) -> None:
    def differences(connection: Connection) -> list[object]:
        # SQLite gives a default back in words of its own, which no comparison knows again.
        options = {"compare_type": True, "compare_server_default": place.kind != SQLITE}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    assert place.run(differences) == []


def test_every_key_and_index_of_the_tables_is_there(place: Place) -> None:
    """What that comparison passes over: primary keys, and indexes that hold some rows only."""

    def there(connection: Connection) -> tuple[dict[str, list[str]], set[str]]:
        found = inspect(connection)
        keys = {name: found.get_pk_constraint(name)["constrained_columns"] for name in metadata.tables}
        return keys, {str(each["name"]) for name in metadata.tables for each in found.get_indexes(name)}

    keys, indexes = place.run(there)
    assert keys == {name: [each.name for each in table.primary_key] for name, table in metadata.tables.items()}
    known = {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    assert indexes >= known
    assert [each for each in indexes - known if each.startswith("ix_")] == []


def test_the_versions_read_from_our_files_are_alembics() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert revisions() == tuple(reversed([each.revision for each in script.walk_revisions()]))
    assert newest() == script.get_current_head()


def test_migrations_only_add() -> None:
    """An older version serves on while and after they run, so nothing it reads or writes may go or be demanded."""
    for file in sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))[1:]:
        (changing,) = [node for node in ast.parse(file.read_text()).body if getattr(node, "name", "") == "upgrade"]
        for call in (node for node in ast.walk(changing) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", "")
            if getattr(getattr(call.func, "value", None), "id", "") == "op":
                assert name in ALLOWED, f"{file.name}: op.{name}"
            if name == "add_column":
                demanded = "nullable=False" in ast.unparse(call)
                assert not demanded or "server_default=" in ast.unparse(call), file.name


async def test_migrating_again_changes_nothing(place: Place) -> None:
    await migrate(place.url)
    assert await asyncio.to_thread(place.run, shape) is Shape.OURS


async def test_several_who_migrate_at_once_take_turns(empty_place: Place) -> None:
    await asyncio.gather(*(migrate(empty_place.url) for _ in range(3)))
    assert await asyncio.to_thread(empty_place.run, shape) is Shape.OURS


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The migrations of a version after ours."""
    scripts = Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))
    head = max(path.name for path in (scripts / "versions").glob("[0-9]*.py"))[:4]
    (scripts / "versions" / "9999_later.py").write_text(LATER.replace("{head}", head))
    return scripts


@pytest.fixture
def served(kind_of_database: str, newest: Callable[[str, Path], Place], tmp_path: Path) -> Iterator[Place]:
    yield from in_use(newest(kind_of_database, tmp_path))


@pytest.fixture
def served_by_postgresql(newest: Callable[[str, Path], Place], tmp_path: Path) -> Iterator[Place]:
    yield from in_use(newest(POSTGRESQL, tmp_path))


def in_use(place: Place) -> Iterator[Place]:
    """It is changed for good, so on PostgreSQL nobody gets it after us."""
    place.run(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
    if isinstance(place, PostgreSQLPlace):
        place.template = None
    yield place
    place.close()


async def test_our_version_goes_on_while_a_later_one_migrates_and_afterwards(served: Place, later: Path) -> None:
    lived = 0
    stop = asyncio.Event()

    async def live() -> None:
        nonlocal lived
        while not stop.is_set():
            lived += 1
            await asyncio.to_thread(a_life_begins, served, lived)

    living = [asyncio.create_task(live()) for _ in range(3)]
    try:
        await until(lambda: lived > 5)
        await migrate(served.url, later)
        before = lived
        await until(lambda: lived > before + 5)
    finally:
        stop.set()
        await asyncio.gather(*living)
    assert await asyncio.to_thread(served.run, shape) is Shape.NEWER
    begun = select(introduction.c.id).where(introduction.c.step > 0)
    assert len(await asyncio.to_thread(served.run, lambda connection: connection.execute(begun).all())) == lived


async def test_killed_half_way_nothing_is_left_and_the_next_one_arrives(served: Place, later: Path) -> None:
    hold, half_way = later / "versions" / "hold", later / "versions" / "half_way"
    hold.touch()
    program = "import asyncio, sys, pathlib; from store.engine.migrate import migrate; "
    program += "asyncio.run(migrate(sys.argv[1], pathlib.Path(sys.argv[2])))"
    arguments = (sys.executable, "-c", program, served.url, str(later))
    process = await asyncio.create_subprocess_exec(*arguments, cwd=ROOT)
    await until(half_way.exists)
    process.kill()
    await process.wait()
    hold.unlink()
    assert await asyncio.to_thread(served.run, shape) is Shape.OURS
    assert not await asyncio.to_thread(served.run, remembers_more)
    await migrate(served.url, later)
    assert await asyncio.to_thread(served.run, remembers_more)


async def test_nobody_waits_long_behind_a_migration_that_waits(served_by_postgresql: Place, later: Path) -> None:
    """Somebody reads for a long time; the migration waits for them, and everybody else would wait for it."""
    served = served_by_postgresql
    async with database(served.url) as opened:
        assert isinstance(opened, PostgreSQL)
        async with opened.engine.connect() as reader:
            await reader.execute(select(introduction))
            migrating = asyncio.create_task(migrate(served.url, later))
            slowest, end = 0.0, time.monotonic() + HELD_UP_MS / 1000 + PAUSE_S
            while time.monotonic() < end:
                began = time.monotonic()
                await opened.read(lambda connection: connection.execute(select(introduction)).all())
                slowest = max(slowest, time.monotonic() - began)
                await asyncio.sleep(0.05)
            assert not migrating.done()
        await migrating
    assert slowest < HELD_UP_MS / 1000 + 1
    assert await asyncio.to_thread(served.run, remembers_more)


async def test_the_processes_own_login_can_do_everything_but_change_the_ledger(
    served_by_postgresql: Place, postgres: PostgresServer
) -> None:
    """With the very lines that docs/operating.md tells an operator to type (A36)."""
    (typed,) = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "operating.md").read_text(), re.DOTALL)
    postgres.execute("CREATE ROLE introbroker_app LOGIN", served_by_postgresql.url)
    postgres.execute(typed, served_by_postgresql.url)
    theirs = served_by_postgresql.url.replace("introbroker@", "introbroker_app@")
    served = PostgreSQLPlace(theirs, postgres)
    await asyncio.to_thread(a_life_begins, served, 1)
    async with database(theirs) as opened:
        assert await opened.read(shape) is Shape.OURS
        for tampering in (update(ledger).values(body="{}"), delete(ledger)):
            with pytest.raises(DBAPIError, match="permission denied"):
                await opened.write(lambda connection, change=tampering: connection.execute(change))  # type: ignore[misc]
    await asyncio.to_thread(served.close)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


def remembers_more(connection: Connection) -> bool:
    found = [{each["name"] for each in inspect(connection).get_columns(name)} for name in ("introduction", "letter")]
    assert len({"more" in names for names in found}) == 1, "half a migration"
    return "more" in found[0]


def a_life_begins(served: Place, number: int) -> None:
    """As our version records it, for somebody new."""

    def ask(connection: Connection) -> Opening:
        target = rows.somebody_new(connection, CARL, MONDAY)
        made = opening("demo", target=target).model_copy(update={"id": IntroductionId(f"int_{number}")})
        rows.ask_at_the_door(connection, made)
        return made

    Shell(served.run, served.run(ask))
