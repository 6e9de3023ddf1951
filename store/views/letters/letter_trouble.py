"""Letters in trouble. What failed, what nobody can tell of, what came back, and what holds them up."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select

from models.base import Frozen
from models.ids import IntroductionId, LetterId, PersonId, ProgrammeId
from store.journal.disclosure_columns import is_kept_back
from store.letters import returned_mail
from store.letters.returned_mail import CameBack
from store.people.conflict_of_interest import not_about
from store.tables import came_back, introduction, letter, person, programme
from store.views.introductions import read_whole

LOOKED_BACK = timedelta(days=30)
SHOWN = 200


class Paused(Frozen):
    """A programme that writes to nobody until an operator has looked."""

    programme: ProgrammeId
    name: str
    since: datetime
    cause: str


class Troubled(Frozen):
    """One letter that did not simply arrive."""

    id: LetterId
    introduction: IntroductionId
    programme: ProgrammeId
    kind: str
    name: str
    state: str
    said: str | None
    at: datetime
    came_back: tuple[CameBack, ...]


class Trouble(Frozen):
    paused: tuple[Paused, ...]
    letters: tuple[Troubled, ...]
    relay_away_since: datetime | None


def trouble(
    connection: Connection, programmes: tuple[str, ...], now: datetime, apart_from: tuple[PersonId, ...] = ()
) -> Trouble:
    """What an operator of these programmes should look at, the newest first; nothing of what is their own."""
    return Trouble(
        paused=_paused(connection, programmes),
        letters=_letters(connection, programmes, now, apart_from),
        relay_away_since=_relay_away_since(connection, programmes, now),
    )


def _relay_away_since(connection: Connection, programmes: tuple[str, ...], now: datetime) -> datetime | None:
    """By the letters that wait for it. One that a no has stopped would wait on, until another has left (S41)."""
    later = letter.alias("later")
    has_left_since = exists().where(later.c.state == "accepted", later.c.settled_at > letter.c.settled_at)
    kept_back = select(introduction.c.id).where(is_kept_back(now))
    would_wait = and_(letter.c.state == "dropped", letter.c.introduction.in_(kept_back), ~has_left_since)
    waits = (letter.c.waits_since.is_not(None), or_(letter.c.state == "planned", would_wait))
    query = select(func.min(letter.c.waits_since)).where(*waits, _of(programmes))
    since: datetime | None = connection.execute(query).scalar_one()
    return since


def _paused(connection: Connection, programmes: tuple[str, ...]) -> tuple[Paused, ...]:
    rows = connection.execute(
        select(programme)
        .where(programme.c.id.in_(programmes), programme.c.letters_paused_at.is_not(None))
        .order_by(programme.c.name)
    )
    return tuple(
        Paused(programme=row.id, name=row.name, since=row.letters_paused_at, cause=row.letters_paused_for)
        for row in rows
    )


def _letters(
    connection: Connection, programmes: tuple[str, ...], now: datetime, apart_from: tuple[PersonId, ...]
) -> tuple[Troubled, ...]:
    others = letter.c.introduction.in_(select(introduction.c.id).where(not_about(apart_from)))
    returned = select(came_back.c.letter).where(came_back.c.last_at > now - LOOKED_BACK)
    rows = connection.execute(
        select(letter, person.c.name.label("to"), introduction.c.programme)
        .join(person, person.c.id == letter.c.person)
        .join(introduction, introduction.c.id == letter.c.introduction)
        .where(
            _of(programmes),
            others,
            letter.c.not_before > now - LOOKED_BACK,
            or_(letter.c.state.in_(("failed", "unknown")), letter.c.id.in_(returned)),
        )
        .order_by(func.coalesce(letter.c.settled_at, letter.c.not_before).desc(), letter.c.id)
        .limit(SHOWN)
    ).all()
    veiled = _veiled(connection, {row.introduction for row in rows}, now)
    rows = [row for row in rows if row.introduction not in veiled or _is_known(connection, row, now)]
    came = returned_mail.of_letters(connection, [row.id for row in rows])
    return tuple(
        Troubled(
            id=row.id,
            introduction=row.introduction,
            programme=row.programme,
            kind=row.kind,
            name=row.to,
            state=row.state,
            said=row.relay_said,
            at=row.settled_at or row.not_before,
            came_back=came.get(row.id, ()),
        )
        for row in rows
    )


def _veiled(connection: Connection, introductions: set[str], now: datetime) -> set[str]:
    query = select(introduction.c.id).where(introduction.c.id.in_(introductions), is_kept_back(now))
    return set(connection.execute(query).scalars())


def _is_known(connection: Connection, row: Row[Any], now: datetime) -> bool:
    """Not what was written behind something that staff do not know yet: that there is such a letter would tell them."""
    found = read_whole(connection, row.introduction, now)
    if found is None or found.known.kept_from is None or row.step < found.known.kept_from:
        return True
    news = ((entry.event, getattr(entry.event, "news", None)) for entry in found.known.entries)
    return any(getattr(one, "kind", "") == "resent" and getattr(event, "step", 0) == row.step for event, one in news)


def _of(programmes: tuple[str, ...]) -> ColumnElement[bool]:
    return letter.c.introduction.in_(select(introduction.c.id).where(introduction.c.programme.in_(programmes)))
