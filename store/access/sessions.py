"""Sessions of people who are signed in.

A random id in a cookie, its hash in a row; a row comes from a one-time link mailed on request.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from models.base import Frozen
from models.ids import PersonId
from store.access import link_tokens, sign_in_limit
from store.engine.ids import new_id
from store.tables import channel, letter, membership, session
from store.tables.letters import about_its_reader

LASTS = timedelta(days=14)
# Built once: building a statement costs more than running it, and each page of somebody's own runs it.
_HOLDER = select(session.c.person).where(session.c.hash == bindparam("known"), session.c.expires_at > bindparam("now"))


class WayIn(Frozen):
    """A sign-in link that opens: how it is known here, and the mailboxes for which somebody may have asked for it."""

    link: str
    mailboxes: frozenset[str]


def begin(connection: Connection, person: PersonId, now: datetime) -> str:
    """A new session: what the cookie holds. We keep only its hash, so that our rows open nothing."""
    raw = secrets.token_urlsafe(32)
    connection.execute(delete(session).where(session.c.expires_at <= now))
    row = {"hash": link_tokens.token_hash(raw), "person": person, "created_at": now, "expires_at": now + LASTS}
    connection.execute(insert(session).values(row))
    return raw


def holder(connection: Connection, raw: str, now: datetime) -> PersonId | None:
    """Whose session this is, while it lasts."""
    return connection.execute(_HOLDER, {"known": link_tokens.token_hash(raw), "now": now}).scalar_one_or_none()


def end(connection: Connection, raw: str) -> None:
    connection.execute(delete(session).where(session.c.hash == link_tokens.token_hash(raw)))


def end_all(connection: Connection, person: PersonId) -> None:
    """Signed out everywhere."""
    connection.execute(delete(session).where(session.c.person == person))


def ask_for_link(connection: Connection, people: tuple[PersonId, ...], now: datetime) -> None:
    """Plan a sign-in letter for each of these, unless they had enough of them this hour.

    Where nobody was found, a row is written all the same: who waits for the database cannot tell either.
    """
    sign_in_limit.note_an_ask(connection, now)
    for person in people:
        if sign_in_limit.counted(connection, person, now):
            connection.execute(insert(letter).values(about_its_reader(new_id("let"), "sign_in", person, now)))


def way_in(connection: Connection, raw: str, now: datetime) -> WayIn | None:
    """What this link would open, or None; asking changes nothing."""
    found = link_tokens.find(connection, raw, "sign_in")
    if found is None or found.used_at is not None or found.has_expired(now):
        return None
    theirs = (channel.c.person == found.person, channel.c.introduction.is_(None), channel.c.match_key.is_not(None))
    mailboxes = connection.execute(select(channel.c.match_key).where(*theirs).distinct()).scalars()
    return WayIn(link=link_tokens.token_hash(link_tokens.as_minted(raw)), mailboxes=frozenset(mailboxes))


def redeem(connection: Connection, raw: str, now: datetime) -> str | None:
    """Use a sign-in link up and begin the session it is for. None where it is used, expired, or no such link."""
    used = link_tokens.use(connection, raw, now)
    if used is None:
        return None
    _came_by_themselves(connection, used.person, now)
    return begin(connection, used.person, now)


def _came_by_themselves(connection: Connection, who: PersonId, now: datetime) -> None:
    """Whoever signs in counts as invited, wherever a file had brought them."""
    waiting = (membership.c.person == who, membership.c.uninvited_since.is_not(None))
    connection.execute(update(membership).where(*waiting).values(uninvited_since=None, invited_at=now))
