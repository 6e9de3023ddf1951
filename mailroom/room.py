"""A mailroom and what it has at hand. Its store, its relay, its keys and clock, and how a letter is written."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from mailroom.age_kept import AgeKept
from mailroom.transport.relay import Relay
from mailroom.transport.return_addresses import ReturnAddresses
from store.engine.database import Database
from store.engine.secrets import Keys
from store.letters.outbox import LEASE, Retries
from store.letters.start_letter import Started

Clock = Callable[[], datetime]
Write = Callable[[Started, datetime], bytes]  # the whole message, ready for the relay

log = logging.getLogger("introbroker.mailroom")


def _own_name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """One mailroom. Any number of them work side by side on one database."""

    database: Database
    relay: Relay
    keys: Keys
    write: Write
    clock: Clock
    domain: str  # of our Message-IDs
    journal: Path | None = None  # of who has been forgotten; None: none is kept
    age: AgeKept | None = None  # of the database, as the data folder knows it; None: nobody has kept it
    returns: ReturnAddresses | None = None  # each letter's own envelope sender; None: the relay's, for all
    may_send: Callable[[], bool] = lambda: True  # False while a letter's links would open nothing
    retries: Retries = field(default_factory=Retries)
    lease: timedelta = LEASE
    hands: int = 4  # letters carried at the same time
    poll: timedelta = timedelta(seconds=1)
    name: str = field(default_factory=_own_name)

    @property
    def start_is_fresh_for(self) -> timedelta:
        """A letter whose start is older is not handed to the relay: another mailroom may be about to ask after it."""
        return self.lease / 6


async def pause(stop: asyncio.Event, time: timedelta) -> None:
    """Waits, and ends at once when told to stop."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), max(0.0, time.total_seconds()))
