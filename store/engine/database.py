"""The database. Units of work are written once, as functions of a connection, and run here.

SQLite runs in one thread of its own (more threads make it slower); PostgreSQL through asyncpg. Writers begin
immediately: a read that turns into a write would be refused as "locked".
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from store.engine.db_errors import SEEN_BY_ENGINES, DatabaseAway, is_cut_off, is_too_busy, raise_for

__all__ = ["Database", "DatabaseAway", "PostgreSQL", "SQLite", "T", "Work", "database", "open_database"]

T = TypeVar("T")
Work = Callable[[Connection], T]

TRIES = 5  # of a transaction that collided with another, or whose connection broke before it was committed
PAUSE = (
    0.02  # seconds, doubled with each try; how much of it is waited, chance says: two that met should not meet again
)
_EMPTIED = ("person", "known_as", "channel", "words", "tie", "mail", "draft", "idempotency", "membership", "token")
BUSY_MS = 5_000  # how long a writer waits for another before the database counts as away
CONNECT_S, POOL_S = 5, 5  # for a connection to be made, and for one of ours to be free
STATEMENT_MS = 15_000  # the server's patience with one statement; imports write many small ones
CLEANING_MS = 600_000  # and with a vacuum
GIVEN_UP_S = 20  # ours, where the server does not even say so
IDLE_MS = 120_000  # a transaction whose process is gone, and that nobody ends, holds its locks no longer
POOL = 15  # connections of one process, each kept once made: to make one costs more than what most of them are for
CACHE_KIB = 8_192  # of a SQLite file's pages: as many as a large import comes back to


class Database(Protocol):
    """One place to run units of work. A unit runs in one transaction: all of it is recorded, or nothing.

    A unit may be run more than once before it is recorded, so it does nothing outside its transaction.
    """

    async def read(self, work: Work[T]) -> T: ...

    async def write(self, work: Work[T]) -> T: ...

    async def forget(self) -> None:
        """What has been deleted is gone from the files too, as far as they are ours to clean."""
        ...

    async def close(self) -> None: ...


def open_database(url: str, *, durable: bool = True) -> "SQLite | PostgreSQL":
    """The database behind one address: `sqlite:///path` or `postgresql://…`. `durable` syncs each commit to disk."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SQLite(parsed, durable=durable)
    return PostgreSQL(parsed)


class SQLite:
    """A file in WAL mode, reached from one dedicated thread."""

    def __init__(self, url: URL, *, durable: bool = True) -> None:
        self.engine = sqlite_engine(url, durable=durable)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")

    async def read(self, work: Work[T]) -> T:
        return await self._run(work, "DEFERRED")

    async def write(self, work: Work[T]) -> T:
        return await self._run(work, "IMMEDIATE")

    async def forget(self) -> None:
        """Deleted rows are overwritten where they stood (secure_delete); here the log of writes is emptied too."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._empty_log)

    def _empty_log(self) -> None:
        connection = self.engine.raw_connection()  # outside of any transaction
        try:
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
        if busy:
            raise DatabaseAway("somebody reads the database: its log cannot be emptied yet")

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self.engine.dispose)
        self._thread.shutdown()

    async def _run(self, work: Work[T], begin: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work, begin)

    def _transact(self, work: Work[T], begin: str) -> T:
        try:
            with self.engine.execution_options(begin=begin).begin() as connection:
                return work(connection)
        except DBAPIError as error:
            raise_for(error)


class PostgreSQL:
    """A PostgreSQL server, through asyncpg."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self.engine: AsyncEngine = postgresql_engine(url, pool_size=POOL, max_overflow=0, pool_timeout=POOL_S)

    async def read(self, work: Work[T]) -> T:
        """All of it from one instant, as SQLite reads: a page never shows half of a step that is recorded meanwhile."""
        return await self._run(work, "REPEATABLE READ")

    async def write(self, work: Work[T]) -> T:
        return await self._run(work, "READ COMMITTED")

    async def forget(self) -> None:
        """Old versions of rows go with a vacuum. The server's own log and backups: docs/privacy.md."""
        cleaning = postgresql_engine(self._url, statement_ms=CLEANING_MS, poolclass=NullPool)
        try:
            async with cleaning.connect() as connection:
                plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await plain.execute(text(f"VACUUM {', '.join(_EMPTIED)}"))
        except SEEN_BY_ENGINES as error:
            raise_for(error)
        finally:
            await cleaning.dispose()

    async def close(self) -> None:
        await self.engine.dispose()

    async def _run(self, work: Work[T], isolation: str) -> T:
        for attempt in range(1, TRIES + 1):
            transaction = _Transaction(self.engine, isolation)
            try:
                return await transaction.run(work)
            except SEEN_BY_ENGINES as error:
                if not transaction.may_run_again(error):
                    raise_for(error)
            await asyncio.sleep(random.uniform(0, PAUSE * 2**attempt))
        raise DatabaseAway("the database stayed busy")


class _Transaction:
    """One try at a unit of work."""

    def __init__(self, engine: AsyncEngine, isolation: str) -> None:
        self._engine, self._isolation = engine, isolation
        self._connected = self._committing = False

    async def run(self, work: Work[T]) -> T:
        async with self._engine.connect() as connection:
            self._connected = True
            isolated = await connection.execution_options(isolation_level=self._isolation)
            found = await isolated.run_sync(work)
            self._committing = True
            await isolated.commit()
            return found

    def may_run_again(self, error: BaseException) -> bool:
        """Certainly nothing was recorded, and the next try may go better.

        Where a connection breaks over the commit nobody knows; where none can be made, waiting is the caller's.
        """
        return is_too_busy(error) or (is_cut_off(error) and self._connected and not self._committing)


def postgresql_engine(url: URL | str, *, statement_ms: int = STATEMENT_MS, **pool: Any) -> AsyncEngine:
    """An engine that waits for nothing for ever: not for a connection, a lock, a statement, or its own transactions."""
    patience = {
        "statement_timeout": str(statement_ms),
        "lock_timeout": str(BUSY_MS),
        "idle_in_transaction_session_timeout": str(IDLE_MS),
    }
    args = {"timeout": CONNECT_S, "command_timeout": statement_ms / 1000 + GIVEN_UP_S - STATEMENT_MS / 1000}
    return create_async_engine(
        make_url(url).set(drivername="postgresql+asyncpg"),
        connect_args=args | {"server_settings": patience | {"application_name": "introbroker"}},
        # Parameters are words, names and addresses: an error that prints them would carry them into logs.
        hide_parameters=True,
        **pool,
    )


def sqlite_engine(url: URL | str, *, durable: bool = True) -> Engine:
    """The plain engine of one SQLite file, as migrations and the dedicated thread use it."""
    args = {"check_same_thread": False, "timeout": BUSY_MS / 1000}
    engine = create_engine(url, connect_args=args, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # the driver's own transactions hide which kind was begun
        for pragma in (
            "journal_mode=WAL",
            f"busy_timeout={BUSY_MS}",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"cache_size=-{CACHE_KIB}",
            _synchronous(durable),
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("begin", "IMMEDIATE")
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine


def _synchronous(durable: bool) -> str:
    return "synchronous=FULL" if durable else "synchronous=NORMAL"


@contextlib.asynccontextmanager
async def database(url: str, *, durable: bool = True) -> AsyncIterator[Database]:
    """A database for as long as the block lasts."""
    opened = open_database(url, durable=durable)
    try:
        yield opened
    finally:
        await opened.close()
