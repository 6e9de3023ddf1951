"""Drafts of requests. One draft for each person and programme, kept until it is sent or too old."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.ids import PersonId, ProgrammeId
from store.tables import draft

KEPT_FOR = timedelta(days=30)


def save_draft(
    connection: Connection, programme: ProgrammeId, person: PersonId, body: dict[str, object], now: datetime
) -> None:
    """The newest state of it; saved again and again while somebody writes. Whoever saves sweeps out the old ones."""
    _forget_old(connection, now)
    changed = update(draft).where(*_row(programme, person)).values(body=body, at=now)
    if connection.execute(changed).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(draft).values(programme=programme, person=person, body=body, at=now))
    except IntegrityError:  # saved from another window at this very moment
        connection.execute(changed)


def draft_of(connection: Connection, programme: ProgrammeId, person: PersonId, now: datetime) -> dict[str, object]:
    kept = select(draft.c.body).where(*_row(programme, person), draft.c.at > now - KEPT_FOR)
    return dict(connection.execute(kept).scalar_one_or_none() or {})


def drop_draft(connection: Connection, programme: ProgrammeId, person: PersonId) -> None:
    connection.execute(delete(draft).where(*_row(programme, person)))


def _forget_old(connection: Connection, now: datetime) -> None:
    """Nobody sent these in time."""
    connection.execute(delete(draft).where(draft.c.at <= now - KEPT_FOR))


def _row(programme: ProgrammeId, person: PersonId) -> tuple[ColumnElement[bool], ...]:
    return draft.c.programme == programme, draft.c.person == person
