"""Migrations run: by Alembic, in this process, safe to run again.

They run while an older version serves: each waits a moment for its locks and steps back, so that nobody waits behind
it, and all of it is one transaction, so that a migration killed half-way has changed nothing.
"""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from store.engine.database import postgresql_engine, sqlite_engine
from store.engine.db_errors import SEEN_BY_ENGINES, DatabaseAway, is_held_up, is_too_busy, raise_for
from store.engine.schema_version import MIGRATIONS

LOCK = 7_266_100  # of PostgreSQL's advisory locks: two processes never migrate at once
LONGEST_MS = 600_000  # one statement of a migration: an index over many rows takes its time
HELD_UP_MS = 2_000  # for a lock: whoever comes after us waits behind us that long, and no longer
TRIES, PAUSE_S = 60, 1.0


async def migrate(url: str, scripts: Path = MIGRATIONS) -> None:
    """Bring the database at `url` up to date."""
    for _ in range(TRIES):
        try:
            await _migrate_once(url, scripts)
            return
        except SEEN_BY_ENGINES as error:
            if not (is_held_up(error) or is_too_busy(error)):
                raise_for(error)
        await asyncio.sleep(PAUSE_S)
    raise DatabaseAway("somebody else held the tables all the time")


def upgrade(connection: Connection, scripts: Path = MIGRATIONS) -> None:
    """Run what is missing, on a connection inside a transaction: a migration that fails leaves nothing behind."""
    command.upgrade(configuration(connection, scripts), "head")


def configuration(connection: Connection, scripts: Path = MIGRATIONS) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def _migrate_once(url: str, scripts: Path) -> None:
    if make_url(url).get_backend_name() == "sqlite":
        await asyncio.to_thread(_migrate_sqlite, url, scripts)
        return
    engine = postgresql_engine(url, statement_ms=LONGEST_MS, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SET LOCAL lock_timeout = {HELD_UP_MS}"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            await connection.run_sync(upgrade, scripts)
    finally:
        await engine.dispose()


def _migrate_sqlite(url: str, scripts: Path) -> None:
    engine = sqlite_engine(make_url(url))
    try:
        with engine.begin() as connection:
            upgrade(connection, scripts)
    finally:
        engine.dispose()
