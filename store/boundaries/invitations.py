"""Invitations: whom a file brought, and staff have not invited yet. Nobody writes to them, and nobody is told of them.

Staff invite one, some, or everybody of a file; whoever signs in by themselves counts as invited from then on. An
invitation is one letter in the hours of its reader, so many an hour; a second press finds nobody left to invite.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, func, insert, select, update

from calendars.clocks import clock_of
from models.base import Frozen
from models.ids import LetterId, PersonId, ProgrammeId
from models.policy.policy import Policy
from models.time.open_hours import open_at
from store.engine.ids import new_id
from store.people.locale import LIVES, country_of, somebody
from store.tables import channel, letter, membership, person, tie
from store.tables.letters import about_its_reader

LETTER = "welcome"  # belongs to no introduction: it says what the programme is, and what it promises
AN_HOUR, IN_AN_HOUR = timedelta(hours=1), 200  # so many leave in each: a relay takes a newcomer's thousands for spam


class Brought(Frozen):
    """Those of one file who wait: its instant, how many they are, and how many have no address to write to."""

    at: datetime
    waiting: int
    without_address: int


class Invited(Frozen):
    """What one press did: how many are invited by it, and how many of them get a letter."""

    people: int
    letters: int


class Invitation(Frozen):
    """What a letter that invites is about."""

    programme: ProgrammeId
    connects: bool  # they have ties on file, and are asked to look at them


_HAS_ADDRESS = exists().where(
    channel.c.person == person.c.id,
    channel.c.kind == "email",
    channel.c.stopped_at.is_(None),
    channel.c.ended_at.is_(None),
    channel.c.introduction.is_(None),
)
_UNINVITED = select(membership.c.person).where(
    membership.c.programme == bindparam("where"),
    membership.c.person == bindparam("who"),
    membership.c.uninvited_since.is_not(None),
)


def is_uninvited(connection: Connection, where: str, who: str) -> bool:
    """Whether they are a member here only because a file said so."""
    return connection.execute(_UNINVITED, {"where": where, "who": who}).first() is not None


def brought(connection: Connection, where: ProgrammeId) -> tuple[Brought, ...]:
    """Who waits to be invited, file by file, the latest first."""
    rows = connection.execute(
        select(
            membership.c.uninvited_since,
            func.count().label("waiting"),
            func.count().filter(~_HAS_ADDRESS).label("without_address"),
        )
        .join(person, person.c.id == membership.c.person)
        .where(*_waiting(where))
        .group_by(membership.c.uninvited_since)
        .order_by(membership.c.uninvited_since.desc())
    )
    return tuple(Brought(at=at, waiting=waiting, without_address=without) for at, waiting, without in rows)


def invite(
    connection: Connection,
    where: ProgrammeId,
    policy: Policy,
    by: PersonId | None,
    now: datetime,
    people: Sequence[PersonId] | None = None,
    of_file: datetime | None = None,
) -> Invited:
    """These, or everybody of this file, or everybody who waits. Whoever has left, or is invited, is passed over."""
    chosen = _waiting(where)
    if people is not None:
        chosen = (*chosen, person.c.id.in_(people))
    if of_file is not None:
        chosen = (*chosen, membership.c.uninvited_since == of_file)
    query = select(*LIVES, _HAS_ADDRESS.label("has_address")).join(membership, membership.c.person == person.c.id)
    rows = connection.execute(query.where(*chosen).order_by(person.c.id).with_for_update(of=membership)).all()
    planned = _letters(connection, where, policy, [row for row in rows if row.has_address], now)
    if planned:
        connection.execute(insert(letter), list(planned.values()))
    values: dict[str, Any] = {
        "uninvited_since": None,
        "invited_at": now,
        "invited_by": by,
        "welcome": bindparam("named"),
    }
    these = (membership.c.programme == where, membership.c.person == bindparam("who"))
    named = [{"who": row.id, "named": planned[row.id]["id"] if row.id in planned else None} for row in rows]
    if named:
        connection.execute(update(membership).where(*these).values(values), named)
    return Invited(people=len(rows), letters=len(planned))


def invited_by(connection: Connection, letter_id: LetterId) -> Invitation | None:
    """What this letter is about; None where its reader is no member any more."""
    knows = exists().where(
        tie.c.connector == membership.c.person, tie.c.denied_at.is_(None), ~tie.c.no_go, tie.c.confirmed_at.is_(None)
    )
    row = connection.execute(
        select(membership.c.programme, knows.label("connects")).where(membership.c.welcome == letter_id)
    ).one_or_none()
    return Invitation(programme=row.programme, connects=row.connects) if row else None


def _waiting(where: ProgrammeId) -> tuple[ColumnElement[bool], ...]:
    return (
        membership.c.programme == where,
        membership.c.uninvited_since.is_not(None),
        person.c.erased_at.is_(None),
        person.c.opted_out_at.is_(None),
    )


def _letters(
    connection: Connection, where: ProgrammeId, policy: Policy, rows: Sequence[Any], now: datetime
) -> dict[str, dict[str, object]]:
    """One for each, in their own open hours, after those that wait already."""
    home, before = country_of(connection, where), _still_planned(connection, where)
    planned = {}
    for number, row in enumerate(rows, before):
        reader, at = somebody(row, home, now), now + AN_HOUR * (number // IN_AN_HOUR)
        not_before = open_at(at, policy.calendar(clock_of(reader.zone, now), reader.days))
        planned[row.id] = about_its_reader(new_id("let"), LETTER, row.id, not_before)
    return planned


def _still_planned(connection: Connection, where: ProgrammeId) -> int:
    waits = (letter.c.kind == LETTER, letter.c.state == "planned", membership.c.programme == where)
    query = select(func.count()).select_from(letter.join(membership, membership.c.welcome == letter.c.id))
    return int(connection.execute(query.where(*waits)).scalar_one())
