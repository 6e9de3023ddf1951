"""The columns that say who may know what: read as one value, written with the ledger's event that changes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.ids import IntroductionId
from models.process.introduction import Opening
from models.record.disclosure import Known, after, due_for_staff, fold, tells_anew
from models.record.ledger import Began, Entry, Mailed, Moved
from models.record.ledger import fold as fold_asks
from models.record.quiet_endings import may_be_kept_back
from models.record.staff_knowledge import ShownToStaff, as_recorded, due_of, shown_to_staff
from store.journal.ledger import End, append, entries, step_of
from store.tables import introduction

COLUMNS = tuple(introduction.c[name] for name in Known.model_fields)
# Built once: building a statement costs more than running it, and letters that ask a requester run it.
_ROW = select(introduction.c.promised_at, *COLUMNS).where(introduction.c.id == bindparam("this")).with_for_update()


def known_of(row: Row[Any]) -> Known:
    return Known(**{name: row._mapping[name] for name in Known.model_fields})


def append_step(
    connection: Connection, row: Row[Any], at: datetime, event: Began | Moved, end: End, values: dict[str, Any]
) -> None:
    """A step's event, with what each may know after it and the other columns that follow from it. `row`: as it stood.

    Where an older version of the program has recorded steps since we last did, all is told from the ledger.
    """
    in_step = row.known_step == (step_of(event) or 0) - 1
    before = known_of(row) if in_step else fold(entries(connection, row.id))
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
    folded, last = fold_asks([each.event for each in events]), _last_step(events)
    if folded is None or last is None:
        return {}
    where, opening = folded.standing, Opening.model_validate(row.opening)
    due_at = due_for_staff(where.stage, where.due_at, folded.asks, row.promised_at, told=where.told)
    until_then = [each for each in events if each.seq <= last.seq]
    if opening.policy.requester.closings_every and (recorded := as_recorded(opening, until_then)):
        due_at = due_of(recorded)
    kept_back = any(isinstance(each.event, Moved) and may_be_kept_back(each.event) for each in until_then)
    shown = shown_to_staff(opening, until_then, last.at) if kept_back else None
    staff = shown or ShownToStaff(None, None, due_at, None)
    return fold(events).model_dump() | {"known_step": folded.step} | staff._asdict()


def _last_step(events: Sequence[Entry]) -> Entry | None:
    return next((each for each in reversed(events) if isinstance(each.event, Began | Moved)), None)
