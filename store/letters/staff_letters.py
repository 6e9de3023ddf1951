"""Letters to staff: planned from what lies on an operator's desk, each thing told once, with no name in them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select

from models.base import Frozen
from models.desk import DeskItem, DeskKind
from models.ids import IntroductionId, LetterId, PersonId, ProgrammeId
from store.engine.ids import new_id
from store.tables import letter, membership, person, programme, told_to_staff
from store.tables.letters import about_its_reader

LETTER = "desk"
APART = timedelta(minutes=15)  # between two letters to one operator, however much happens
KEPT = timedelta(days=60)  # that somebody was told of what is there no longer
MOST = 200  # things in one letter


class ToldItem(Frozen):
    """One line of a letter to staff."""

    kind: DeskKind
    programme: ProgrammeId | None
    programme_name: str | None
    introduction: IntroductionId | None
    due_at: datetime | None


def untold(connection: Connection, who: PersonId, items: Sequence[DeskItem]) -> tuple[DeskItem, ...]:
    """What no letter has told this operator yet."""
    told = set(connection.execute(select(told_to_staff.c.mark).where(told_to_staff.c.person == who)).scalars())
    return tuple(each for each in items if each.mark not in told)


def plan(connection: Connection, who: PersonId, items: Sequence[DeskItem], now: datetime) -> LetterId:
    """One letter that tells these things. Not on the heels of the last one."""
    last = connection.execute(
        select(letter.c.not_before)
        .where(letter.c.person == who, letter.c.kind == LETTER)
        .order_by(letter.c.not_before.desc())
        .limit(1)
    ).scalar_one_or_none()
    at, named = max(now, last + APART) if last else now, LetterId(new_id("let"))
    connection.execute(insert(letter).values(about_its_reader(named, LETTER, who, at)))
    lines = [
        each.model_dump() | {"letter": named, "number": number, "person": who, "at": now}
        for number, each in enumerate(items[:MOST], 1)
    ]
    connection.execute(insert(told_to_staff), lines)
    return named


def is_planned(connection: Connection, who: PersonId) -> bool:
    """One waits for its time, or for a relay: what comes meanwhile comes with the next."""
    waits = (letter.c.person == who, letter.c.kind == LETTER, letter.c.state.in_(("planned", "started")))
    return connection.execute(select(letter.c.id).where(*waits).limit(1)).first() is not None


def lock(connection: Connection, who: PersonId) -> None:
    """Two mailrooms look one after the other; SQLite's writers take turns anyway."""
    connection.execute(select(person.c.id).where(person.c.id == who).with_for_update())


def office(connection: Connection, who: PersonId) -> ProgrammeId | None:
    """Where they work, first of all; None where they do no longer."""
    return connection.execute(
        select(membership.c.programme)
        .where(membership.c.person == who, membership.c.operates)
        .order_by(membership.c.joined_at, membership.c.programme)
        .limit(1)
    ).scalar_one_or_none()


def lines(connection: Connection, letter_id: LetterId) -> tuple[ToldItem, ...]:
    """What this letter tells, in its order; nothing of a programme its reader works for no longer."""
    works_there = exists().where(
        membership.c.person == told_to_staff.c.person,
        membership.c.programme == told_to_staff.c.programme,
        membership.c.operates,
    )
    query = (
        select(told_to_staff, programme.c.name.label("programme_name"))
        .outerjoin(programme, programme.c.id == told_to_staff.c.programme)
        .where(told_to_staff.c.letter == letter_id, told_to_staff.c.programme.is_(None) | works_there)
        .order_by(told_to_staff.c.number)
    )
    return tuple(_read(row) for row in connection.execute(query))


def forget(connection: Connection, who: PersonId, items: Sequence[DeskItem], now: datetime) -> None:
    """What they were told of long ago, and is there no longer."""
    there = [each.mark for each in items]
    old = (told_to_staff.c.person == who, told_to_staff.c.at < now - KEPT, told_to_staff.c.mark.not_in(there))
    connection.execute(delete(told_to_staff).where(*old))


def _read(row: Row[Any]) -> ToldItem:
    return ToldItem(**{name: row._mapping[name] for name in ToldItem.model_fields})
