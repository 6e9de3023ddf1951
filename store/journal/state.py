"""Introductions as their ledger tells them, so that a page can ask the core what may be done now."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from models.ids import InboxKey, IntroductionId
from models.process.introduction import Introduction, Opening
from models.process.late_reports import heard
from models.process.verdict import Reason, Step
from models.record.fold import retold
from store.journal.inbox import news_of
from store.journal.ledger import entries
from store.tables import inbox, introduction


def as_told(connection: Connection, introduction_id: IntroductionId) -> Introduction | None:
    """Where it stands; None where it has not begun, or is told by rules we no longer know."""
    query = select(introduction.c.opening).where(introduction.c.id == introduction_id)
    opening = connection.execute(query).scalar_one_or_none()
    return retold(Opening.read_back(opening), entries(connection, introduction_id)) if opening else None


class AsSaid(NamedTuple):
    """An introduction once all is heard that people have sent us."""

    introduction: Introduction | None  # None: not begun, or told by rules we no longer know
    overruled: frozenset[InboxKey] = frozenset()  # waiting still, and against what was said before: it will be refused


def as_said(connection: Connection, told: Introduction | None) -> AsSaid:
    """Where it will stand once all is heard that people have sent us: what they have said to us, they have said."""
    if told is None:
        return AsSaid(None)
    overruled = set()
    waiting = (inbox.c.introduction == told.id, inbox.c.state == "waiting")
    query = select(inbox.c.key, inbox.c.news, inbox.c.at).where(*waiting).order_by(inbox.c.at, inbox.c.key)
    for row in connection.execute(query):
        verdict = heard(told, news_of(row.news), row.at)
        if isinstance(verdict, Step):
            told = verdict.after
        elif verdict.reason != Reason.BUSY:  # for a second: it is heard after that
            overruled.add(row.key)
    return AsSaid(told, frozenset(overruled))
