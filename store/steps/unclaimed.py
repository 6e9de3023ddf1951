"""Unclaimed work. Introductions that no workflow has taken up, and news that nobody has heard."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select, update

from models.ids import InboxKey, IntroductionId
from models.news import KINDS, Envelope
from models.process.introduction import Opening
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.steps.step_recorder import heard_at
from store.tables import inbox as inbox_table
from store.tables import introduction

TAKEN_UP_WITHIN = timedelta(minutes=1)  # started, and still no first step: Temporal may have lost it


def not_begun(connection: Connection, now: datetime, limit: int = 100) -> list[Opening]:
    """Introductions that were taken at the door and have no first step. Starting one again is safe."""
    rows = connection.execute(
        select(introduction.c.opening)
        .where(
            introduction.c.step == 0,
            or_(introduction.c.started_at.is_(None), introduction.c.started_at <= now - TAKEN_UP_WITHIN),
        )
        .order_by(introduction.c.asked_at, introduction.c.id)
        .limit(limit)
    )
    return [Opening.read_back(row.opening) for row in rows]


def unheard(connection: Connection, now: datetime) -> dict[IntroductionId, list[Inboxed]]:
    """News to hand over, each introduction's in the order in which it came.

    Nothing is handed over before what came earlier: an undo that overtook its yes would undo nothing.
    """
    earlier, later = inbox_table.alias("earlier"), inbox_table.alias("later")
    overtaking = set(
        connection.execute(
            select(later.c.key)
            .join(earlier, and_(earlier.c.introduction == later.c.introduction, earlier.c.at < later.c.at))
            .where(
                inbox.unconfirmed(later),
                inbox.unconfirmed(earlier),
                or_(earlier.c.next_try_at > now, earlier.c.kind.not_in(KINDS)),
            )
        ).scalars()
    )
    unheard = [kept for kept in inbox.waiting(connection, now) if kept.key not in overtaking]
    steps = steps_known(connection, {kept.introduction for kept in unheard})
    found: dict[IntroductionId, list[Inboxed]] = {}
    for kept in unheard:
        found.setdefault(kept.introduction, []).append(kept.behind(steps[kept.introduction]))
    return found


def steps_known(connection: Connection, introductions: Collection[IntroductionId]) -> dict[IntroductionId, int]:
    """How many steps the ledger holds of each."""
    this = introduction.c.id.in_(sorted(introductions))
    rows = connection.execute(select(introduction.c.id, introduction.c.step).where(this))
    return {IntroductionId(row.id): row.step for row in rows}


def forgotten(connection: Connection, introduction_id: IntroductionId, known: int) -> Envelope | None:
    """The step after the last one that the workflow knows, to be told again; None where the ledger knows no more."""
    heard = heard_at(connection, introduction_id, known + 1)
    if heard is None or heard.news is None:
        return None
    return Envelope(key=InboxKey(f"{introduction_id}.{known + 1}"), news=heard.news, at=heard.at, after=known)


def mark_started(connection: Connection, introduction_id: IntroductionId, now: datetime) -> None:
    connection.execute(update(introduction).where(introduction.c.id == introduction_id).values(started_at=now))


def is_over(connection: Connection, introduction_id: IntroductionId) -> bool:
    found = select(introduction.c.id).where(introduction.c.id == introduction_id, introduction.c.closed_at.is_not(None))
    return connection.execute(found).first() is not None
