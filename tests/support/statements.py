"""Statements that a database ran, in order. They are counted, not milliseconds: those depend on the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncEngine

from store.engine.database import Database


@contextmanager
def statements_run(database: Database) -> Iterator[list[str]]:
    """Grows as they run, as long as the block lasts."""
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        found.append(statement)

    opened: Any = database
    engine = _plain(opened.engine)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _plain(engine: Engine | AsyncEngine) -> Engine:
    return engine.sync_engine if isinstance(engine, AsyncEngine) else engine
