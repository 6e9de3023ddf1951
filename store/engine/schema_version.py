"""The schema version of a database. None yet, an older one, ours, or one that only a newer version knows.

Read from our files and from Alembic's own table: every process looks at it as it starts, and Alembic is slow to load.
"""

from enum import StrEnum
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

MIGRATIONS = Path(__file__).parents[1] / "migrations"
AT = table("alembic_version", column("version_num"))


class Shape(StrEnum):
    EMPTY = "empty"
    OLDER = "older"
    OURS = "ours"
    NEWER = "newer"


def shape(connection: Connection) -> Shape:
    """Looks only."""
    at = connection.scalar(select(AT.c.version_num)) if inspect(connection).has_table(AT.name) else None
    if at is None:
        return Shape.EMPTY
    if at == newest():
        return Shape.OURS
    return Shape.OLDER if at in revisions() else Shape.NEWER


def newest() -> str:
    return revisions()[-1]


@cache
def revisions() -> tuple[str, ...]:
    """All that this version knows, the oldest first: each file of a migration begins with its number."""
    return tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))
