"""The circuit breaker of a programme's letters. When too many readers complain, or too many mail servers refuse us.

Each letter more would cost the good name of all its others, so they wait until an operator has looked.
"""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, func, insert, or_, select, update

from store.letters.outbox import Letter
from store.tables import came_back, introduction, letter, programme

WINDOW = timedelta(days=7)
AT_LEAST = 3  # one angry reader is no pattern
RATE = 0.001  # of the letters taken in that time: what large mailbox providers ask for

Cause = Literal["complaints", "refusals"]


def refused_by_policy(connection: Connection, refused: Letter, now: datetime) -> None:
    """A mail server wants no letters like this, or none of ours: counted, as a complaint is."""
    row = {"letter": refused.id, "kind": "refused", "times": 1, "first_at": now, "last_at": now}
    known = (came_back.c.letter == refused.id, came_back.c.kind == "refused")
    if not connection.execute(update(came_back).where(*known).values(last_at=now)).rowcount:
        connection.execute(insert(came_back).values(row))
    consider(connection, refused, now)


def consider(connection: Connection, about: Letter, now: datetime) -> bool:
    """Pause the programme of this letter, if there is reason to; whether it is paused by this."""
    where = connection.execute(
        select(programme)
        .join(introduction, introduction.c.programme == programme.c.id)
        .where(introduction.c.id == about.introduction)
    ).one_or_none()
    if where is None or where.letters_paused_at:
        return False
    since = max(now - WINDOW, where.letters_resumed_at or now - WINDOW)
    kinds = _came_back(connection, where.id, since)
    bad, taken = sum(kinds.values()), _taken(connection, where.id, since)
    if not are_too_many(bad, taken):
        return False
    cause: Cause = "complaints" if kinds.get("complaint", 0) * 2 > bad else "refusals"
    _set(connection, where.id, letters_paused_at=now, letters_paused_for=cause)
    return True


def are_too_many(bad: int, taken: int) -> bool:
    return bad >= AT_LEAST and bad >= RATE * (taken + bad)


def resume(connection: Connection, programme_id: str, now: datetime) -> bool:
    """An operator has looked: its letters leave again, and counting begins anew."""
    paused = (programme.c.id == programme_id, programme.c.letters_paused_at.is_not(None))
    values = {"letters_paused_at": None, "letters_paused_for": None, "letters_resumed_at": now}
    if not connection.execute(update(programme).where(*paused).values(values)).rowcount:
        return False
    theirs = select(introduction.c.id).where(introduction.c.programme == programme_id)
    connection.execute(
        update(letter)
        .where(letter.c.state == "planned", letter.c.introduction.in_(theirs), letter.c.not_before <= now)
        .values(next_try_at=now)
    )
    return True


def _came_back(connection: Connection, programme_id: str, since: datetime) -> dict[str, int]:
    rows = connection.execute(
        select(came_back.c.kind, func.count().label("many"))
        .join(letter, letter.c.id == came_back.c.letter)
        .join(introduction, introduction.c.id == letter.c.introduction)
        .where(
            introduction.c.programme == programme_id,
            came_back.c.last_at > since,
            or_(came_back.c.kind == "complaint", came_back.c.kind == "refused"),
        )
        .group_by(came_back.c.kind)
    )
    return {row.kind: row.many for row in rows}


def _taken(connection: Connection, programme_id: str, since: datetime) -> int:
    return connection.execute(
        select(func.count())
        .select_from(letter)
        .join(introduction, introduction.c.id == letter.c.introduction)
        .where(introduction.c.programme == programme_id, letter.c.state == "accepted", letter.c.settled_at > since)
    ).scalar_one()


def _set(connection: Connection, programme_id: str, **values: object) -> None:
    connection.execute(update(programme).where(programme.c.id == programme_id).values(values))
