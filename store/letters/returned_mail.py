"""Returned mail. A report that it never arrived, a complaint, a reply that lost its way.

Nothing here answers an ask. A letter that could not be delivered is settled as failed, and its introduction hears of it
as of any other; the rest is noted beside the letter, for an operator to see.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, insert, select, update

from models.base import Frozen
from models.ids import LetterId
from store.letters import delivery_results, outbox
from store.letters.outbox import STARTED_OR_LEFT, Letter
from store.letters.relay import circuit_breaker
from store.tables import came_back

Kind = Literal["bounced", "delayed", "complaint", "refused", "reply"]


class Returned(Frozen):
    """One message that has to do with one letter of ours. It may be forged in all but whose letter it names."""

    letter: LetterId
    started_at: int | None  # seconds: of the attempt it speaks of, where its address was signed
    kind: Kind
    said: str = ""  # code and class only
    blames_address: bool = False


class CameBack(Frozen):
    """What an operator sees beside a letter."""

    kind: Kind
    times: int
    last_at: datetime


def take(connection: Connection, returned: Returned, now: datetime) -> bool:
    """Whether this was about a letter of ours that has left, and is now known."""
    left = outbox.get(connection, returned.letter)
    if left is None or left.started_at is None or not _is_this_attempt(left, returned):
        return False
    if returned.kind in ("bounced", "complaint"):
        dead = returned.blames_address or returned.kind == "complaint"
        delivery_results.bounced(connection, left, returned.said or returned.kind, now, address_is_dead=dead)
    _note(connection, returned, now)
    if returned.kind == "complaint":
        circuit_breaker.consider(connection, left, now)
    return True


def of_letters(connection: Connection, letters: Sequence[LetterId]) -> dict[LetterId, tuple[CameBack, ...]]:
    """What came back of each of these."""
    rows = connection.execute(
        select(came_back).where(came_back.c.letter.in_(letters)).order_by(came_back.c.letter, came_back.c.kind)
    )
    found: dict[LetterId, tuple[CameBack, ...]] = {}
    for row in rows:
        each = CameBack(kind=row.kind, times=row.times, last_at=row.last_at)
        found[row.letter] = (*found.get(row.letter, ()), each)
    return found


def _is_this_attempt(left: Letter, returned: Returned) -> bool:
    """A letter sent again to another address is not undone by an old report about the first."""
    if left.state not in (*STARTED_OR_LEFT, "failed") or left.started_at is None:
        return False
    return returned.started_at in (None, int(left.started_at.timestamp()))


def _note(connection: Connection, returned: Returned, now: datetime) -> None:
    this: tuple[ColumnElement[bool], ...] = (
        came_back.c.letter == returned.letter,
        came_back.c.kind == returned.kind,
    )
    more = {"times": came_back.c.times + 1, "last_at": now}
    if connection.execute(update(came_back).where(*this).values(more)).rowcount:
        return
    first = {"letter": returned.letter, "kind": returned.kind, "times": 1, "first_at": now, "last_at": now}
    connection.execute(insert(came_back).values(first))
