"""Letters delivered to the mail page: whole, once each, found again by Message-ID."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from models.base import Frozen
from store.tables import letter, mail


class Mail(Frozen):
    """One letter as it came to the mail page."""

    message_id: str
    subject: str
    text: str
    html: str
    raw: bytes


def keep(connection: Connection, arrived: Mail, now: datetime) -> bool:
    """Into the mailbox of the person the letter was planned for. The same letter again changes nothing."""
    if holds(connection, arrived.message_id):
        return True
    planned = connection.execute(
        select(letter.c.id, letter.c.person).where(letter.c.message_id == arrived.message_id)
    ).one_or_none()
    if planned is None:
        return False
    connection.execute(
        insert(mail).values(
            letter=planned.id,
            person=planned.person,
            message_id=arrived.message_id,
            subject=arrived.subject,
            body_text=arrived.text,
            body_html=arrived.html,
            raw=arrived.raw,
            at=now,
        )
    )
    return True


def holds(connection: Connection, message_id: str) -> bool:
    return connection.execute(select(mail.c.letter).where(mail.c.message_id == message_id)).first() is not None
