"""The columns that say who may know what: read as one value, written with the ledger's event that changes them."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, bindparam, func, select, update

from models.ids import IntroductionId
from models.process.state.opening import Opening
from models.record.disclosure import Known, after, known_from, tells_anew
from models.record.ledger import Began, Entry, Mailed, Moved, add_up
from models.record.quiet_endings import may_be_kept_back
from models.record.staff_knowledge import ShownToStaff, as_recorded, due_of, shown_to_staff
from store.engine.database import Database
from store.journal.ledger import End, append, entries, step_of
from store.tables import introduction

AT_ONCE = 100  # rows told again in one transaction: nobody waits long for it
COLUMNS = tuple(introduction.c[name] for name in Known.model_fields)
# Built once: building a statement costs more than running it, and letters that ask a requester run it.
_ROW = select(introduction.c.promised_at, *COLUMNS).where(introduction.c.id == bindparam("this")).with_for_update()


def known_of(row: Row[Any]) -> Known:
    return Known(**{name: row._mapping[name] for name in Known.model_fields})


def is_kept_back(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether something of it is kept from staff at this instant. A row of before the column knows its first end."""
    until = func.coalesce(introduction.c.kept_until, introduction.c.shown_until)
    return until.is_not(None) & (until > now)


def append_step(
    connection: Connection, row: Row[Any], at: datetime, event: Began | Moved, end: End, values: dict[str, Any]
) -> None:
    """A step's event, with what each may know after it and the other columns that follow from it. `row`: as it stood.

    Where an older version of the program has recorded steps since we last did, all is told from the ledger.
    """
    in_step = row.known_step == (step_of(event) or 0) - 1
    before = known_of(row) if in_step else known_from(entries(connection, row.id))
    known = after(before, event, at, row.promised_at)
    append(connection, row.id, at, event, end, known.model_dump() | {"known_step": step_of(event)} | values)


def append_mailed(connection: Connection, scope: IntroductionId, at: datetime, event: Mailed) -> None:
    """What became of a letter. Its reader may know of a question from the instant its letter has left."""
    if not tells_anew(event):
        append(connection, scope, at, event)
        return
    row = connection.execute(_ROW, {"this": scope}).one()
    append(connection, scope, at, event, None, after(known_of(row), event, at, row.promised_at).model_dump())


def told_again(row: Row[Any], events: Sequence[Entry]) -> dict[str, Any]:
    """All these columns as the ledger alone says they must be: for verifying, and for rows older than the columns.

    What staff read is of the instant of the last step, as it was written then.
    """
    added_up, last = add_up([each.event for each in events]), _last_step(events)
    if added_up is None or last is None:
        return {}
    opening, until_then = Opening.read_back(row.opening), [each for each in events if each.seq <= last.seq]
    kept_back = any(isinstance(each.event, Moved) and may_be_kept_back(each.event) for each in until_then)
    staff = shown_to_staff(opening, until_then, last.at) if kept_back else None
    if staff is None:
        recorded = as_recorded(opening, until_then) if added_up.standing.due_at else None
        by_old_rules = row.shown_due_at or added_up.standing.due_at
        staff = ShownToStaff(due_of(recorded) if recorded else by_old_rules)
    return known_from(events).model_dump() | {"known_step": added_up.step} | staff._asdict()


async def tell_again(database: Database) -> None:
    """All rows that are behind, in turns; mostly there is none, and then nothing is written."""
    if not await database.read(is_behind):
        return
    beyond: str | None = ""
    while beyond is not None:
        beyond = await database.write(partial(catch_up, beyond=beyond))


def catch_up(connection: Connection, beyond: str = "", limit: int = AT_ONCE) -> str | None:
    """Rows that are behind their ledger, told again: older than these columns, or moved on by an older version.

    How far it came, to be handed in again; None once there is nothing more. It may run beside whoever records steps.
    """
    behind = introduction.c.known_step < introduction.c.step
    query = select(introduction).where(behind, introduction.c.id > beyond).order_by(introduction.c.id).limit(limit)
    rows = connection.execute(query.with_for_update(skip_locked=True)).all()
    for row in rows:
        found = told_again(row, entries(connection, row.id))
        if found:
            connection.execute(update(introduction).where(introduction.c.id == row.id).values(found))
    return str(rows[-1].id) if rows else None


def is_behind(connection: Connection) -> bool:
    """Whether any row is."""
    behind = select(introduction.c.id).where(introduction.c.known_step < introduction.c.step).limit(1)
    return connection.execute(behind).first() is not None


def _last_step(events: Sequence[Entry]) -> Entry | None:
    return next((each for each in reversed(events) if isinstance(each.event, Began | Moved)), None)
