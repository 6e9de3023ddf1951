"""Opt-outs and blocks. Opting out and blocking, with all that follows, in one transaction.

What is under way hears of it as news; from this commit on the inbox row alone holds its letters back.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from models.base import Frozen
from models.ids import IntroductionId, LetterId, PersonId
from models.news import Blocked, OptedOut
from models.record.disclosure import is_unnamed
from store.boundaries import suppressions
from store.engine.secrets import Keys
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.journal.known_asks import has_been_told
from store.people.identity import same_people, silenced_with, who_speaks
from store.tables import ask, block, channel, introduction, person
from store.tables import letter as letters


class SeenRequester(Frozen):
    """Somebody whose request this person has seen; they may be blocked. `key` says whom on the page, and in its forms.

    Whoever asked without a name stays without one: their key is the introduction's, and no name stands here.
    """

    key: str
    person: PersonId
    name: str
    blocked: bool
    asked_at: datetime | None = None  # of whoever has no name here


def opt_out(
    connection: Connection,
    who: PersonId,
    keys: Keys,
    nonce: str,
    now: datetime,
    via: str = "own_page",
    letter: LetterId | None = None,
) -> tuple[Inboxed, ...]:
    """Never write to me again: every address of theirs is suppressed, everything under way hears of it.

    `letter`: the one in which they said so; where it went they read, whoever else is known to.
    """
    theirs = person.c.id == who
    connection.execute(update(person).where(theirs, person.c.opted_out_at.is_(None)).values(opted_out_at=now))
    for address in _addresses(connection, who, letter):
        suppressions.add(connection, keys, _tenant(connection, who), address, "opt_out", now)
    they = who_speaks(connection, who)
    return tuple(
        inbox.put(connection, introduction_id=each, news=OptedOut(by=by), via=via, nonce=nonce, now=now)
        for each, by in _under_way(connection, introduction.c.requester.in_(they) | _concerns(they), they)
    )


def opt_in_again(connection: Connection, who: PersonId, keys: Keys, letter: LetterId | None = None) -> None:
    """They want letters again, and said so themselves. What had ended stays ended."""
    connection.execute(update(person).where(person.c.id == who).values(opted_out_at=None))
    for address in _addresses(connection, who, letter):
        suppressions.lift(connection, keys, _tenant(connection, who), address, "opt_out")


def block_person(
    connection: Connection,
    blocker: PersonId,
    blocked: PersonId,
    nonce: str,
    now: datetime,
    unnamed_in: IntroductionId | None = None,
) -> tuple[Inboxed, ...]:
    """This person may not reach me, by any way. They see a close like any other.

    `unnamed_in`: the blocker was not told who it is, and their page must not tell it now.
    """
    how: dict[str, object] = {"by_name": True} if unnamed_in is None else {"unnamed_in": unnamed_in}
    row = {"tenant": _tenant(connection, blocker), "blocker": blocker, "blocked": blocked, "at": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(block).values(row | {"by_name": False} | how))
    except IntegrityError:  # blocked already, perhaps in the other way
        this = (block.c.blocker == blocker, block.c.blocked == blocked)
        connection.execute(update(block).where(*this).values(how))
    they, others = same_people(connection, blocker), same_people(connection, blocked)
    asked = introduction.c.requester.in_(others) & _concerns(they)
    asking = introduction.c.requester.in_(they) & introduction.c.target.in_(others)
    return tuple(
        inbox.put(connection, introduction_id=each, news=Blocked(by=by), via="own_page", nonce=nonce, now=now)
        for each, by in _under_way(connection, or_(asked, asking), they)
    )


def unblock(connection: Connection, blocker: PersonId, met: SeenRequester) -> None:
    """Gone once they are blocked neither by name nor without."""
    they, others = same_people(connection, blocker), same_people(connection, met.person)
    between = (block.c.blocker.in_(they), block.c.blocked.in_(others))
    lifted = {"by_name": False} if met.name else {"unnamed_in": None}
    connection.execute(update(block).where(*between).values(lifted))
    connection.execute(delete(block).where(*between, ~block.c.by_name, block.c.unnamed_in.is_(None)))


def people_met(connection: Connection, who: PersonId) -> tuple[SeenRequester, ...]:
    """Everybody whose request a letter has shown this person, whom they were introduced to or by, and whom they have
    blocked."""
    by_name = select(block.c.blocked).where(block.c.blocker == who, block.c.by_name)
    blocked = set(connection.execute(by_name).scalars())
    asked = connection.execute(
        select(introduction)
        .join(ask, ask.c.introduction == introduction.c.id)
        .where(ask.c.person == who, introduction.c.requester != who, has_been_told())
    ).all()
    asked_by = {row.requester for row in asked if not _is_unnamed(row, who)} | _introduced_to(connection, who)
    there = (person.c.id.in_(blocked | asked_by), person.c.erased_at.is_(None))  # who is forgotten reaches nobody
    named = connection.execute(select(person.c.id, person.c.name).where(*there).order_by(person.c.name))
    known = [SeenRequester(key=row.id, person=row.id, name=row.name, blocked=row.id in blocked) for row in named]
    return (*known, *_blocked_without_a_name(connection, who))


def _blocked_without_a_name(connection: Connection, who: PersonId) -> tuple[SeenRequester, ...]:
    rows = connection.execute(
        select(block.c.blocked, block.c.unnamed_in, introduction.c.asked_at)
        .join(introduction, introduction.c.id == block.c.unnamed_in)
        .where(block.c.blocker == who)
        .order_by(introduction.c.asked_at)
    )
    return tuple(
        SeenRequester(key=row.unnamed_in, person=row.blocked, name="", blocked=True, asked_at=row.asked_at)
        for row in rows
    )


def _is_unnamed(row: Row[Any], who: PersonId) -> bool:
    """Of a target only: the connector always knows who asks."""
    blind = bool(row.opening.get("blind"))
    return row.target == who and is_unnamed(blind=blind, target_progress=row.target_progress)


def _introduced_to(connection: Connection, who: PersonId) -> set[str]:
    """Whom a requester knows by name from the letter that introduced them, and from nothing before it."""
    rows = connection.execute(
        select(introduction.c.target, introduction.c.connector).where(
            introduction.c.requester == who, introduction.c.delivered_at.is_not(None)
        )
    )
    return {each for row in rows for each in row if each}


def _concerns(they: Collection[str]) -> ColumnElement[bool]:
    return or_(introduction.c.target.in_(they), introduction.c.connector.in_(they))


def _under_way(
    connection: Connection, which: ColumnElement[bool], they: Collection[str]
) -> list[tuple[IntroductionId, PersonId]]:
    """Each of these, in whatever programme, and as whom they are in it."""
    parts = (introduction.c.target, introduction.c.connector, introduction.c.requester)
    rows = connection.execute(
        select(introduction.c.id, *parts).where(which, introduction.c.closed_at.is_(None)).order_by(introduction.c.id)
    )
    return [(IntroductionId(row[0]), PersonId(next(each for each in row[1:] if each in they))) for row in rows]


def _addresses(connection: Connection, who: PersonId, letter: LetterId | None) -> list[str]:
    went_to = select(channel.c.value).join(letters, letters.c.channel == channel.c.id).where(letters.c.id == letter)
    read_at = connection.execute(went_to).scalars() if letter else ()
    return sorted({*silenced_with(connection, who), *read_at})


def _tenant(connection: Connection, who: PersonId) -> str:
    return str(connection.execute(select(person.c.tenant).where(person.c.id == who)).scalar_one())
