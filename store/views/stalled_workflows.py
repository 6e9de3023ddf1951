"""Stalled workflows: which may be, what was seen of them, and what operators read of it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    null,
    or_,
    select,
    union_all,
    update,
)

from models.ids import IntroductionId
from models.process.state.opening import Opening
from store.journal.disclosure_columns import is_kept_back
from store.tables import inbox, introduction, trouble
from store.tables.introductions import GROWN, NOT_BEGUN, OPEN
from store.tables.letters import UNHEARD

What = Literal["stands_still", "unrecorded", "asleep", "overgrown", "gone", "missing"]
OVERDUE = timedelta(minutes=1)  # a timer and a message are heard within seconds where somebody hears


class Suspect(NamedTuple):
    """One that may be stalled. `overdue_since`: from when something was due, or had been said, and nothing followed."""

    id: IntroductionId
    overdue_since: datetime | None


def suspects(
    connection: Connection, now: datetime, behind: str = "", limit: int = 1_000, *, known: bool = False
) -> list[Suspect]:
    """Those that may be stalled, by id, from the first `behind` this one: the look rotates over all of them. `known`:
    of those only the ones that were stalled when last looked at.

    Something was due, or was said, a minute ago; or they were stalled when last looked at; or they have taken so many
    steps that their run may have grown long. A workflow that fails at its task has one, and a task comes from a start,
    from news or from a timer: so none that stands still is missing here.
    """
    late, row = now - OVERDUE, introduction.c
    begun = row.started_at.is_not(None)
    found = union_all(
        select(row.id, _due().label("since")).where(OPEN, row.due_at <= late, begun),
        select(row.id, row.started_at).where(NOT_BEGUN, row.started_at <= late),
        select(row.id, null()).where(GROWN, begun),
        _open(select(row.id, func.coalesce(inbox.c.held_until, inbox.c.at)))
        .join(inbox, inbox.c.introduction == row.id)
        .where(UNHEARD, inbox.c.state == "waiting", func.coalesce(inbox.c.held_until, inbox.c.at) <= late, begun),
        _open(select(row.id, null())).where(row.id.in_(select(trouble.c.introduction))),
    ).subquery()
    those = [found.c.id.in_(select(trouble.c.introduction))] if known else []
    rows = connection.execute(
        select(found.c.id, func.min(found.c.since).label("since"))
        .where(*those)
        .group_by(found.c.id)
        .having(func.min(found.c.id) > behind)  # a plain condition would be looked for first, through all there are
        .order_by(found.c.id)
        .limit(limit)
    )
    return [Suspect(each.id, each.since) for each in rows]


def is_stalled(connection: Connection, introduction_id: IntroductionId) -> bool:
    found = select(trouble.c.introduction).where(trouble.c.introduction == introduction_id)
    return connection.execute(found).first() is not None


def counted(connection: Connection, now: datetime) -> Mapping[What, tuple[int, IntroductionId]]:
    """How many stand in which trouble, and one of each; whose end staff may not know of yet, does so still."""
    of_each = select(trouble.c.what, func.count().label("many"), func.min(trouble.c.introduction).label("one"))
    rows = connection.execute(of_each.where(_is_told(now)).group_by(trouble.c.what).order_by(trouble.c.what))
    return {row.what: (row.many, row.one) for row in rows}


def still_open(connection: Connection, ids: Collection[IntroductionId]) -> list[IntroductionId]:
    """Which of these are not over as far as the store knows."""
    found = _open(select(introduction.c.id)).where(introduction.c.id.in_(ids), introduction.c.step > 0)
    return list(connection.execute(found.order_by(introduction.c.id)).scalars())


def lost(connection: Connection, introduction_id: IntroductionId) -> Opening | None:
    """What to begin it with once more, where Temporal holds nothing of it. One that was seen to have been ended by
    somebody stays ended, also when Temporal has forgotten that."""
    ended = exists().where(trouble.c.introduction == introduction.c.id, trouble.c.what == "gone")
    query = _open(select(introduction.c.opening)).where(introduction.c.id == introduction_id, ~ended)
    found = connection.execute(query).scalar_one_or_none()
    return Opening.read_back(found) if found else None


def missing(connection: Connection, now: datetime) -> int:
    """How many Temporal holds nothing of, that nobody has said may be begun anew."""
    query = select(func.count()).select_from(trouble).where(trouble.c.what == "missing", _is_told(now))
    return connection.execute(query).scalar_one()


def note(connection: Connection, introduction_id: IntroductionId, what: What, now: datetime) -> bool:
    """Write down what was seen; True where nobody had seen it. Nothing where it has ended meanwhile."""
    if not connection.execute(_open(select(introduction.c.id)).where(introduction.c.id == introduction_id)).first():
        return False
    mine = trouble.c.introduction == introduction_id
    known = connection.execute(select(trouble.c.what).where(mine)).scalar_one_or_none()
    if known == what or (known, what) == ("gone", "missing"):
        return False  # what somebody has ended stays so, also when Temporal has forgotten that
    if known is None:
        connection.execute(insert(trouble).values(introduction=introduction_id, what=what, since=now))
    else:
        connection.execute(update(trouble).where(mine).values(what=what, since=now))
    return True


def clear(connection: Connection, introduction_id: IntroductionId) -> bool:
    """It goes on; True where it had stood still."""
    return connection.execute(delete(trouble).where(trouble.c.introduction == introduction_id)).rowcount > 0


def _due() -> ColumnElement[datetime]:
    """An operator who has not read a request in time is overdue themselves: the promise alone is the workflow's."""
    row = introduction.c
    is_theirs = and_(row.stage == "screening", row.promised_at > row.due_at)
    return case((is_theirs, row.promised_at), else_=row.due_at)


def _is_told(now: datetime) -> ColumnElement[bool]:
    mine, row = introduction.c.id == trouble.c.introduction, introduction.c
    return exists().where(mine, or_(row.closed_at.is_(None), is_kept_back(now)))


def _open(query: Select[Any]) -> Select[Any]:
    return query.where(introduction.c.closed_at.is_(None))
