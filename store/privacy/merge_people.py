"""Two records of one human being, merged. What they may do is the stricter of both, never more (S32).

The record that is given up stays as an id, for what it was part of: the ledger knows it by that. Everything that can
still be used moves to the one that is kept.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from models.ids import PersonId
from store.access import link_tokens
from store.boundaries import conflicts
from store.people import photos
from store.privacy.erasure import records_of
from store.programmes import kinds
from store.tables import (
    asks_pause,
    block,
    channel,
    draft,
    hearing,
    known_as,
    membership,
    name_change,
    no_show,
    person,
    reservation,
    session,
    tie,
    told_to_staff,
)

MergeRefusal = Literal["same", "gone", "other_tenant", "under_way", "kinds"]


def join(connection: Connection, kept: PersonId, given_up: PersonId, now: datetime) -> MergeRefusal | None:
    """None where it is done; else why not, and nothing has changed."""
    why = _objection(connection, kept, given_up)
    if why:
        return why
    _stricter_person(connection, kept, given_up)
    _stricter_memberships(connection, kept, given_up)
    _move_blocks(connection, kept, given_up)
    conflicts.move(connection, kept, given_up)
    _stricter_ties(connection, kept, given_up)
    _move_no_shows(connection, kept, given_up)
    moved = (channel, known_as, name_change, reservation, asks_pause)
    for column in (table.c.person for table in moved):
        connection.execute(update(column.table).where(column == given_up).values({column.name: kept}))
    photos.remove(connection, given_up)
    for column in (session.c.person, draft.c.person, hearing.c.person, told_to_staff.c.person):
        connection.execute(delete(column.table).where(column == given_up))
    link_tokens.close_all(connection, given_up)
    connection.execute(update(person).where(person.c.id == given_up).values(merged_into=kept))
    return None


def _objection(connection: Connection, kept: PersonId, given_up: PersonId) -> MergeRefusal | None:
    if kept == given_up:
        return "same"
    rows = connection.execute(
        select(person.c.tenant).where(
            person.c.id.in_([kept, given_up]), person.c.erased_at.is_(None), person.c.merged_into.is_(None)
        )
    ).all()
    if len(rows) < 2:
        return "gone"
    if len({row.tenant for row in rows}) > 1:
        return "other_tenant"
    if records_of.under_way(connection, given_up):
        return "under_way"
    return None if kinds.can_be_put_together(connection, kept, given_up) else "kinds"


def _stricter_person(connection: Connection, kept: PersonId, given_up: PersonId) -> None:
    """Out of reach as long as either is: opted out once is opted out, and the longer pause holds."""
    both = connection.execute(
        select(func.min(person.c.opted_out_at), func.max(person.c.paused_until)).where(
            person.c.id.in_([kept, given_up])
        )
    ).one()
    connection.execute(update(person).where(person.c.id == kept).values(opted_out_at=both[0], paused_until=both[1]))


def _stricter_memberships(connection: Connection, kept: PersonId, given_up: PersonId) -> None:
    """Listed, asking or operating only where both were, and of the kind that is asked less; where only one was a
    member, unlisted and without an office."""
    own = {row.programme: row for row in connection.execute(select(membership).where(membership.c.person == kept))}
    for row in connection.execute(select(membership).where(membership.c.person == given_up)).all():
        here = own.get(row.programme)
        if here:
            rights = {name: here._mapping[name] and row._mapping[name] for name in ("listed", "requests", "operates")}
            stricter = kinds.stricter(connection, here, row)
            changed = update(membership).where(membership.c.programme == row.programme, membership.c.person == kept)
            rights |= {"kind": stricter.kind if stricter else None}
            uninvited = here.uninvited_since if row.uninvited_since else None  # whoever was invited as either, was
            connection.execute(changed.values(rights | {"uninvited_since": uninvited}))
        else:
            kind = kinds.of_newcomer(connection, row)
            new = dict(row._mapping) | {"person": kept, "listed": False, "operates": False, "kind": kind}
            connection.execute(insert(membership).values(new))
    connection.execute(delete(membership).where(membership.c.person == given_up))


def _move_no_shows(connection: Connection, kept: PersonId, given_up: PersonId) -> None:
    """What was said of either counts, and what rests goes on resting. Nobody fails to come to themselves."""
    counted = select(no_show.c.introduction).where(no_show.c.person == kept)
    theirs_alone = (no_show.c.person == given_up, no_show.c.introduction.not_in(counted))
    connection.execute(update(no_show).where(*theirs_alone).values(person=kept))


def _move_blocks(connection: Connection, kept: PersonId, given_up: PersonId) -> None:
    """Every block of either, and against either, stands."""
    rows = connection.execute(select(block).where((block.c.blocker == given_up) | (block.c.blocked == given_up))).all()
    for row in rows:
        blocker = kept if row.blocker == given_up else row.blocker
        blocked = kept if row.blocked == given_up else row.blocked
        here = (block.c.blocker == blocker, block.c.blocked == blocked)
        if blocker != blocked and not connection.execute(select(block.c.at).where(*here)).first():
            new = dict(row._mapping) | {"blocker": blocker, "blocked": blocked}
            connection.execute(insert(block).values(new))


def _stricter_ties(connection: Connection, kept: PersonId, given_up: PersonId) -> None:
    """A "not me" and a "no asks about them" of either stand; what only one knew is known."""
    rows = connection.execute(select(tie).where((tie.c.connector == given_up) | (tie.c.person == given_up))).all()
    for row in rows:
        connector = kept if row.connector == given_up else row.connector
        known = kept if row.person == given_up else row.person
        here = (tie.c.connector == connector, tie.c.person == known)
        found = connection.execute(select(tie).where(*here)).one_or_none()
        if connector == known:
            continue
        if found is None:
            connection.execute(insert(tie).values(dict(row._mapping) | {"connector": connector, "person": known}))
        else:
            stricter = {"no_go": found.no_go or row.no_go, "denied_at": found.denied_at or row.denied_at}
            connection.execute(update(tie).where(*here).values(stricter))
    connection.execute(delete(tie).where((tie.c.connector == given_up) | (tie.c.person == given_up)))
