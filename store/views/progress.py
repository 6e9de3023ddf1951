"""What a key reads of its own programme's introductions: the columns that say what their requesters may know."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, or_, select

from models.base import Frozen
from models.ids import IntroductionId, PersonId, ProgrammeId
from models.process.state.opening import MadeBy
from models.record.disclosure import Instants, Known, Progress, once_heard, updated_at
from store.journal.disclosure_columns import known_of
from store.journal.inbox import how_many_wait
from store.journal.state import AsSaid, unheard_of_requesters
from store.requests.words import TYPED, NameAsTyped
from store.tables import inbox, introduction, membership, request, words


class Seen(Instants):
    """One introduction, as its requester may know it. At most one of `target`, `named` and `need` is there."""

    id: IntroductionId
    requester: PersonId
    made_by: MadeBy
    target: PersonId | None
    named: NameAsTyped | None
    need: str | None
    version: int  # of the request
    changes: int = 0  # handed in, and not heard yet
    track: str  # as it was chosen
    promised_at: datetime


class Wanted(Frozen):
    """Which ones a list is to hold; `after` is the last one of the page before."""

    stage: Progress | None = None
    requester: PersonId | None = None
    updated_after: datetime | None = None
    after: tuple[datetime, IntroductionId] | None = None
    limit: int = 20


def seen(
    connection: Connection, programme: ProgrammeId, introduction_id: IntroductionId, now: datetime | None = None
) -> Seen | None:
    """One of this programme's. Another programme's is not there at all.

    With `now`, as its requester and programs have said it, be it heard yet or not.
    """
    found = _all(connection, _ONE, {"where": programme, "this": introduction_id}, now)
    if not found:
        return None
    return found[0].model_copy(update={"changes": how_many_wait(connection, introduction_id, ["edited"])})


def seen_page(connection: Connection, programme: ProgrammeId, wanted: Wanted, now: datetime) -> tuple[Seen, ...]:
    """The newest first, found as they are shown: as they have been said. One more than asked for tells that there is a
    next page."""
    found: list[Seen] = []
    while len(found) <= wanted.limit:
        query = _NEWEST_FIRST.where(*_conditions(wanted)).limit(wanted.limit + 1)
        rows = _all(connection, query, {"where": programme}, now)
        found += [each for each in rows if _is_wanted(each, wanted)]
        if len(rows) <= wanted.limit:
            break
        wanted = wanted.model_copy(update={"after": (rows[-1].asked_at, rows[-1].id)})
    return tuple(found[: wanted.limit + 1])


def _is_wanted(one: Seen, wanted: Wanted) -> bool:
    is_of_stage = wanted.stage is None or one.requester_progress == wanted.stage
    return is_of_stage and (wanted.updated_after is None or updated_at(one) > wanted.updated_after)


def _rows() -> Select[Any]:
    listed = exists().where(
        membership.c.person == introduction.c.target,
        membership.c.programme == introduction.c.programme,
        membership.c.listed,
        membership.c.uninvited_since.is_(None),
    )
    return (
        select(introduction, request.c.need, listed.label("listed"))
        .outerjoin(request, and_(request.c.introduction == introduction.c.id, request.c.version == 1))
        .where(introduction.c.programme == bindparam("where"))
    )


# What was said of these and nobody has heard may have moved them on: whether it has is told of each row.
_HAS_UNHEARD = introduction.c.id.in_(select(inbox.c.introduction).where(inbox.c.state == "waiting"))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.stage:
        found.append(or_(introduction.c.requester_progress == wanted.stage, _HAS_UNHEARD))
    if wanted.requester:
        found.append(introduction.c.requester == wanted.requester)
    if wanted.updated_after:
        found.append(or_(_has_moved_since(wanted.updated_after), _HAS_UNHEARD))
    if wanted.after:
        asked_at, last = wanted.after
        same_instant = and_(introduction.c.asked_at == asked_at, introduction.c.id < last)
        found.append(or_(introduction.c.asked_at < asked_at, same_instant))
    return found


def _has_moved_since(instant: datetime) -> ColumnElement[bool]:
    """Anything that its requester knows of is later."""
    known = (
        introduction.c.asked_at,
        introduction.c.confirmed_at,
        introduction.c.told_at,
        introduction.c.afresh_at,
        introduction.c.requester_since,
    )
    return or_(*(column > instant for column in known))


def _all(connection: Connection, query: Select[Any], told: dict[str, Any], now: datetime | None) -> tuple[Seen, ...]:
    rows = connection.execute(query, told).all()
    ids = [row.id for row in rows]
    texts = _texts(connection, ids)
    unheard = unheard_of_requesters(connection, ids, now) if now else {}
    return tuple(_seen(row, texts.get(row.id, {}), _known(row, unheard.get(row.id))) for row in rows)


def _known(row: Row[Any], said: AsSaid | None) -> Known:
    return once_heard(known_of(row), said.unheard if said else (), row.promised_at)


def _texts(connection: Connection, ids: list[str]) -> dict[str, dict[str, str]]:
    """What the requester called the one they want to meet, or what they need."""
    found: dict[str, dict[str, str]] = {}
    for row in connection.execute(_TEXTS, {"ids": ids}):
        found.setdefault(row.introduction, {})[row.kind] = row.body
    return found


def _seen(row: Row[Any], texts: dict[str, str], known: Known) -> Seen:
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
        asked_at=row.asked_at,
        promised_at=row.promised_at,
        confirmed_at=known.confirmed_at,
        told_at=known.told_at,
        afresh_at=known.afresh_at,
        requester_progress=known.requester_progress,
        requester_since=known.requester_since,
    )


# Built once: building a statement costs more than running it, and programs read often.
_ONE = _rows().where(introduction.c.id == bindparam("this"))
_NEWEST_FIRST = _rows().order_by(introduction.c.asked_at.desc(), introduction.c.id.desc())
_TEXTS = select(words.c.introduction, words.c.kind, words.c.body).where(
    words.c.introduction.in_(bindparam("ids", expanding=True)), words.c.kind.in_([TYPED, "need"])
)
