"""A backup is brought back, as docs/running/restore.md says: nothing leaves until the word, and nothing twice."""

import asyncio
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from store.audit.verify import verify
from store.engine.database import database
from tests.commands.terminal import Terminal
from tests.killing.background_load import LINK, Desk, Readers, text_of
from tests.killing.test_kills import no_letter_is_doubled, reading, running, works_again
from tests.support.services.databases import Place, PostgreSQLPlace, SQLitePlace
from tests.support.services.sink import Sink

AT_ONCE = 8
QUIET_FOR = 10.0  # seconds in which a mailroom that did not hold would have sent everything


@pytest.mark.soak
@pytest.mark.timeout(1_200)
async def test_a_database_is_brought_back_while_temporal_holds_nothing(
    sink: Sink, place: Place, tmp_path: Path, listening: socket.socket
) -> None:
    (data := tmp_path / "data").mkdir()
    desk, readers, drill = Desk(place), Readers(sink), Drill(Terminal(data))
    await desk.open()
    async with running(data, sink, desk, listening), reading(readers) as people:
        desk.ask(AT_ONCE)
        await works_again(desk, people, 2)
        desk.ask(AT_ONCE)
        await asyncio.sleep(1)
    backup = await asyncio.to_thread(copied, place, tmp_path / "backup.db")
    in_backup = list(desk.asked)
    async with running(data, sink, desk, listening), reading(readers) as people:  # the world goes on, and is lost
        desk.ask(AT_ONCE)
        await works_again(desk, people, 2 * AT_ONCE)
    before, lost_link = len(sink.kept), LINK.findall(text_of(sink.kept[-1]))
    readers.pass_over()

    with drill.timed("database brought back, Temporal's thrown away"):
        desk.place, desk.asked = backup, in_backup
        for file in data.glob("temporal.db*"):
            file.unlink()
    with drill.timed("begin-anew --go"):
        await drill.types("begin-anew", "--go", INTROBROKER_DATABASE_URL=desk.url)
    began = time.monotonic()
    async with running(data, sink, desk, listening):
        drill.times["started, holding"] = time.monotonic() - began
        await asyncio.sleep(QUIET_FOR)
        assert len(sink.kept) == before, "nothing has left"
        assert "All letters are held since" in await drill.types("restored", INTROBROKER_DATABASE_URL=desk.url)
        for link in lost_link:
            async with httpx2.AsyncClient() as visitor:
                assert "wait for a new letter" in (await visitor.get(link)).text
        delivered = desk.delivered()
        desk.ask(AT_ONCE)
        with drill.timed("restored --go, to the first letter"):
            await drill.types("restored", "--go", INTROBROKER_DATABASE_URL=desk.url)
            await something_leaves(sink, before)
        async with reading(readers) as people:
            with drill.timed(f"{AT_ONCE} asked since are delivered"):
                await works_again(desk, people, delivered + AT_ONCE)
    no_letter_is_doubled(desk, sink)
    async with database(desk.url) as opened:
        assert [fault async for each in verify(opened) for fault in each.faults] == []
    print(f"\n{place.kind}: " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in drill.times.items()))


class Drill:
    """The operator, and how long each act of theirs took."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.times: dict[str, float] = {}

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.times[what] = time.monotonic() - began

    async def types(self, *words: str, **settings: str) -> str:
        process = self._terminal.start(*words, **settings)
        said, _ = await asyncio.to_thread(process.communicate)
        assert process.returncode == 0, said
        return str(said)


async def something_leaves(sink: Sink, before: int) -> None:
    async with asyncio.timeout(60):
        while len(sink.kept) == before:
            await asyncio.sleep(0.05)


def copied(place: Place, file: Path) -> Place:
    """A backup, made with the database's own means."""
    if isinstance(place, PostgreSQLPlace):
        name = place.url.rpartition("/")[2]
        place.server.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        return PostgreSQLPlace(place.server.fresh(name), place.server)
    with sqlite3.connect(place.url.removeprefix("sqlite:///")) as here, sqlite3.connect(file) as there:
        here.backup(there)
    return SQLitePlace(f"sqlite:///{file}")
