"""SMTP. Over connections that are kept, each command under a time-out of its own.

The body goes out by our own two lines and not by the library's, because everything depends on one distinction: before
the final dot nothing can have been taken, after it nobody knows until the server answers (S36, F20).
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException
from aiosmtplib.protocol import SMTPProtocol

from mailroom.transport.relay import Accepted, NotSent, RelayAnswer, RelayRefused, Unknown
from mailroom.transport.relay_codes import enhanced_code, means_dead_address
from models.base import Frozen

Security = Literal["none", "starttls", "tls"]

CONNECTIONS = 4  # kept to one relay by one mailroom
GO_ON = 354
_ADDRESS = re.compile(r"[!-~]+@[!-~]+")
_LINE = re.compile(rb"\r\n|\n|\r")


class TimeLimits(Frozen):
    """Seconds. All of it together stays below the lease of a started letter, or another mailroom would take it over."""

    connecting: float = 15
    command: float = 20
    after_the_dot: float = 60
    in_all: float = 120


class RelayAddress(Frozen):
    """Where the relay is, and how it is entered."""

    host: str
    port: int
    security: Security = "none"
    login: str | None = None
    password: str | None = None


class SmtpRelay:
    """A mail server. It cannot be asked afterwards what it has taken: SMTP has no such question."""

    def __init__(
        self, address: RelayAddress, sender: str, patience: TimeLimits | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._address, self._sender, self._patience, self._tls = address, sender, patience or TimeLimits(), tls
        self._idle: list[SMTP] = []
        self._places = asyncio.Semaphore(CONNECTIONS)

    async def ready(self) -> bool:
        try:
            async with self._connection():
                return True
        except (SMTPException, OSError, ValueError):
            return False

    async def send(self, message: bytes, to: str, message_id: str, sender: str = "") -> RelayAnswer:
        carrying = _Carrying(sender or self._sender, to, message, self._patience)
        try:
            async with asyncio.timeout(self._patience.in_all), self._connection() as connection:
                return await carrying.by(connection)
        except SMTPRecipientRefused as refusal:
            return _refused(refusal, "RCPT", blames_address=_blames_address(refusal))
        except SMTPResponseException as refusal:
            return carrying.refused(refusal)
        except (SMTPException, OSError, TimeoutError, ValueError) as broken:
            return carrying.broken(broken)

    async def knows(self, message_id: str) -> bool | None:
        return None

    async def close(self) -> None:
        while self._idle:
            await _leave(self._idle.pop(), self._patience.command)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """A connection that has just answered; kept again only if what it was used for ended in order."""
        async with self._places:
            connection = await self._kept() or await self._opened()
            try:
                yield connection
            except SMTPResponseException as refusal:
                self._keep(connection, in_order=refusal.code > 0)  # a refusal is an answer like any other
                raise
            except BaseException:
                connection.close()
                raise
            self._keep(connection, in_order=True)

    async def _kept(self) -> SMTP | None:
        while self._idle:
            connection = self._idle.pop()
            with suppress(SMTPException, OSError):
                await connection.rset(timeout=self._patience.command)  # it may have been closed while nobody looked
                return connection
            connection.close()
        return None

    def _keep(self, connection: SMTP, *, in_order: bool) -> None:
        if in_order and connection.is_connected:
            self._idle.append(connection)
        else:
            connection.close()

    async def _opened(self) -> SMTP:
        address = self._address
        connection = SMTP(
            hostname=address.host,
            port=address.port,
            username=address.login,
            password=address.password,
            use_tls=address.security == "tls",
            start_tls=address.security == "starttls",
            tls_context=self._tls,
            timeout=self._patience.connecting,
        )
        try:
            await connection.connect()
        except BaseException:
            connection.close()
            raise
        return connection


class _Carrying:
    """One letter on one connection, and how far it came."""

    def __init__(self, sender: str, to: str, message: bytes, patience: TimeLimits) -> None:
        self._sender, self._to, self._message, self._patience = sender, to, message, patience
        self._dot_sent = False
        self._step = "connection"

    async def by(self, connection: SMTP) -> RelayAnswer:
        if not (_ADDRESS.fullmatch(self._to) and _ADDRESS.fullmatch(self._sender)):
            raise ValueError("an address that would not stay on its line")
        command = self._patience.command
        self._step = "MAIL"
        await connection.mail(self._sender, timeout=command)
        self._step = "RCPT"
        await connection.rcpt(self._to, timeout=command)
        self._step = "DATA"
        reply = await connection.execute_command(b"DATA", timeout=command)
        if reply.code != GO_ON:
            raise SMTPResponseException(reply.code, reply.message)
        return await self._body(connection)

    async def _body(self, connection: SMTP) -> RelayAnswer:
        protocol = connection.protocol
        if not isinstance(protocol, SMTPProtocol):
            raise ConnectionResetError
        protocol.write(dotted(self._message))
        self._step, self._dot_sent = "the final dot", True
        reply = await protocol.read_response(timeout=self._patience.after_the_dot)
        if not 200 <= reply.code < 600:
            connection.close()
            return Unknown(said=f"{reply.code} after {self._step}")
        if reply.code >= 300:
            raise SMTPResponseException(reply.code, reply.message)
        return Accepted(said=said(reply.code, reply.message, "the final dot"))

    def refused(self, refusal: SMTPResponseException) -> RelayAnswer:
        if self._dot_sent and refusal.code < 0:
            return Unknown(said=f"no sense in the answer after {self._step}")
        if self._step in ("connection", "MAIL"):
            # The relay does not let us in, or not as this sender: no fault of this letter's, so it waits.
            return NotSent(said=said(refusal.code, refusal.message, self._step))
        return _refused(refusal, self._step, blames_address=False)

    def broken(self, broken: Exception) -> RelayAnswer:
        what = f"{type(broken).__name__} at {self._step}"
        return Unknown(said=what) if self._dot_sent else NotSent(said=what)


def dotted(message: bytes) -> bytes:
    """The letter as it goes over the wire: lines end alike, a dot that begins a line is doubled, a dot ends it."""
    lines = _LINE.split(message)
    if lines and not lines[-1]:
        lines.pop()
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines) + b".\r\n"


def said(code: int, text: str, step: str) -> str:
    """Code, class and place of an answer. Its words are left out: they repeat the address."""
    return " ".join(filter(None, (str(code), enhanced_code(text), f"at {step}")))


def _refused(refusal: SMTPResponseException, step: str, *, blames_address: bool) -> RelayAnswer:
    if refusal.code < 400:
        return NotSent(said=said(refusal.code, refusal.message, step))
    permanent = refusal.code >= 500
    return RelayRefused(
        said=said(refusal.code, refusal.message, step),
        permanent=permanent,
        blames_address=permanent and blames_address,
    )


def _blames_address(refusal: SMTPRecipientRefused) -> bool:
    return means_dead_address(refusal.code, enhanced_code(refusal.message))


async def _leave(connection: SMTP, patience: float) -> None:
    with suppress(SMTPException, OSError, TimeoutError):
        await connection.quit(timeout=patience)
    connection.close()
