"""Introductions as a key sees them. Their own programme's introductions, seen as its requester."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, or_, select

from models.asks import AskKind
from models.base import Frozen
from models.ids import IntroductionId, PersonId, ProgrammeId
from models.introduction import MadeBy
from models.progress import Facts, Progress
from store.request_words import TYPED, NameAsTyped
from store.tables import ask, introduction, membership, request, words


class Seen(Frozen):
    """One introduction, as its requester may know it. At most one of `target`, `named` and `need` is there."""

    id: IntroductionId
    requester: PersonId
    made_by: MadeBy
    target: PersonId | None
    named: NameAsTyped | None
    need: str | None
    version: int  # of the request
    track: str  # as it was chosen
    facts: Facts


class Wanted(Frozen):
    """Which ones a list is to hold; `after` is the last one of the page before."""

    stage: Progress | None = None
    requester: PersonId | None = None
    updated_after: datetime | None = None
    after: tuple[datetime, IntroductionId] | None = None
    limit: int = 20


def seen(connection: Connection, programme: ProgrammeId, introduction_id: IntroductionId) -> Seen | None:
    """One of this programme's. Another programme's is not there at all."""
    found = _all(connection, _rows(programme).where(introduction.c.id == introduction_id))
    return found[0] if found else None


def seen_page(connection: Connection, programme: ProgrammeId, wanted: Wanted) -> tuple[Seen, ...]:
    """The newest first; one more than asked for tells that there is a next page."""
    query = _rows(programme).order_by(introduction.c.asked_at.desc(), introduction.c.id.desc())
    return _all(connection, query.where(*_conditions(wanted)).limit(wanted.limit + 1))


def _rows(programme: ProgrammeId) -> Select[Any]:
    listed = exists().where(
        membership.c.person == introduction.c.target,
        membership.c.programme == introduction.c.programme,
        membership.c.listed,
    )
    return (
        select(introduction, request.c.need, listed.label("listed"))
        .outerjoin(request, and_(request.c.introduction == introduction.c.id, request.c.version == 1))
        .where(introduction.c.programme == programme)
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.stage:
        found.append(_is_at(wanted.stage))
    if wanted.requester:
        found.append(introduction.c.requester == wanted.requester)
    if wanted.updated_after:
        found.append(_has_moved_since(wanted.updated_after))
    if wanted.after:
        asked_at, last = wanted.after
        same_instant = and_(introduction.c.asked_at == asked_at, introduction.c.id < last)
        found.append(or_(introduction.c.asked_at < asked_at, same_instant))
    return found


def _is_at(stage: Progress) -> ColumnElement[bool]:
    delivered, closed = introduction.c.delivered_at.is_not(None), introduction.c.closed_at.is_not(None)
    match stage:
        case Progress.INTRODUCED:
            return and_(delivered, ~closed)
        case Progress.CLOSED:
            return or_(closed, and_(~delivered, introduction.c.told))
        case _:
            return and_(~delivered, ~closed, ~introduction.c.told)


def _has_moved_since(instant: datetime) -> ColumnElement[bool]:
    """Any of its events is later: the same as models.progress says of one row, in SQL."""
    row, delivered = introduction.c, introduction.c.delivered_at.is_not(None)
    told = and_(row.told, row.promised_at > instant, or_(row.closed_at.is_(None), row.closed_at > instant))
    confirmed = exists().where(ask.c.introduction == row.id, ask.c.kind == AskKind.CONFIRM, ask.c.answered_at > instant)
    return or_(
        row.asked_at > instant,
        row.delivered_at > instant,
        and_(delivered | ~row.told, row.closed_at > instant),
        and_(~delivered, told),
        confirmed,
    )


def _all(connection: Connection, query: Select[Any]) -> tuple[Seen, ...]:
    rows = connection.execute(query).all()
    ids = [row.id for row in rows]
    texts, confirmed = _texts(connection, ids), _confirmed(connection, ids)
    return tuple(_seen(row, texts.get(row.id, {}), confirmed.get(row.id)) for row in rows)


def _texts(connection: Connection, ids: list[str]) -> dict[str, dict[str, str]]:
    """What the requester called the one they want to meet, or what they need."""
    found: dict[str, dict[str, str]] = {}
    query = select(words.c.introduction, words.c.kind, words.c.body)
    for row in connection.execute(query.where(words.c.introduction.in_(ids), words.c.kind.in_([TYPED, "need"]))):
        found.setdefault(row.introduction, {})[row.kind] = row.body
    return found


def _confirmed(connection: Connection, ids: list[str]) -> dict[str, datetime]:
    query = select(ask.c.introduction, ask.c.answered_at, ask.c.answer).where(
        ask.c.introduction.in_(ids), ask.c.kind == AskKind.CONFIRM, ask.c.answered_at.is_not(None)
    )
    return {
        row.introduction: row.answered_at
        for row in connection.execute(query.order_by(ask.c.number))
        if (row.answer or {}).get("kind") == "request_confirmed"
    }


def _seen(row: Row[Any], texts: dict[str, str], confirmed_at: datetime | None) -> Seen:
    typed = NameAsTyped.read(texts[TYPED]) if TYPED in texts else None
    chosen = row.listed and not typed and row.need is None
    return Seen(
        id=row.id,
        requester=row.requester,
        made_by=row.made_by,
        target=row.target if chosen else None,
        named=typed,
        need=texts.get("need"),
        version=row.version,
        track=row.opening.get("track", ""),
        facts=Facts(
            asked_at=row.asked_at,
            promised_at=row.promised_at,
            confirmed_at=confirmed_at,
            delivered_at=row.delivered_at,
            told=row.told,
            closed_at=row.closed_at,
        ),
    )
