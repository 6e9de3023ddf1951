"""Introductions as their ledger tells them, so that a page can ask the core what may be done now."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, select

from models.ids import InboxKey, IntroductionId, PersonId
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.story import begin, heard
from models.process.verdict import Step
from models.record.retelling import retold
from store.journal.inbox import news_of
from store.journal.ledger import entries_of
from store.tables import inbox, introduction

ItCounts = Callable[[Introduction, Row[Any]], bool]  # whether what waits in the inbox counts for whoever asks


# Built once: building a statement costs more than running it, and most pages run these.
_THESE: BindParameter[str] = bindparam("these", expanding=True)
_WAITING: Select[Any] = (
    select(inbox.c.introduction, inbox.c.key, inbox.c.person, inbox.c.via, inbox.c.news, inbox.c.at, inbox.c.held_until)
    .where(inbox.c.introduction.in_(_THESE), inbox.c.state == "waiting")
    .order_by(inbox.c.at, inbox.c.key)
)
_OPENINGS = select(introduction.c.id, introduction.c.opening, introduction.c.step).where(introduction.c.id.in_(_THESE))


class AsSaid(NamedTuple):
    """An introduction once all is heard that people have sent us."""

    introduction: Introduction | None  # None: not begun, or told by rules we no longer know
    unheard: tuple[tuple[Step, datetime], ...] = ()  # what follows from what nobody has heard yet, and when it was said
    overruled: frozenset[InboxKey] = frozenset()  # waiting still, and against what was said before: it will be refused


def as_said(connection: Connection, told: Introduction | None, reader: PersonId, now: datetime) -> AsSaid:
    """Where it will stand once all is heard that people have sent us: what they have said to us, they have said.

    What others may still take back before anybody hears it is known to no `reader`.
    """
    return _reader_said(connection, {told.id: told}, reader, now)[told.id] if told else AsSaid(None)


def as_reader_said(
    connection: Connection, introductions: Collection[IntroductionId], reader: PersonId, now: datetime
) -> dict[IntroductionId, AsSaid]:
    """Each of them, as the page of one of its questions shows it to `reader`; see `as_said`."""
    return _reader_said(connection, _as_begun(connection, introductions, now), reader, now)


def unheard_of(connection: Connection, reader: PersonId, now: datetime) -> dict[IntroductionId, AsSaid]:
    """Those about which `reader` has said something that nobody has heard yet. Mostly there are none."""
    waiting = (inbox.c.person == reader, inbox.c.state == "waiting")
    about = connection.execute(select(inbox.c.introduction).where(*waiting).distinct()).scalars()
    return as_reader_said(connection, list(about), reader, now)


def as_people_said(
    connection: Connection, introductions: Collection[IntroductionId], now: datetime
) -> dict[IntroductionId, Introduction]:
    """Each of them, once all is heard that people have sent us and can no longer take back unheard."""
    return _introductions(_heard(connection, _as_begun(connection, introductions, now), partial(_by_anybody, now)))


def as_requesters_said(
    connection: Connection, introductions: Collection[IntroductionId], now: datetime
) -> dict[IntroductionId, Introduction]:
    """Each, once all is heard that its requester, programs and staff have sent us: of what others said they know
    nothing."""
    return _introductions(_requesters_said(connection, introductions, now))


def unheard_of_requesters(
    connection: Connection, introductions: Collection[IntroductionId], now: datetime
) -> dict[IntroductionId, AsSaid]:
    """Those of them about which anything waits to be heard, as `as_requesters_said` tells them; mostly none."""
    waiting = (inbox.c.introduction.in_(sorted(introductions)), inbox.c.state == "waiting")
    about = connection.execute(select(inbox.c.introduction).where(*waiting).distinct()).scalars()
    return _requesters_said(connection, list(about), now)


def as_staff_said(connection: Connection, known: Introduction | None) -> Introduction | None:
    """Once all is heard that staff and programs have sent us, on top of what staff may know."""
    return _heard(connection, {known.id: known}, _by_staff)[known.id].introduction if known else None


def _as_begun(
    connection: Connection, introductions: Collection[IntroductionId], now: datetime
) -> dict[IntroductionId, Introduction]:
    """Where each stands; taken at the door and not begun, where its first step will bring it. Those told by rules we no
    longer know are left out. However many there are, they are read with two statements."""
    wanted = sorted(set(introductions))
    if not wanted:
        return {}
    rows = connection.execute(_OPENINGS, {"these": wanted}).all()
    ledgers = entries_of(connection, [row.id for row in rows])
    openings = {row.id: Opening.read_back(row.opening) for row in rows}
    stand = {
        row.id: retold(openings[row.id], ledgers[row.id]) if row.step else begin(openings[row.id], now).after
        for row in rows
    }
    return {each: where for each, where in stand.items() if where is not None}


def _heard(
    connection: Connection, stand: Mapping[IntroductionId, Introduction], counts: ItCounts
) -> dict[IntroductionId, AsSaid]:
    """All of them, after what waits in the inbox and `counts`, each in the order in which it was said."""
    found = {each: AsSaid(where) for each, where in stand.items()}
    if not found:
        return found
    rows: Iterable[Row[Any]] = connection.execute(_WAITING, {"these": sorted(found)})
    for row in rows:
        told, unheard, overruled = found[row.introduction]
        assert told
        if not counts(told, row):
            continue
        verdict = heard(told, news_of(row.news), max(row.at, row.held_until or row.at), in_time=True)
        if isinstance(verdict, Step):
            found[row.introduction] = AsSaid(verdict.after, (*unheard, (verdict, row.at)), overruled)
        elif verdict.stands:
            found[row.introduction] = AsSaid(told, unheard, overruled | {row.key})
    return found


def _reader_said(
    connection: Connection, stand: Mapping[IntroductionId, Introduction], reader: PersonId, now: datetime
) -> dict[IntroductionId, AsSaid]:
    return _heard(connection, stand, partial(_by_anybody_or, reader, now))


def _requesters_said(
    connection: Connection, introductions: Collection[IntroductionId], now: datetime
) -> dict[IntroductionId, AsSaid]:
    return _heard(connection, _as_begun(connection, introductions, now), partial(_by_requester_or_staff, now))


def _introductions(said: Mapping[IntroductionId, AsSaid]) -> dict[IntroductionId, Introduction]:
    return {each: where.introduction for each, where in said.items() if where.introduction}


def _by_anybody(now: datetime, _: Introduction, row: Row[Any]) -> bool:
    """Also what nobody has heard yet, though it can be taken back no longer: Temporal is away."""
    return row.held_until is None or bool(row.held_until <= now)


def _by_anybody_or(reader: PersonId, now: datetime, told: Introduction, row: Row[Any]) -> bool:
    return row.person == reader or _by_anybody(now, told, row)


def _by_requester_or_staff(now: datetime, told: Introduction, row: Row[Any]) -> bool:
    return (row.person == told.requester.id and _by_anybody(now, told, row)) or _by_staff(told, row)


def _by_staff(_: Introduction, row: Row[Any]) -> bool:
    return row.via in ("key", "console")
