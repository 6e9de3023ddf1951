"""Introductions as lines of a list, what is due first, as staff may know them."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, Integer, Row, Select, bindparam, case, func, select

from models.base import Frozen
from models.ids import IntroductionId, PersonId, ProgrammeId
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.record.ledger import standing
from models.record.staff_knowledge import AsStaffKnow, as_staff_know, due_of
from models.record.staff_reading import StaffEnding, ending_for_staff
from store.journal.disclosure_columns import is_kept_back
from store.journal.ledger import entries
from store.people.conflict_of_interest import not_about
from store.tables import introduction, letter, person, programme, trouble

PAGE = 50
_NOBODY_YET = {"connector": None, "connector_name": None, "approved": False}


class IntroductionFilter(Frozen):
    """Which introductions a list is to hold. Without programmes: those of all."""

    programmes: tuple[str, ...] | None = None
    stage: str | None = None
    with_closed: bool = False
    page: int = 1
    promised: tuple[datetime, datetime] | None = None  # the day on which the requester hears lies between these
    apart_from: tuple[PersonId, ...] = ()  # the records of whoever looks: their own are not for them to run


class DeskReader(NamedTuple):
    """Who reads an introduction at the desk: of these programmes, and never as the target, whose records these are."""

    programmes: tuple[str, ...]
    records: tuple[PersonId, ...] = ()


class ListedIntroduction(Frozen):
    """One introduction as a line of a list."""

    id: IntroductionId
    programme: ProgrammeId
    programme_name: str
    requester: PersonId
    requester_name: str
    target: PersonId | None
    target_name: str | None
    connector: PersonId | None
    connector_name: str | None
    stage: str
    waiting_on: str
    due_at: datetime | None
    asked_at: datetime
    promised_at: datetime
    delivered_at: datetime | None
    closed_at: datetime | None
    approved: bool
    held: bool
    ending: StaffEnding | None
    step: int
    version: int
    unknown_letters: int
    trouble: str | None

    @property
    def needs_operator(self) -> bool:
        """Nobody but an operator can move it on, or say what became of a letter."""
        return self.waiting_on == "operator" or self.unknown_letters > 0 or self.trouble is not None


class UnderWay(NamedTuple):
    """One that is under way for staff: where it stands for them, and whether it is over all the same."""

    id: IntroductionId
    stage: str
    is_over: bool


class ReadWhole(NamedTuple):
    """A line, and what it was told from."""

    line: ListedIntroduction
    opening: Opening
    known: AsStaffKnow


def listed(connection: Connection, wanted: IntroductionFilter, now: datetime) -> tuple[ListedIntroduction, ...]:
    """One page of introductions: what only an operator can move first, then by due time. One more tells of a next."""
    told = _told(wanted, now) | {"beyond": PAGE * (wanted.page - 1)}
    return tuple(_listed(row) for row in connection.execute(_in_turn(*_shape(wanted)), told))


def one(
    connection: Connection, introduction_id: IntroductionId, now: datetime, reader: DeskReader | None = None
) -> ListedIntroduction | None:
    """One of them, at the step that staff have seen."""
    found = read_whole(connection, introduction_id, now, reader)
    return found.line if found else None


def read_whole(
    connection: Connection, introduction_id: IntroductionId, now: datetime, reader: DeskReader | None = None
) -> ReadWhole | None:
    """One of them, read with its ledger. What is not for this reader costs what costs one that is not there."""
    theirs = _is_for(reader) if reader else ()
    found = connection.execute(_ONE.where(*theirs), {"this": introduction_id, "now": now}).one_or_none()
    if found is None:
        return None
    opening = Opening.read_back(found.opening)
    known = as_staff_know(opening, entries(connection, introduction_id), now)
    return ReadWhole(_as_known(_listed(found), known), opening, known)


def is_for(connection: Connection, introduction_id: IntroductionId, reader: DeskReader) -> bool:
    """Whether this reader may work on it, told without reading it."""
    query = select(introduction.c.id).where(introduction.c.id == introduction_id, *_is_for(reader))
    return connection.execute(query).first() is not None


def _is_for(reader: DeskReader) -> tuple[ColumnElement[bool], ...]:
    target = introduction.c.target
    return introduction.c.programme.in_(reader.programmes), target.is_(None) | target.not_in(reader.records)


def _as_known(line: ListedIntroduction, known: AsStaffKnow) -> ListedIntroduction:
    """While something is kept back, it stands where it would stand without."""
    if known.introduction is None:
        return line
    where = standing(known.introduction)
    update: dict[str, object] = {"step": known.step, "due_at": due_of(known.introduction)}
    if known.until is None:
        return line.model_copy(update=update)
    update |= {"stage": where.stage, "waiting_on": where.waiting_on, "held": where.held, "approved": where.approved}
    update |= {"closed_at": None, "ending": ending_for_staff(where.stage, where.ending)}
    unknown = {} if where.connector else {"connector": None, "connector_name": None}
    return line.model_copy(update=update | unknown)


def known_to_staff(connection: Connection, introduction_id: IntroductionId, now: datetime) -> Introduction | None:
    """Where it stands as far as staff may know; None where it has not begun, or is told by rules we no longer know."""
    opening = connection.execute(_OPENING, {"this": introduction_id}).scalar_one_or_none()
    told = entries(connection, introduction_id)
    return as_staff_know(Opening.read_back(opening), told, now).introduction if opening and told else None


def stages(connection: Connection, wanted: IntroductionFilter, now: datetime) -> dict[str, int]:
    """How many introductions stand where, of all that such a list could hold."""
    everywhere = wanted.model_copy(update={"stage": None, "with_closed": True})
    rows = connection.execute(_counted(*_shape(everywhere)), _told(everywhere, now))
    return {row.staff_stage: row.many for row in rows}


def under_way(connection: Connection, now: datetime, beyond: str = "", limit: int | None = None) -> list[UnderWay]:
    """What a workflow was begun for, by id, and is not over as far as staff may know."""
    begun = (_IS_OPEN, introduction.c.started_at.is_not(None), introduction.c.id > beyond)
    query = select(introduction.c.id, _STAGE.label("stage"), introduction.c.closed_at.is_not(None).label("closed"))
    rows = connection.execute(query.where(*begun).order_by(introduction.c.id).limit(limit), {"now": now})
    return [UnderWay(row.id, row.stage, is_over=row.closed) for row in rows]


def how_many_under_way(connection: Connection, now: datetime) -> int:
    """The same, counted."""
    begun = (_IS_OPEN, introduction.c.started_at.is_not(None))
    return connection.execute(select(func.count()).select_from(introduction).where(*begun), {"now": now}).scalar_one()


def _lines() -> Select[Any]:
    asker, asked, between = person.alias("asker"), person.alias("asked"), person.alias("between")
    return (
        select(
            introduction,
            programme.c.name.label("programme_name"),
            asker.c.name.label("requester_name"),
            asked.c.name.label("target_name"),
            between.c.name.label("connector_name"),
            _unknown_letters().label("unknown_letters"),
            trouble.c.what.label("trouble"),
            _IS_KEPT_BACK.label("kept_back"),
            _STAGE.label("staff_stage"),
            _WAITING_ON.label("staff_waiting_on"),
            _DUE_AT.label("staff_due_at"),
        )
        .join(programme, programme.c.id == introduction.c.programme)
        .join(asker, asker.c.id == introduction.c.requester)
        .outerjoin(asked, asked.c.id == introduction.c.target)
        .outerjoin(between, between.c.id == introduction.c.connector)
        .outerjoin(trouble, (trouble.c.introduction == introduction.c.id) & _IS_OPEN)
    )


def _unknown_letters() -> ColumnElement[int]:
    """None while something is kept from staff: behind it there may be letters of which only the list of letters knows
    whether they can be told of."""
    theirs = (letter.c.introduction == introduction.c.id, letter.c.state == "unknown")
    many = select(func.count()).where(*theirs).correlate(introduction).scalar_subquery()
    return case((_IS_KEPT_BACK, 0), else_=many)


def _rank() -> ColumnElement[int]:
    mine = (_WAITING_ON == "operator") | (_unknown_letters() > 0) | trouble.c.what.is_not(None)
    return case((mine & _IS_OPEN, 0), (_IS_OPEN, 1), else_=2)


class _Shape(NamedTuple):
    """Of a list: what it is narrowed by."""

    programmes: bool
    stage: bool
    with_closed: bool
    apart_from: bool
    promised: bool


def _shape(wanted: IntroductionFilter) -> _Shape:
    by_programmes, by_stage = wanted.programmes is not None, bool(wanted.stage)
    return _Shape(by_programmes, by_stage, wanted.with_closed, bool(wanted.apart_from), bool(wanted.promised))


def _told(wanted: IntroductionFilter, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {"now": now}
    found |= {"apart_from": sorted(wanted.apart_from)} if wanted.apart_from else {}
    found |= {} if wanted.programmes is None else {"programmes": wanted.programmes}
    found |= dict(zip(("promised_from", "promised_to"), wanted.promised, strict=True)) if wanted.promised else {}
    return found | ({"of_stage": wanted.stage} if wanted.stage else {})


@cache
def _in_turn(*shape: bool) -> Select[Any]:
    turn = (_rank(), _DUE_AT.is_(None), _DUE_AT, introduction.c.id)
    page = _lines().where(*_filters(_Shape(*shape))).order_by(*turn)
    return page.limit(PAGE + 1).offset(bindparam("beyond", type_=Integer))


@cache
def _counted(*shape: bool) -> Select[str, int]:
    stage = _STAGE.label("staff_stage")
    those = (*_filters(_Shape(*shape)), introduction.c.step > 0)
    return select(stage, func.count().label("many")).where(*those).group_by(stage)


def _filters(shape: _Shape) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = [not_about(_APART_FROM)] if shape.apart_from else []
    if shape.programmes:
        filters.append(introduction.c.programme.in_(bindparam("programmes", expanding=True)))
    if shape.promised:
        filters.append(introduction.c.promised_at.between(bindparam("promised_from"), bindparam("promised_to")))
    if shape.stage:
        filters.append(_STAGE == _OF_STAGE)
    elif not shape.with_closed:
        filters.append(_IS_OPEN | (_unknown_letters() > 0))
    return filters


def _listed(row: Row[Any]) -> ListedIntroduction:
    found = dict(row._mapping)
    found |= {"stage": row.staff_stage, "waiting_on": row.staff_waiting_on, "due_at": row.staff_due_at}
    found |= {"ending": ending_for_staff(row.staff_stage, row.ending)}
    found |= {"closed_at": None} if row.kept_back else {}
    found |= _NOBODY_YET if row.kept_back and row.staff_stage == "finding" else {}
    return ListedIntroduction(**{name: found[name] for name in ListedIntroduction.model_fields})


# Built once: building a statement costs more than running it, and each page of the console runs these.
_NOW: BindParameter[datetime] = bindparam("now")
_OF_STAGE: BindParameter[str] = bindparam("of_stage")
_APART_FROM: BindParameter[str] = bindparam("apart_from", expanding=True)
_IS_TOLD_OTHERWISE = introduction.c.shown_until.is_not(None) & (introduction.c.shown_until > _NOW)
_IS_KEPT_BACK = is_kept_back(_NOW)
_IS_OPEN = introduction.c.closed_at.is_(None) | _IS_KEPT_BACK
_STAGE: ColumnElement[str] = case((_IS_TOLD_OTHERWISE, introduction.c.shown_stage), else_=introduction.c.stage)
_WAITING_ON: ColumnElement[str] = case(
    (_IS_TOLD_OTHERWISE, introduction.c.shown_waiting_on), else_=introduction.c.waiting_on
)
_IS_TOLD_BY_THEN = introduction.c.shown_until.is_not(None) & (introduction.c.shown_until <= _NOW)
_DUE_AT: ColumnElement[datetime] = func.coalesce(
    case((_IS_TOLD_BY_THEN, introduction.c.then_due_at), else_=introduction.c.shown_due_at),
    introduction.c.due_at,  # of before the columns
)
_ONE = _lines().where(introduction.c.id == bindparam("this"))
_OPENING = select(introduction.c.opening).where(introduction.c.id == bindparam("this"))
