"""Exposure of an installation: a relay or a public address any of its processes was ever told, real people it knew.

The mail page and its sign-in are for one machine and for people nobody could meet. What one process was told says
nothing of the others, so each of them leaves a mark here as it starts, and whoever would open a mailbox asks here each
time. A mark is never taken back.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, exists, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from store.sample import world
from store.tables import channel, exposure, known_as, letter, membership, person, session

LOCK = 7_266_101  # of PostgreSQL's advisory locks: a sign-in at a mailbox and the first mark never cross
RESERVED = (".test", ".example", ".invalid", ".localhost")  # RFC 2606: no letter has ever reached anybody there
DOCUMENTED = ("example.com", "example.net", "example.org")


class Exposure(StrEnum):
    RELAY = "relay"
    PUBLIC = "public_address"
    PEOPLE = "real_people"


def found(connection: Connection) -> frozenset[Exposure]:
    """Whatever closes the mail page, as of this instant: the marks, and real people where there is no mark."""
    marked = _marked(connection)
    return marked | {Exposure.PEOPLE} if _knows_real_people(connection, marked) else marked


def is_tried_out(connection: Connection) -> bool:
    """Whether the sample is played in here, with its mail page open: real people would end that for good."""
    return connection.execute(_SAMPLED).scalar_one() and not found(connection)


def lacking(connection: Connection, told: frozenset[Exposure]) -> frozenset[Exposure]:
    """What is so and has no mark yet; mostly there is nothing to write."""
    marked = _marked(connection)
    return (told | frozenset(_shown(connection, marked))) - marked


def remember(connection: Connection, told: frozenset[Exposure], now: datetime) -> None:
    """A mark for each, once. With the first of all, whoever signed in at a mailbox is signed out."""
    if not lacking(connection, told):
        return
    take_turns(connection)
    before, new = _marked(connection), lacking(connection, told)
    for kind in sorted(new):
        connection.execute(_mark(connection)(exposure).values(kind=kind, at=now).on_conflict_do_nothing())
    if new and not before:
        connection.execute(delete(session))


def take_turns(connection: Connection) -> None:
    """Until this transaction ends, no first mark is made beside it. SQLite's writers take turns anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))


def _mark(connection: Connection) -> Callable[[Table], postgresql.Insert | sqlite.Insert]:
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def _marked(connection: Connection) -> frozenset[Exposure]:
    return frozenset(Exposure(kind) for kind in connection.execute(_MARKS).scalars())


def _shown(connection: Connection, marked: frozenset[Exposure]) -> Iterator[Exposure]:
    """What the rows of an older version tell, or of what came in since the last start."""
    if _knows_real_people(connection, marked):
        yield Exposure.PEOPLE
    if Exposure.RELAY not in marked and connection.execute(_TAKEN_BY_A_RELAY).scalar_one():
        yield Exposure.RELAY


def _knows_real_people(connection: Connection, marked: frozenset[Exposure]) -> bool:
    """Once there is a mark it is closed, and this is not looked for any more."""
    return not marked and bool(connection.execute(_REAL_PEOPLE).scalar_one())


def _real_people() -> Select[tuple[bool]]:
    """Whoever was imported or joined, but for the sample's people and those who can be written to nowhere at all.

    Whom somebody only named in a request is not asked about: where all others are fictional, they are too.
    """
    theirs = (channel.c.person == person.c.id, channel.c.kind == "email")
    on_file = or_(exists().where(membership.c.person == person.c.id), exists().where(known_as.c.person == person.c.id))
    of_the_sample = exists().where(
        known_as.c.person == person.c.id, known_as.c.tenant == world.TENANT, known_as.c.key.in_(world.keys())
    )
    nowhere = exists().where(*theirs) & ~exists().where(*theirs, ~_is_written_to_nobody())
    is_there = (person.c.erased_at.is_(None), person.c.merged_into.is_(None))
    return select(exists().where(*is_there, on_file, ~of_the_sample, ~nowhere))


def _is_written_to_nobody() -> ColumnElement[bool]:
    written = func.lower(channel.c.value)
    ends = (*RESERVED, *(f"{mark}{domain}" for domain in DOCUMENTED for mark in "@."))
    return or_(*(written.like(f"%{end}") for end in ends))


# Built once: building a statement costs more than running it, and every page where there are mailboxes asks these.
_MARKS = select(exposure.c.kind)
_REAL_PEOPLE = _real_people()
_SAMPLED = select(exists().where(known_as.c.tenant == world.TENANT))
_TAKEN_BY_A_RELAY = select(exists().where(letter.c.relay_said.like("2__ %")))  # as relays say yes
