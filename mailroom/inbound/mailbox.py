"""The mailbox of returned mail. Looked into now and then, each message taken in once.

Messages stay where they are and are marked as seen; who else reads the mailbox may clear it. Nothing is ever sent.
"""

import asyncio
import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, Literal

from mailroom.inbound.bounce_reports import LONGEST
from mailroom.inbound.incoming_mail import receive
from mailroom.room import Room, log, pause
from models.base import Frozen

EVERY = timedelta(minutes=1)
AT_ONCE = 50  # messages of one look
PATIENCE = 20.0  # seconds for each command
BROKEN = (imaplib.IMAP4.error, OSError, ValueError)


class Box(Frozen):
    """Where the mailbox is, and how it is entered."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    login: str
    password: str
    folder: str = "INBOX"


class Mailbox:
    """A mailbox on a mail server. Its protocol waits for answers, so each look has a thread of its own."""

    def __init__(self, box: Box, tls: ssl.SSLContext | None = None) -> None:
        self._box, self._tls = box, tls or ssl.create_default_context()

    async def unseen(self) -> list[tuple[str, bytes]]:
        return await asyncio.to_thread(self._unseen)

    async def mark_seen(self, messages: list[str]) -> None:
        await asyncio.to_thread(self._mark_seen, messages)

    def check(self) -> None:
        """Whether it can be entered; raises what speaks against it."""
        with self._opened(readonly=True):
            pass

    def _unseen(self) -> list[tuple[str, bytes]]:
        with self._opened(readonly=True) as opened:
            found = _bytes(opened.uid("SEARCH", "UNSEEN")[1])
            numbers = [each.decode() for each in b" ".join(found).split() if each.isdigit()]
            return [(each, self._message(opened, each)) for each in numbers[:AT_ONCE]]

    def _message(self, opened: imaplib.IMAP4, number: str) -> bytes:
        _, parts = opened.uid("FETCH", number, f"(BODY.PEEK[]<0.{LONGEST}>)")
        bodies = [part[1] for part in parts if isinstance(part, tuple) and isinstance(part[1], bytes)]
        return bodies[0] if bodies else b""

    def _mark_seen(self, numbers: list[str]) -> None:
        with self._opened(readonly=False) as opened:
            opened.uid("STORE", ",".join(numbers), "+FLAGS.SILENT", r"(\Seen)")

    @contextmanager
    def _opened(self, *, readonly: bool) -> Iterator[imaplib.IMAP4]:
        box = self._box
        opened = self._connection()
        try:
            if box.security == "starttls":
                opened.starttls(self._tls)
            opened.login(box.login, box.password)
            if opened.select(_quoted(box.folder), readonly)[0] != "OK":
                raise imaplib.IMAP4.error("no such folder")
            yield opened
        finally:
            with suppress(*BROKEN):
                opened.logout()

    def _connection(self) -> imaplib.IMAP4:
        if self._box.security == "tls":
            return imaplib.IMAP4_SSL(self._box.host, self._box.port, ssl_context=self._tls, timeout=PATIENCE)
        return imaplib.IMAP4(self._box.host, self._box.port, timeout=PATIENCE)


async def look_in(room: Room, mailbox: Mailbox, stop: asyncio.Event, every: timedelta = EVERY) -> None:
    """Again and again until told to stop. A mailbox that is away costs nothing but time."""
    while not stop.is_set():
        try:
            wait = timedelta() if await take_in(room, mailbox) == AT_ONCE else every
        except BROKEN as broken:
            log.warning("mailbox.away error=%s", type(broken).__name__)
            wait = every
        except Exception as bug:  # the database away, or a fault of ours: what is not marked is looked at again
            log.exception("mailbox.stumbled error=%s", type(bug).__name__)
            wait = every
        await pause(stop, wait)


async def take_in(room: Room, mailbox: Mailbox) -> int:
    """Everything nobody has seen; how many there were."""
    assert room.returns, "without signed addresses nothing that arrives can be believed"
    found = await mailbox.unseen()
    for number, raw in found:
        await receive(room.database, room.returns, room.domain, raw, (), room.clock())
        await mailbox.mark_seen([number])
    return len(found)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bytes(parts: Any) -> list[bytes]:
    return [each for each in parts if isinstance(each, bytes)]
