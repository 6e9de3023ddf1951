"""Stalled workflows. What was seen, for operators to read."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Select, and_, delete, exists, func, insert, or_, select, update

from models.ids import IntroductionId
from models.process.introduction import Opening
from store.tables import inbox, introduction, trouble

What = Literal["stands_still", "gone", "missing"]
OVERDUE = timedelta(minutes=1)  # a timer and a message are heard within seconds where somebody hears


def suspects(connection: Connection, now: datetime, limit: int = 200) -> list[IntroductionId]:
    """Whoever may stand still: something was due, or was said, a minute ago; or they did when last looked at.

    A workflow that fails at its task has one, and a task comes from a start, from news or from a timer: so nobody who
    stands still is missing here.
    """
    late = now - OVERDUE
    known = exists().where(trouble.c.introduction == introduction.c.id)
    waits = exists().where(inbox.c.introduction == introduction.c.id, inbox.c.state == "waiting", inbox.c.at <= late)
    begun_late = and_(introduction.c.step == 0, introduction.c.started_at <= late)
    found = _open(select(introduction.c.id)).where(
        or_(introduction.c.due_at <= late, begun_late, waits, known), introduction.c.started_at.is_not(None)
    )
    return list(connection.execute(found.order_by(introduction.c.id).limit(limit)).scalars())


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


def missing(connection: Connection) -> int:
    """How many Temporal holds nothing of, that nobody has said may be begun anew."""
    query = select(func.count()).select_from(trouble).where(trouble.c.what == "missing")
    return connection.execute(query).scalar_one()


def note(connection: Connection, introduction_id: IntroductionId, what: What, now: datetime) -> bool:
    """Write down what was seen; True where nobody had seen it. Nothing where it has ended meanwhile."""
    if not connection.execute(_open(select(introduction.c.id)).where(introduction.c.id == introduction_id)).first():
        return False
    mine = trouble.c.introduction == introduction_id
    known = connection.execute(select(trouble.c.what).where(mine)).scalar_one_or_none()
    if known == what:
        return False
    if known is None:
        connection.execute(insert(trouble).values(introduction=introduction_id, what=what, since=now))
    else:
        connection.execute(update(trouble).where(mine).values(what=what, since=now))
    return True


def clear(connection: Connection, introduction_id: IntroductionId) -> bool:
    """It goes on; True where it had stood still."""
    return connection.execute(delete(trouble).where(trouble.c.introduction == introduction_id)).rowcount > 0


def _open(query: Select[Any]) -> Select[Any]:
    return query.where(introduction.c.closed_at.is_(None))
