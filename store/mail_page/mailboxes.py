"""Mailboxes of the mail page. Letters exactly as their readers get them."""

from datetime import datetime

from sqlalchemy import Connection, Exists, exists, func, select, update

from models.base import Frozen
from models.ids import LetterId, PersonId
from store.tables import mail, membership, person

SHOWN = 60  # of a large import the first page shows those with mail, then those who joined first
LETTERS = 200


class MailboxSummary(Frozen):
    """One person's mailbox, seen from outside."""

    person: PersonId
    name: str
    headline: str
    language: str
    letters: int
    unread: int
    last_at: datetime | None
    requests: bool
    operates: bool


class Subject(Frozen):
    """One letter as a line in a mailbox."""

    letter: LetterId
    subject: str
    at: datetime
    unread: bool


class Received(Frozen):
    """One letter, opened."""

    letter: LetterId
    person: PersonId
    subject: str
    text: str
    html: str
    at: datetime


def mailboxes(connection: Connection) -> tuple[MailboxSummary, ...]:
    """Everybody who has mail, or joined early; in the order in which they joined, so that nobody moves about."""
    letters, unread, last_at = (
        func.count(mail.c.letter),
        func.count(mail.c.letter).filter(mail.c.read_at.is_(None)),
        func.max(mail.c.at),
    )
    rows = connection.execute(
        select(
            person.c.id,
            person.c.name,
            person.c.headline,
            person.c.language,
            person.c.created_at,
            letters.label("letters"),
            unread.label("unread"),
            last_at.label("last_at"),
            _may("requests").label("requests"),
            _may("operates").label("operates"),
        )
        .outerjoin(mail, mail.c.person == person.c.id)
        .where(person.c.erased_at.is_(None))
        .group_by(person.c.id, person.c.name, person.c.headline, person.c.language, person.c.created_at)
        .order_by((letters == 0).asc(), person.c.created_at, person.c.id)
        .limit(SHOWN)
    )
    return tuple(
        MailboxSummary(
            person=row.id,
            name=row.name,
            headline=row.headline,
            language=row.language,
            letters=row.letters,
            unread=row.unread,
            last_at=row.last_at,
            requests=row.requests,
            operates=row.operates,
        )
        for row in sorted(rows, key=lambda row: (row.created_at, row.id))
    )


def subjects(connection: Connection, who: PersonId) -> tuple[Subject, ...]:
    """What lies in one mailbox, the newest on top."""
    rows = connection.execute(
        select(mail.c.letter, mail.c.subject, mail.c.at, mail.c.read_at)
        .where(mail.c.person == who)
        .order_by(mail.c.at.desc(), mail.c.letter.desc())
        .limit(LETTERS)
    )
    return tuple(Subject(letter=row.letter, subject=row.subject, at=row.at, unread=row.read_at is None) for row in rows)


def received(connection: Connection, who: PersonId, letter: LetterId) -> Received | None:
    row = connection.execute(select(mail).where(mail.c.person == who, mail.c.letter == letter)).one_or_none()
    if row is None:
        return None
    return Received(
        letter=row.letter, person=row.person, subject=row.subject, text=row.body_text, html=row.body_html, at=row.at
    )


def mark_read(connection: Connection, letter: LetterId, now: datetime) -> None:
    """As a mail program does. It is no event: nothing in the product depends on it."""
    connection.execute(update(mail).where(mail.c.letter == letter, mail.c.read_at.is_(None)).values(read_at=now))


def _may(what: str) -> Exists:
    return exists().where(membership.c.person == person.c.id, membership.c[what])
