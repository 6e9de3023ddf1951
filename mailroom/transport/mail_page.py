"""The mail page as a relay, where no letter may leave this machine. Into each person's mailbox on the mail page."""

from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy

from sqlalchemy import Connection

from mailroom.transport.relay import Accepted, NotSent, RelayAnswer, RelayRefused, Unknown
from store.audit import exposure
from store.engine.database import Database, DatabaseAway
from store.mail_page.delivered_letters import Mail, holds, keep

ARRIVED = "on the mail page"  # which staff read in place of a relay: `telling.stage_words.state_of`


class MailPage:
    """A relay that keeps every letter for its reader, and can be asked what it has taken.

    Once the installation has a relay, a public address or real people it takes none and knows of none: letters wait.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def ready(self) -> bool:
        return not await self._database.read(exposure.found)

    async def send(self, message: bytes, to: str, message_id: str, sender: str = "") -> RelayAnswer:
        try:
            arrived = read(message, message_id)
        except (KeyError, LookupError, ValueError) as fault:
            return RelayRefused(said=f"{type(fault).__name__} on reading", permanent=True)
        now = self._clock()
        try:
            return await self._database.write(lambda connection: _take(connection, arrived, now))
        except DatabaseAway:
            return Unknown(said="the database went away")  # it can be asked as soon as it is back

    async def knows(self, message_id: str) -> bool | None:
        return await self._database.read(
            lambda connection: None if exposure.found(connection) else holds(connection, message_id)
        )

    async def close(self) -> None:
        pass


def _take(connection: Connection, arrived: Mail, now: datetime) -> RelayAnswer:
    if exposure.found(connection):
        return NotSent(said="there is no mail page")
    kept = keep(connection, arrived, now)
    return Accepted(said=ARRIVED) if kept else NotSent(said="no letter of this Message-ID")


def read(message: bytes, message_id: str) -> Mail:
    """Both bodies as a mail program would show them."""
    parsed = message_from_bytes(message, policy=policy.default)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    return Mail(
        message_id=message_id,
        subject=str(parsed["Subject"] or ""),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
        raw=message,
    )
