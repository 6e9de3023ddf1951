"""Introductions as their ledger tells them, so that a page can ask the core what may be done now."""

from sqlalchemy import Connection, select

from models.ids import IntroductionId
from models.process.introduction import Introduction, Opening
from models.process.late_reports import heard
from models.process.verdict import Step
from models.record.fold import retold
from store.journal.inbox import NEWS
from store.journal.ledger import entries
from store.tables import inbox, introduction


def as_told(connection: Connection, introduction_id: IntroductionId) -> Introduction | None:
    """Where it stands; None where it has not begun, or is told by rules we no longer know."""
    query = select(introduction.c.opening).where(introduction.c.id == introduction_id)
    opening = connection.execute(query).scalar_one_or_none()
    return retold(Opening.model_validate(opening), entries(connection, introduction_id)) if opening else None


def as_said(connection: Connection, introduction_id: IntroductionId) -> Introduction | None:
    """Where it will stand once all is heard that people have sent us: what they have said to us, they have said."""
    told = as_told(connection, introduction_id)
    if told is None:
        return None
    waiting = (inbox.c.introduction == introduction_id, inbox.c.state == "waiting")
    rows = connection.execute(select(inbox.c.news, inbox.c.at).where(*waiting).order_by(inbox.c.at, inbox.c.key))
    for row in rows:
        verdict = heard(told, NEWS.validate_python(row.news), row.at)
        told = verdict.after if isinstance(verdict, Step) else told
    return told
