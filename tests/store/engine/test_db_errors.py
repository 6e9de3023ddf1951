"""A database that is busy, full, locked, or gone. That it is away, in time, with nothing half recorded."""

import asyncio
import contextlib
import resource
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, DefaultPayloadConverter

from store.engine.database import BUSY_MS, TRIES, PostgreSQL, database
from store.engine.db_errors import DatabaseAway
from store.tables import programme
from tests.cast import MONDAY
from tests.support.services.databases import POSTGRESQL, SQLITE, Place
from tests.support.services.postgres import LOCKED, PostgresServer, running


def a_programme(connection: Connection, key: str = "prg_1") -> None:
    row = {"id": key, "tenant": "ten", "name": "Spring", "language": "en", "zone": "UTC", "created_at": MONDAY}
    connection.execute(insert(programme).values(row))


def impatient(connection: Connection) -> None:
    connection.execute(text("SET LOCAL lock_timeout = '100ms'"))
    rename(connection, "prg_1")


def programmes(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(programme)).scalar_one()


def told_to_temporal(error: BaseException) -> str:
    """What kind of error, by Temporal's own telling, which follows causes to their end."""
    told = Failure()
    DefaultFailureConverter().to_failure(error, DefaultPayloadConverter(), told)
    return told.application_failure_info.type


def rename(connection: Connection, key: str) -> None:
    connection.execute(update(programme).where(programme.c.id == key).values(name="x"))


@pytest.fixture
def place(newest: Callable[[str, Path], Place], tmp_path: Path) -> Iterator[Place]:
    """On PostgreSQL: its connections can be broken. A file has none; what befalls files stands below."""
    found = newest(POSTGRESQL, tmp_path)
    yield found
    found.close()


@pytest.fixture
async def store(place: Place) -> AsyncIterator[PostgreSQL]:
    async with database(place.url) as opened:
        assert isinstance(opened, PostgreSQL)
        yield opened


class TestPostgreSQL:
    @pytest.mark.parametrize(
        ("login", "name"),
        [
            ("nobody_we_know", "postgres"),
            (f"{LOCKED}:wrong", "postgres"),
            (LOCKED, "postgres"),
            ("introbroker", "none"),
        ],
    )
    async def test_who_is_not_let_in_is_told_so(self, postgres: PostgresServer, login: str, name: str) -> None:
        async with database(postgres.url(name, login)) as opened:
            with pytest.raises(DatabaseAway, match="does not let us in"):
                await opened.read(programmes)

    async def test_where_nobody_listens_it_is_away(self) -> None:
        async with database("postgresql://somebody@127.0.0.1:9/name") as opened:
            with pytest.raises(DatabaseAway, match="cannot be reached"):
                await opened.read(programmes)

    async def test_a_cut_before_the_commit_is_mended_unseen(
        self, store: PostgreSQL, postgres: PostgresServer, place: Place
    ) -> None:
        cuts = 0

        def work(connection: Connection) -> int:
            nonlocal cuts
            a_programme(connection)
            if cuts < 2:
                cuts += 1
                cut(postgres, place)
            return programmes(connection)

        assert await store.write(work) == 1
        assert (cuts, await store.read(programmes)) == (2, 1)

    async def test_every_connection_of_the_pool_cut_at_once_is_mended_unseen(
        self, store: PostgreSQL, postgres: PostgresServer, place: Place
    ) -> None:
        await asyncio.gather(*(store.read(lambda c: c.execute(text("SELECT pg_sleep(0.05)"))) for _ in range(8)))
        await asyncio.to_thread(cut, postgres, place)
        assert await asyncio.gather(*(store.read(programmes) for _ in range(8))) == [0] * 8

    async def test_a_cut_again_and_again_is_away_with_nothing_recorded(
        self, store: PostgreSQL, postgres: PostgresServer, place: Place
    ) -> None:
        tries = 0

        def work(connection: Connection) -> None:
            nonlocal tries
            tries += 1
            a_programme(connection)
            cut(postgres, place)
            programmes(connection)

        with pytest.raises(DatabaseAway):
            await store.write(work)
        assert (tries, await store.read(programmes)) == (TRIES, 0)

    async def test_a_cut_over_the_commit_is_not_run_again(
        self, store: PostgreSQL, postgres: PostgresServer, place: Place
    ) -> None:
        """Nobody knows whether it was recorded: whoever sent it sends it again, and it is known again."""
        postgres.execute(SLOW_COMMIT, place.url)
        tries = 0

        def work(connection: Connection) -> None:
            nonlocal tries
            tries += 1
            a_programme(connection, f"prg_{tries}")

        writing = asyncio.create_task(store.write(work))
        while not await asyncio.to_thread(postgres.execute, COMMITTING, place.url):
            await asyncio.sleep(0.02)
        await asyncio.to_thread(cut, postgres, place)
        with pytest.raises(DatabaseAway):
            await writing
        assert tries == 1
        postgres.execute("DROP TRIGGER slow ON programme", place.url)
        assert await store.read(programmes) == 0

    async def test_two_that_lock_each_other_out_both_arrive(self, store: PostgreSQL) -> None:
        for key in ("a", "b"):
            await store.write(lambda connection, key=key: a_programme(connection, key))  # type: ignore[misc]

        def both(connection: Connection, first: str, second: str) -> None:
            rename(connection, first)
            connection.execute(text("SELECT pg_sleep(0.05)"))
            rename(connection, second)

        forth, back = partial(both, first="a", second="b"), partial(both, first="b", second="a")
        await asyncio.gather(store.write(forth), store.write(back))

    async def test_who_never_gets_through_is_told_so(self, store: PostgreSQL) -> None:
        tries = 0

        def work(connection: Connection) -> None:
            nonlocal tries
            tries += 1
            connection.execute(text("DO $$ BEGIN RAISE 'no' USING ERRCODE = '40001'; END $$"))

        with pytest.raises(DatabaseAway, match="stayed busy"):
            await store.write(work)
        assert tries == TRIES

    async def test_a_lock_that_is_not_to_be_had_is_not_waited_for_for_ever(self, store: PostgreSQL) -> None:
        await store.write(a_programme)
        async with store.engine.connect() as holder:
            await holder.run_sync(rename, "prg_1")
            began = time.monotonic()
            with pytest.raises(DatabaseAway):
                await store.write(impatient)
            assert time.monotonic() - began < 3

    async def test_a_bug_stays_a_bug(self, store: PostgreSQL) -> None:
        with pytest.raises(DBAPIError) as caught:
            await store.read(lambda connection: connection.execute(text("SELECT nothing_like_this")))
        assert told_to_temporal(caught.value) == "ProgrammingError"

    async def test_nothing_may_take_for_ever(self, store: PostgreSQL) -> None:
        """As the server sees it: these hold for each connection of ours."""

        def shown(connection: Connection) -> list[str]:
            names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            return [str(connection.execute(text(f"SHOW {name}")).scalar_one()) for name in names]

        assert await store.read(shown) == ["15s", "5s", "2min"]

    @pytest.mark.timeout(240)
    async def test_it_is_back_as_soon_as_the_server_is(self) -> None:
        """F8 and F13: away while the server is down, recovered without a restart of ours, nothing half recorded."""
        with running() as server:
            async with database(server.url()) as opened:
                await opened.write(programme.create)
                await opened.write(a_programme)
                await asyncio.to_thread(server.stop)
                with pytest.raises(DatabaseAway):
                    await opened.write(lambda connection: a_programme(connection, "prg_2"))
                await asyncio.to_thread(server.start)
                began = time.monotonic()
                assert await opened.read(programmes) == 1
                assert time.monotonic() - began < 30


class TestSQLite:
    async def test_a_file_that_another_holds_is_waited_for_and_then_away(self, file: Path) -> None:
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        async with database(f"sqlite:///{file}") as opened:
            began = time.monotonic()
            with pytest.raises(DatabaseAway):
                await opened.write(a_programme)
            assert time.monotonic() - began > BUSY_MS / 1000 - 0.5
            other.execute("ROLLBACK")
            await opened.write(a_programme)
            assert await opened.read(programmes) == 1
        other.close()

    async def test_a_full_disk_is_away_and_all_goes_on_once_there_is_room(self, file: Path) -> None:
        async with database(f"sqlite:///{file}") as opened:
            await opened.write(a_programme)
            with no_file_grows(beyond=Path(f"{file}-wal").stat().st_size):
                with pytest.raises(DatabaseAway):
                    await opened.write(lambda connection: a_programme(connection, "prg_2"))
                assert await opened.read(programmes) == 1
            await opened.write(lambda connection: a_programme(connection, "prg_2"))
            assert await opened.read(programmes) == 2

    async def test_a_file_that_may_only_be_read_is_away_for_writers(self, file: Path) -> None:
        async with database(f"sqlite:///file:{file}?mode=ro&uri=true") as opened:
            with pytest.raises(DatabaseAway):
                await opened.write(a_programme)
            assert await opened.read(programmes) == 0

    async def test_a_bug_stays_a_bug(self, file: Path) -> None:
        async with database(f"sqlite:///{file}") as opened:
            with pytest.raises(DBAPIError) as caught:
                await opened.read(lambda connection: connection.execute(text("SELECT nothing_like_this")))
        assert told_to_temporal(caught.value) == "OperationalError"


@pytest.fixture
def file(newest: Callable[[str, Path], Place], tmp_path: Path) -> Path:
    return Path(newest(SQLITE, tmp_path).url.removeprefix("sqlite:///"))


@contextlib.contextmanager
def no_file_grows(beyond: int) -> Iterator[None]:
    """For this process the disk is full."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (beyond, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


COMMITTING = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'COMMIT%' AND state = 'active'"
SLOW_COMMIT = """
CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(20); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON programme DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION slow()
"""


def cut(postgres: PostgresServer, place: Place) -> None:
    """Every connection to this database ends, as in a failover."""
    name = place.url.rpartition("/")[2]
    postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
