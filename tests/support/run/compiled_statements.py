"""Compiled statements, shared by all databases of the tests of one kind. They are the same in every house.

SQLAlchemy keeps what it compiled beside each engine, by the dialect it was compiled in: with a new file for each test
it compiled everything anew, a fifth of the time of whatever reads and writes. So here these two are shared, by all
SQLite files and by all databases of the one PostgreSQL server.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

ROOM = 2_000  # statements; the product has fewer


class _Sharing:
    """Makes engines as SQLAlchemy does, each with connections of its own."""

    def __init__(self) -> None:
        first = create_engine("sqlite://")
        with first.connect():  # only now does its dialect know which SQLite this is
            self._dialect = first.dialect
        first.dispose()
        self._compiled: LRUCache[Any, Any] = LRUCache(ROOM)

    def __call__(self, url: URL | str, **told: Any) -> Engine:
        engine = create_engine(url, **told)
        engine.dialect = self._dialect
        engine.update_execution_options(compiled_cache=self._compiled)
        return engine


class _SharingAsync:
    """The same of engines that are awaited; the first to have connected lends its dialect to those made after it."""

    def __init__(self) -> None:
        self._first: Dialect | None = None
        self._compiled: LRUCache[Any, Any] = LRUCache(ROOM)

    def __call__(self, url: URL | str, **told: Any) -> AsyncEngine:
        engine = create_async_engine(url, **told)
        if self._first and getattr(self._first, "server_version_info", None):
            engine.sync_engine.dialect = self._first
        else:
            self._first = engine.sync_engine.dialect
        engine.update_execution_options(compiled_cache=self._compiled)
        return engine


@contextmanager
def compiling_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("store.engine.database.create_engine", _Sharing())
        patch.setattr("store.engine.database.create_async_engine", _SharingAsync())
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    with compiling_once():
        yield
