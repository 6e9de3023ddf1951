"""Unclaimed work. Introductions that no workflow has taken up, and news that nobody has heard.

Any number of sweeps claim it side by side: each takes some for a while, and passes over what another has in hand.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, TextClause, not_, or_, select, update

from models.ids import InboxKey, IntroductionId
from models.news import KINDS, Envelope
from models.process.state.opening import Opening
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.steps.step_recorder import heard_at
from store.tables import inbox as inbox_table
from store.tables import introduction
from store.tables.introductions import NOT_BEGUN
from store.tables.letters import UNHEARD

TAKEN_UP_WITHIN = timedelta(minutes=1)  # started, and still no first step: Temporal may have lost it
CLAIM = timedelta(seconds=15)  # handing over takes a few seconds; after this whoever claimed it counts as gone


def is_not_begun(connection: Connection, now: datetime) -> bool:
    """Whether there is any to begin: a look, which holds nobody up."""
    return connection.execute(select(introduction.c.id).where(*_left(now)).limit(1)).first() is not None


def claim_not_begun(connection: Connection, now: datetime, limit: int = 100) -> list[Opening]:
    """Introductions that were taken at the door and have no first step. Starting one again is safe.

    Claimed, they count as started now; whoever cannot start one says so, and it is claimed again.
    """
    some = (
        select(introduction.c.id).where(*_left(now)).order_by(introduction.c.asked_at, introduction.c.id).limit(limit)
    )
    rows = connection.execute(
        update(introduction)
        .where(introduction.c.id.in_(some.with_for_update(skip_locked=True)), *_left(now))
        .values(started_at=now)
        .returning(introduction.c.opening)
    )
    found = [Opening.read_back(row.opening) for row in rows]
    return sorted(found, key=lambda opening: (opening.asked_at, opening.id))


def not_started(connection: Connection, introductions: Collection[IntroductionId], claimed_at: datetime) -> None:
    """Temporal did not take them: they are claimed again, by whoever comes first."""
    these = (introduction.c.id.in_(sorted(introductions)), introduction.c.started_at == claimed_at)
    connection.execute(update(introduction).where(NOT_BEGUN, *these).values(started_at=None))


def is_unheard(connection: Connection, now: datetime) -> bool:
    """Whether there is anything to hand over: a look, which holds nobody up."""
    return connection.execute(_due(now).limit(1)).first() is not None


def claim_unheard(connection: Connection, now: datetime, limit: int = 100) -> dict[IntroductionId, list[Inboxed]]:
    """News to hand over, each introduction's in the order in which it came.

    Nothing is handed over before what came earlier: an undo that overtook its yes would undo nothing. News of a kind
    that only a newer version knows lies here, and what came after it, until one of its kind comes.
    """
    due = _due(now).order_by(inbox_table.c.next_try_at, inbox_table.c.key).limit(limit)
    claimed = {row.introduction for row in connection.execute(due.with_for_update(skip_locked=True))}
    mine = _in_hand(connection, claimed)
    rows = connection.execute(
        select(inbox_table)
        .where(inbox_table.c.introduction.in_(mine), UNHEARD, not_(inbox.is_held(now)))
        .order_by(inbox_table.c.introduction, inbox_table.c.at, inbox_table.c.key)
    )
    ready = list(_ready(rows.all(), now))
    keys = [row.key for row in ready]
    connection.execute(update(inbox_table).where(inbox_table.c.key.in_(keys)).values(next_try_at=now + CLAIM))
    steps = steps_known(connection, mine)
    found: dict[IntroductionId, list[Inboxed]] = {}
    for row in ready:
        kept = inbox.read(row)
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


def _left(now: datetime) -> tuple[TextClause, ColumnElement[bool]]:
    since = introduction.c.started_at
    return NOT_BEGUN, or_(since.is_(None), since <= now - TAKEN_UP_WITHIN)


def _due(now: datetime) -> Select[IntroductionId]:
    return select(inbox_table.c.introduction).where(
        UNHEARD, inbox_table.c.next_try_at <= now, inbox_table.c.kind.in_(KINDS)
    )


def _in_hand(connection: Connection, introductions: Collection[IntroductionId]) -> list[IntroductionId]:
    """Those that no other sweep has at this instant; until this transaction is over none takes them."""
    if connection.dialect.name == "sqlite":  # one writer at a time
        return sorted(introductions)
    these = select(introduction.c.id).where(introduction.c.id.in_(sorted(introductions)))
    return list(connection.execute(these.with_for_update(skip_locked=True, key_share=True)).scalars())


def _ready(rows: Iterable[Row[Any]], now: datetime) -> Iterator[Row[Any]]:
    """Of each introduction what came first, up to what has to wait."""
    for _, said in groupby(rows, key=lambda row: row.introduction):
        yield from takewhile(lambda row: row.next_try_at <= now and row.kind in KINDS, said)
