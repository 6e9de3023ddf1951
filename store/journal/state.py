"""Introductions as their ledger tells them, so that a page can ask the core what may be done now."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, or_, select

from models.ids import InboxKey, IntroductionId
from models.process.introduction import Introduction, Opening
from models.process.late_reports import heard
from models.process.story import begin
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


def as_begun(connection: Connection, introduction_id: IntroductionId, now: datetime) -> Introduction | None:
    """Where it stands; taken at the door and not begun, where its first step will bring it."""
    query = select(introduction.c.opening, introduction.c.step).where(introduction.c.id == introduction_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    opening = Opening.read_back(row.opening)
    return retold(opening, entries(connection, introduction_id)) if row.step else begin(opening, now).after


class AsSaid(NamedTuple):
    """An introduction once all is heard that people have sent us."""

    introduction: Introduction | None  # None: not begun, or told by rules we no longer know
    overruled: frozenset[InboxKey] = frozenset()  # waiting still, and against what was said before: it will be refused


def as_said(connection: Connection, told: Introduction | None, *of: ColumnElement[bool]) -> AsSaid:
    """Where it will stand once all is heard that people have sent us: what they have said to us, they have said.

    `of`: only what was said by these, where whoever asks may know of nobody else's.
    """
    if told is None:
        return AsSaid(None)
    overruled = set()
    waiting = (inbox.c.introduction == told.id, inbox.c.state == "waiting", *of)
    query = select(inbox.c.key, inbox.c.news, inbox.c.at).where(*waiting).order_by(inbox.c.at, inbox.c.key)
    for row in connection.execute(query):
        verdict = heard(told, news_of(row.news), row.at)
        if isinstance(verdict, Step):
            told = verdict.after
        elif verdict.reason != Reason.BUSY:  # for a second: it is heard after that
            overruled.add(row.key)
    return AsSaid(told, frozenset(overruled))


def as_requester_said(connection: Connection, introduction_id: IntroductionId, now: datetime) -> Introduction | None:
    """Once all is heard that the requester, programs and staff have sent us: of what others said they know nothing."""
    stands = as_begun(connection, introduction_id, now)
    theirs = or_(inbox.c.person == stands.requester.id, _by_staff()) if stands else _by_staff()
    return as_said(connection, stands, theirs).introduction


def as_staff_said(connection: Connection, known: Introduction | None) -> Introduction | None:
    """Once all is heard that staff and programs have sent us, on top of what staff may know."""
    return as_said(connection, known, _by_staff()).introduction


def _by_staff() -> ColumnElement[bool]:
    return inbox.c.via.in_(["key", "console"])
