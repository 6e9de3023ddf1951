"""Under which records may the same human being stand? Whoever shares a mailbox, and whoever was put together.

A block is between people, not between records: it holds against every address, alias and record of either (S12). Where
two people do share a mailbox, it holds for both, which is the stricter reading.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, or_, select

from models.ids import PersonId
from store.tables import block, channel, person

MOST = 50  # records; a mailbox that a whole office shares ends the search, and no page waits for it


def same_people(connection: Connection, *people: PersonId | str) -> frozenset[str]:
    """These, and every record of the same tenant that may be one of them."""
    known: set[str] = set(people)
    fresh = known
    while fresh and len(known) < MOST:
        fresh = {*_with_their_mailboxes(connection, fresh), *_put_together(connection, fresh)} - known
        known |= fresh
    return frozenset(known)


def is_blocked(connection: Connection, some: Collection[str], others: Collection[str]) -> bool:
    """Whether any of these wants no way to be open to, or from, any of the others."""
    either = or_(
        block.c.blocker.in_(some) & block.c.blocked.in_(others), block.c.blocker.in_(others) & block.c.blocked.in_(some)
    )
    return connection.execute(select(block.c.at).where(either).limit(1)).first() is not None


def has_blocked(connection: Connection, blocker: str, blocked: str) -> bool:
    """Whether this person, under any record, wants no way to be open to that one, under any."""
    some, others = same_people(connection, blocker), same_people(connection, blocked)
    wants = select(block.c.at).where(block.c.blocker.in_(some), block.c.blocked.in_(others))
    return connection.execute(wants.limit(1)).first() is not None


def _with_their_mailboxes(connection: Connection, people: Iterable[str]) -> Iterable[str]:
    theirs, others = channel.alias("theirs"), channel.alias("others")
    one, other = person.alias("one"), person.alias("other")
    rows = connection.execute(
        select(others.c.person)
        .join(theirs, theirs.c.match_key == others.c.match_key)
        .join(one, one.c.id == theirs.c.person)
        .join(other, other.c.id == others.c.person)
        .where(
            theirs.c.person.in_(list(people)),
            theirs.c.kind == "email",
            others.c.kind == "email",
            one.c.tenant == other.c.tenant,
            # What a connector gave and proved to be somebody else's tells nobody.
            or_(theirs.c.introduction.is_(None), theirs.c.stopped_at.is_(None)),
            or_(others.c.introduction.is_(None), others.c.stopped_at.is_(None)),
        )
        .distinct()
    )
    return rows.scalars().all()


def _put_together(connection: Connection, people: Iterable[str]) -> Iterable[str]:
    ids = list(people)
    rows = connection.execute(
        select(person.c.id, person.c.merged_into).where(or_(person.c.id.in_(ids), person.c.merged_into.in_(ids)))
    )
    return [each for row in rows for each in (row.id, row.merged_into) if each]
