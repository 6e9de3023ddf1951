"""A story told over one database in memory. Step by step, stopping before each letter that may leave."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, update
from sqlalchemy.engine import make_url

from models.news import News, TimeIsUp
from models.process.state.opening import Opening
from models.process.timetable import next_wake
from models.process.verdict import Step
from store.engine.database import sqlite_engine
from store.letters import outbox
from store.letters.outbox import Letter
from store.tables import letter as letters
from tests.cast import CARL, CLEO, Person
from tests.support import rows
from tests.support.play import SECOND, Said
from tests.support.services.databases import migrated_copy
from tests.support.shell import Shell

HERE = "mailroom"  # which of them has claimed every letter


@dataclass(frozen=True)
class Story:
    """How it begins, what is said or passes in turn, and what the database holds besides."""

    told: tuple[Said | timedelta, ...]
    begun: Opening
    also: Callable[[Connection], None] = lambda connection: None
    connectors: tuple[Person, ...] = (CARL, CLEO)


class Tale:
    """One story under way."""

    def __init__(self, story: Story, connection: Connection) -> None:
        self.story, self.connection = story, connection
        rows.settle_in(connection, story.begun.policy, story.begun.asked_at, story.connectors)
        rows.ask_at_the_door(connection, story.begun)
        story.also(connection)
        self.shell = Shell(lambda work: work(connection), story.begun)

    @property
    def now(self) -> datetime:
        return self.shell.now

    def letters(self) -> Iterator[Letter]:
        """Each letter that may leave, before it does; the story goes on once its hearer asks for the next."""
        yield from self._due()
        for each in self.story.told:
            if isinstance(each, timedelta):
                yield from self._pass(self.now + each)
            else:
                self.shell.now += SECOND
                self._hear(each(self.shell.introduction) if callable(each) else each)
                yield from self._due()

    def _pass(self, end: datetime) -> Iterator[Letter]:
        while (instant := self._next()) and instant <= end:
            self.shell.now = max(self.now, instant)
            wake = next_wake(self.shell.introduction)
            if wake and wake.at <= self.now:
                self._hear(TimeIsUp())
            yield from self._due()
        self.shell.now = end

    def _next(self) -> datetime | None:
        wake, due = next_wake(self.shell.introduction), outbox.next_due(self.connection)
        return min((each for each in (wake.at if wake else None, due) if each), default=None)

    def _hear(self, news: News) -> None:
        assert isinstance(self.shell.hear(news), Step), news

    def _due(self) -> Iterator[Letter]:
        claimed = set(outbox.claim(self.connection, HERE, self.now, 100))
        for letter in outbox.of_introduction(self.connection, self.story.begun.id):
            if letter.id in claimed:
                yield letter
                taken: dict[str, Any] = {"state": "accepted", "started_at": self.now, "settled_at": self.now}
                self.connection.execute(update(letters).where(letters.c.id == letter.id).values(taken))


@contextmanager
def in_memory() -> Iterator[Connection]:
    """A database in its newest shape that nobody else sees, and that is gone afterwards."""
    with _connected(_shape()) as connection:
        yield connection


def copy_of(connection: Connection) -> Connection:
    """The same rows in a database of their own, for as long as it is held."""
    connection.commit()
    return _connected(_driver(connection))


def _connected(shape: sqlite3.Connection) -> Connection:
    connection = sqlite_engine(make_url("sqlite://"), durable=False).connect()
    shape.backup(_driver(connection))
    return connection


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


@cache
def _shape() -> sqlite3.Connection:
    """Kept for the whole session: reading it from a file each time would take longer than the story."""
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with tempfile.TemporaryDirectory() as folder:
        file = sqlite3.connect(asyncio.run(migrated_copy(Path(folder))))
        file.backup(kept)
        file.close()
    return kept
