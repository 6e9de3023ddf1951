"""Letters to staff: planned from what lies on an operator's desk, each thing told once, with no name in them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, insert, select

from models.base import Frozen
from models.desk import DeskItem, DeskKind
from models.ids import IntroductionId, LetterId, PersonId, ProgrammeId
from store.engine.ids import new_id
from store.engine.secrets import Keys
from store.letters.receiving_address import Destination, address_of
from store.tables import letter, membership, person, programme, told_to_staff
from store.tables.letters import about_its_reader

LETTER = "desk"
APART = timedelta(minutes=15)  # between two letters to one operator, however much happens
LOST = ("dropped", "failed")  # such a letter has told nobody anything
TELLINGS = 5  # lost letters that told of the same thing: then it is left to the console
LONGEST = timedelta(days=1)  # after a lost letter the next one waits, four times as long each time, up to this
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
    """What no letter has told this operator yet, nor been lost with too often."""
    rows = connection.execute(
        select(told_to_staff.c.mark, letter.c.state)
        .outerjoin(letter, letter.c.id == told_to_staff.c.letter)
        .where(told_to_staff.c.person == who)
    ).all()
    lost = Counter(row.mark for row in rows if row.state in LOST)
    told = {row.mark for row in rows if row.state not in LOST or lost[row.mark] >= TELLINGS}
    return tuple(each for each in items if each.mark not in told)


def plan(connection: Connection, who: PersonId, items: Sequence[DeskItem], now: datetime) -> LetterId:
    """One letter that tells these things. Not on the heels of the last one."""
    named, at = LetterId(new_id("let")), max(now, _not_before(connection, who) or now)
    connection.execute(insert(letter).values(about_its_reader(named, LETTER, who, at)))
    lines = [
        each.model_dump() | {"letter": named, "number": number, "person": who, "at": now}
        for number, each in enumerate(items[:MOST], 1)
    ]
    connection.execute(insert(told_to_staff), lines)
    return named


def is_to_wait(connection: Connection, who: PersonId, now: datetime) -> bool:
    """One waits for its time, or for a relay, or the last was lost: what comes meanwhile comes with the next."""
    waits = (letter.c.person == who, letter.c.kind == LETTER, letter.c.state.in_(("planned", "started")))
    if connection.execute(select(letter.c.id).where(*waits).limit(1)).first() is not None:
        return True
    free_at = _not_before(connection, who)
    return free_at is not None and now < free_at - APART  # none is planned further ahead than two letters are apart


def is_reachable(connection: Connection, keys: Keys, who: PersonId) -> bool:
    """Whether a letter to them has anywhere to go: until it has, none is planned, and nothing counts as told."""
    return isinstance(address_of(connection, keys, who), Destination)


def _not_before(connection: Connection, who: PersonId) -> datetime | None:
    """When the next letter to them may leave: later each time that the last ones were lost."""
    last = connection.execute(
        select(letter.c.not_before, letter.c.state)
        .where(letter.c.person == who, letter.c.kind == LETTER)
        .order_by(letter.c.not_before.desc())
        .limit(TELLINGS)
    ).all()
    in_a_row = sum(1 for _ in takewhile(lambda row: row.state in LOST, last))
    return last[0].not_before + min(LONGEST, APART * 4**in_a_row) if last else None


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
