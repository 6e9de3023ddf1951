"""The heartbeat of a process: it says in the database what it was told, and hears what the others were."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection

from calendars.clocks import law
from commands.errors import CommandRefusal
from commands.installation.agreement import Disagreement, has_web, no_web_yet, place_of, with_others
from embedded.keys import key_ring
from embedded.processes import is_alive, started_at
from settings import Settings
from store.engine.database import Database, DatabaseAway
from store.engine.schema_version import newest
from store.engine.secrets import Keys
from store.installation import processes, webs
from store.installation.processes import BEAT, Process, ProcessKind, Told

log = logging.getLogger("introbroker.processes")


WAITS_FOR_A_WEB = timedelta(hours=1)  # a mailroom where none has ever answered; then its letters leave all the same
A_MOMENT = timedelta(seconds=1)


class Heartbeat:
    """One process among the others, as far as it has heard."""

    def __init__(self, database: Database, mine: Process) -> None:
        self._database, self.mine = database, mine
        self.found: list[Disagreement] = []
        self._waits_until = now() + WAITS_FOR_A_WEB
        self._waits = False  # for the first web

    @property
    def may_send(self) -> bool:
        """Whether links in letters that leave now would open something, and what they are marked with is known."""
        return not any(each.holds for each in self.found)

    async def beat(self) -> None:
        running, is_known = await self._database.write(self._say)
        here, gone = living(self.mine.machine, running)
        self.mine = next(each for each in here if each.name == self.mine.name)
        if gone:
            await self._database.write(lambda connection: processes.leave(connection, gone))
        before, self.found = self.found, with_others(self.mine, [each for each in here if each != self.mine])
        self._waits = not is_known and not has_web(here) and now() < self._waits_until
        if self._waits:
            self.found.append(no_web_yet(self.mine))
        for each in self.found:
            if each not in before:
                log.log(logging.ERROR if each.is_grave else logging.WARNING, "processes.disagree on=%s", each.setting)

    def _say(self, connection: Connection) -> tuple[list[Process], bool]:
        """Heard of again; who runs, and whether a web has ever answered where this one's links lead."""
        place = place_of(self.mine)
        if self.mine.kind == "web":
            webs.note(connection, place, now())
        is_known = self.mine.kind != "mailroom" or webs.is_known(connection, place)
        return processes.beat(connection, self.mine, now), is_known

    async def go_on(self) -> None:
        while True:
            await asyncio.sleep((min(BEAT, A_MOMENT) if self._waits else BEAT).total_seconds())
            try:
                await self.beat()
            except DatabaseAway:
                continue  # who cannot say so cannot work either
            except Exception as bug:  # a heart that stops for one fault would have everybody think that it is gone
                log.exception("processes.stumbled error=%s", type(bug).__name__)


@asynccontextmanager
async def beating(database: Database, told: Settings, kind: ProcessKind) -> AsyncIterator[Heartbeat]:
    """Among the others for as long as the block lasts. Refused in a sentence where that would do harm."""
    heart = Heartbeat(database, itself(told, kind))
    try:
        await heart.beat()
        for each in heart.found:
            if each.is_grave:
                raise CommandRefusal(each.sentence)
        task = asyncio.create_task(heart.go_on())
        try:
            yield heart
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    finally:
        with suppress(DatabaseAway):
            await database.write(lambda connection: processes.leave(connection, [heart.mine.name]))


def itself(told: Settings, kind: ProcessKind) -> Process:
    pid = os.getpid()
    return Process(
        name=secrets.token_hex(8), kind=kind, machine=machine(), pid=pid, began=started_at(pid), told=goes_by(told)
    )


def goes_by(told: Settings) -> Told:
    return Told(
        public_url=told.public_url,
        keys=tuple(fingerprint(key.secret) for key in key_ring(told.data)),
        namespace=str((told.temporal or {}).get("namespace", "default")),
        version=own_version(),
        clock_law=law(),
    )


def fingerprint(secret: bytes) -> str:
    """Of one key: it tells keys apart, and nothing of them."""
    return Keys.of(secret).keyed_hash(b"", "fingerprint of a key")[:32]


@cache
def own_version() -> str:
    """The release, and how far its database has come."""
    return f"{version('introbroker')}-{newest()}"


@cache
def machine() -> str:
    """A running system and its own count of processes: a container has another one on the same machine."""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
        return f"{socket.gethostname()[:48]}:{boot}:{os.stat('/proc/self/ns/pid').st_ino}"
    return socket.gethostname()[:48]


def now() -> datetime:
    return datetime.now(UTC)


def living(here: str, others: Sequence[Process]) -> tuple[list[Process], list[str]]:
    """Who runs, and the names of those that were killed on this machine, which says so at once."""
    gone = [each.name for each in others if each.machine == here and not is_alive(each.pid, each.began)]
    return [each for each in others if each.name not in gone], gone
