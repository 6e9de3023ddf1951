"""Letters that are held after a restore, as staff may know of them, for whoever says go. Ids and kinds only.

A no drops the letters of its question at once, so that fewer wait. Where it is kept back, what would wait without it is
told as held still; and a letter that asks again is never told of, since a no would have stopped it (S41).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, or_, select

from models.base import Frozen
from models.ids import IntroductionId, LetterId, PersonId
from store.installation import age, facts
from store.installation.age import HoldCause
from store.installation.facts import Fact, FactName
from store.journal.disclosure_columns import is_kept_back
from store.people.conflict_of_interest import not_about
from store.tables import introduction, letter
from store.views.introductions import read_whole

SHOWN = 500
_EARLIER = letter.alias("earlier")
_ASKS_AGAIN = or_(
    letter.c.reminder,
    exists().where(
        _EARLIER.c.introduction == letter.c.introduction,
        _EARLIER.c.ask == letter.c.ask,
        _EARLIER.c.step < letter.c.step,
    ),
)


class HeldLetter(Frozen):
    id: LetterId
    introduction: IntroductionId | None
    kind: str
    due: datetime
    may_have_left: bool


class HeldLetters(Frozen):
    """What would leave once an operator says go."""

    since: datetime
    why: HoldCause
    due: int  # and never sent, as far as anybody can know
    may_have_left: int  # planned before, and due meanwhile: the relay is asked, or an operator sees them
    letters: tuple[HeldLetter, ...]  # the oldest first


def held(
    connection: Connection,
    now: datetime,
    programmes: tuple[str, ...] | None = None,
    apart_from: tuple[PersonId, ...] = (),
) -> HeldLetters | None:
    """None where nothing is held. Without programmes: those of all, and sign-in links."""
    since = age.held(connection)
    if since is None:
        return None
    among = _among(programmes, apart_from)
    plain = (*among, letter.c.state == "planned", ~exists(_kept_back(now)))
    many, maybe = connection.execute(_query(now, func.count(), func.count(letter.c.may_have_left)).where(*plain)).one()
    kept = list(_as_if_open(connection, since, now, among))
    found = [_line(row, row.may_have_left) for row in connection.execute(_lines(now).where(*plain).limit(SHOWN))]
    maybe += sum(each.may_have_left for each in kept)
    listed = sorted((*found, *kept), key=lambda each: (each.due, each.id))[:SHOWN]
    due = many + len(kept) - maybe
    why = cast(HoldCause, since.value)
    return HeldLetters(since=since.at, why=why, due=due, may_have_left=maybe, letters=tuple(listed))


def _as_if_open(
    connection: Connection, since: Fact, now: datetime, among: tuple[ColumnElement[bool], ...]
) -> Iterator[HeldLetter]:
    """Of what is kept back: the letters that would be held if nobody had said no."""
    mark = facts.get(connection, FactName.MARK)
    of_it: dict[IntroductionId, list[Row[Any]]] = {}
    query = _lines(now).where(*among, letter.c.state.in_(("planned", "dropped")), exists(_kept_back(now)))
    for row in connection.execute(query):
        of_it.setdefault(row.introduction, []).append(row)
    for introduction_id, rows in of_it.items():
        whole = read_whole(connection, introduction_id, now)
        known = whole.known if whole else None
        if known is None or known.introduction is None:
            yield from (_line(row, row.may_have_left) for row in rows if row.state == "planned")
            continue
        waiting = {ask.number for ask in known.introduction.open_asks()}
        for row in rows:
            before = known.kept_from is None or row.step < known.kept_from
            if row.ask is None and before and row.state == "planned":
                yield _line(row, row.may_have_left)
            elif before and row.ask in waiting and (row.state == "planned" or _would_wait(row, since, mark)):
                yield _line(row, row.may_have_left or row.not_before <= since.at)


def _would_wait(row: Row[Any], since: Fact, mark: Fact | None) -> bool:
    """Dropped by a no: whether it would have left before letters were held."""
    had_to_wait = mark is None or row.not_before > mark.at or row.waits_since is not None
    return had_to_wait or row.settled_at > since.at


def _lines(now: datetime) -> Select[Any]:
    return _query(now, letter).order_by(letter.c.not_before, letter.c.id)


def _query(now: datetime, *columns: Any) -> Select[Any]:
    return select(*columns).select_from(letter).where(letter.c.not_before <= now, ~_ASKS_AGAIN)


def _kept_back(now: datetime) -> Select[Any]:
    return select(introduction.c.id).where(introduction.c.id == letter.c.introduction, is_kept_back(now))


def _among(programmes: tuple[str, ...] | None, apart_from: tuple[PersonId, ...]) -> tuple[ColumnElement[bool], ...]:
    if programmes is None:
        return ()
    theirs = select(introduction.c.id).where(introduction.c.programme.in_(programmes), not_about(apart_from))
    return (letter.c.introduction.in_(theirs),)


def _line(row: Row[Any], may_have_left: datetime | bool | None) -> HeldLetter:
    return HeldLetter(
        id=row.id,
        introduction=row.introduction,
        kind=row.kind,
        due=row.not_before,
        may_have_left=bool(may_have_left),
    )
