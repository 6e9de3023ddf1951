"""The mail server of the tests: it keeps every letter and fails on request."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Kept:
    """One letter as it came over the wire."""

    sender: str
    recipient: str
    raw: bytes

    @cached_property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @cached_property  # asked of every letter again and again: reading it anew each time would starve the mail server
    def message_id(self) -> str:
        return str(self.message["Message-ID"]).strip()


@dataclass
class Trouble:
    """What goes wrong for one recipient, and how many more times; None is for ever."""

    reply: str | None = None  # the line of refusal
    at_data: bool = False  # refused after the letter was sent, not when its recipient was named
    seconds: float = 0.0  # how long the server thinks before it replies
    hangs_up: bool = False  # the connection breaks after the dot, before any reply
    keeps: bool = True  # and whether the letter had been taken by then
    times: int | None = None


class Sink:
    """A mail server on a free port of this machine."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.connections = 0
        self.port = 0
        self._troubles: dict[str, Trouble] = {}
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def refuse(self, recipient: str, code: int, *, at_data: bool = False, times: int | None = None) -> None:
        """4xx means not now, 5xx means never."""
        reply = f"{code} {'Try again later' if code < 500 else 'No such mailbox'}"
        self._troubles[recipient] = Trouble(reply=reply, at_data=at_data, times=times)

    def delay(self, recipient: str, seconds: float, *, times: int | None = None) -> None:
        self._troubles[recipient] = Trouble(seconds=seconds, times=times)

    def drop_after_dot(self, recipient: str, *, keeps: bool = True, times: int | None = None) -> None:
        """The sender cannot tell whether the letter was taken: the outcome nobody may guess."""
        self._troubles[recipient] = Trouble(hangs_up=True, keeps=keeps, times=times)

    def relent(self, recipient: str) -> None:
        self._troubles.pop(recipient, None)

    def knows(self, message_id: str) -> bool:
        return any(letter.message_id == message_id.strip() for letter in self.kept)

    def letters_to(self, recipient: str) -> list[Kept]:
        return [letter for letter in self.kept if letter.recipient == recipient]

    async def open(self) -> None:
        """Listens; again on the same port if it was open before."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._greet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Nobody answers any more, as when a relay is down."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _greet(self) -> SMTP:
        self.connections += 1
        return SMTP(_Clerk(self), hostname="sink.example", enable_SMTPUTF8=True)

    def trouble_for(self, recipient: str, *, at_data: bool) -> Trouble | None:
        trouble = self._troubles.get(recipient)
        if trouble is None or trouble.times == 0 or (trouble.reply and trouble.at_data is not at_data):
            return None
        if not at_data and not trouble.reply:  # slowness and broken connections show after the dot
            return None
        if trouble.times is not None:
            trouble.times -= 1
        return trouble


class _Clerk:
    """What aiosmtpd asks about each letter."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd looks for this very name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        trouble = self._sink.trouble_for(address, at_data=False)
        if trouble and trouble.reply:
            return trouble.reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        for recipient in envelope.rcpt_tos:
            trouble = self._sink.trouble_for(recipient, at_data=True) or Trouble()
            await asyncio.sleep(trouble.seconds)
            if trouble.reply:
                return trouble.reply
            if trouble.keeps:
                self._keep(envelope, recipient)
            if trouble.hangs_up and isinstance(server.transport, asyncio.Transport):
                server.transport.abort()
        return "250 Taken"

    def _keep(self, envelope: Envelope, recipient: str) -> None:
        raw = envelope.original_content or b""
        self._sink.kept.append(Kept(sender=envelope.mail_from or "", recipient=recipient, raw=raw))


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    server = Sink()
    await server.open()
    yield server
    await server.close()
