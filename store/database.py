"""How is the database reached? Units of work are written once, as functions of a connection, and run here.

SQLite runs in one thread of its own (more threads make it slower); PostgreSQL through asyncpg. Writers begin
immediately: a read that turns into a write would be refused as "locked" (SAFETY.md, lesson 2).
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

T = TypeVar("T")
Work = Callable[[Connection], T]

TRIES = 5  # of a transaction that PostgreSQL could not serialize, or that found a deadlock
BUSY_MS = 5_000  # how long a writer waits for another before the database counts as away
_EMPTIED = ("person", "known_as", "channel", "words", "tie", "mail", "draft", "idempotency", "membership", "token")
_RETRIED = ("40001", "40P01")  # serialization_failure, deadlock_detected


class DatabaseAway(Exception):
    """The database cannot be reached, or stayed busy too long. Nothing was recorded."""


class Database(Protocol):
    """One place to run units of work. A unit runs in one transaction: all of it is recorded, or nothing."""

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
        except OperationalError as error:
            raise DatabaseAway("the database is busy or away") from error


class PostgreSQL:
    """A PostgreSQL server, through asyncpg."""

    def __init__(self, url: URL) -> None:
        self.engine: AsyncEngine = create_async_engine(
            # Parameters are words, names and addresses: an error that prints them would carry them into logs.
            url.set(drivername="postgresql+asyncpg"),
            pool_pre_ping=True,
            pool_timeout=5,
            hide_parameters=True,
        )

    async def read(self, work: Work[T]) -> T:
        return await self._run(work)

    async def write(self, work: Work[T]) -> T:
        return await self._run(work)

    async def forget(self) -> None:
        """Old versions of rows go with a vacuum. The server's own log and backups: docs/privacy.md."""
        async with self.engine.connect() as connection:
            plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await plain.execute(text(f"VACUUM {', '.join(_EMPTIED)}"))

    async def close(self) -> None:
        await self.engine.dispose()

    async def _run(self, work: Work[T]) -> T:
        for attempt in range(1, TRIES + 1):
            try:
                async with self.engine.begin() as connection:
                    return await connection.run_sync(work)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _RETRIED or attempt == TRIES:
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
            except OSError as error:
                raise DatabaseAway("the database cannot be reached") from error
        raise DatabaseAway("the database stayed busy")


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
