"""How does a database come to its newest shape? By Alembic's migrations, run in this process, safe to run again."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from store.database import sqlite_engine

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_266_100  # of PostgreSQL's advisory locks: two processes never migrate at once


async def migrate(url: str) -> None:
    """Bring the database at `url` up to date."""
    if make_url(url).get_backend_name() == "sqlite":
        await asyncio.to_thread(_migrate_sqlite, url)
        return
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            await connection.run_sync(upgrade)
    finally:
        await engine.dispose()


def upgrade(connection: Connection) -> None:
    """Run what is missing, on a connection inside a transaction: a migration that fails leaves nothing behind."""
    command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _migrate_sqlite(url: str) -> None:
    engine = sqlite_engine(make_url(url))
    try:
        with engine.begin() as connection:
            upgrade(connection)
    finally:
        engine.dispose()
