"""Introductions as lines of a list, what is due first, as staff may know them."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from models.base import Frozen
from models.ids import IntroductionId, PersonId, ProgrammeId
from models.process.introduction import Introduction, Opening
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
    rows = connection.execute(
        _lines(now)
        .where(*_filters(wanted, now))
        .order_by(_rank(now), _due_at(now).is_(None), _due_at(now), introduction.c.id)
        .limit(PAGE + 1)
        .offset(PAGE * (wanted.page - 1))
    )
    return tuple(_listed(row) for row in rows)


def one(connection: Connection, introduction_id: IntroductionId, now: datetime) -> ListedIntroduction | None:
    """One of them, at the step that staff have seen."""
    found = read_whole(connection, introduction_id, now)
    return found.line if found else None


def read_whole(connection: Connection, introduction_id: IntroductionId, now: datetime) -> ReadWhole | None:
    """One of them, read with its ledger."""
    found = connection.execute(_lines(now).where(introduction.c.id == introduction_id)).one_or_none()
    if found is None:
        return None
    opening = Opening.read_back(found.opening)
    known = as_staff_know(opening, entries(connection, introduction_id), now)
    return ReadWhole(_as_known(_listed(found), known), opening, known)


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
    query = select(introduction.c.opening).where(introduction.c.id == introduction_id)
    opening, told = connection.execute(query).scalar_one_or_none(), entries(connection, introduction_id)
    return as_staff_know(Opening.read_back(opening), told, now).introduction if opening and told else None


def stages(connection: Connection, wanted: IntroductionFilter, now: datetime) -> dict[str, int]:
    """How many introductions stand where, of all that such a list could hold."""
    everywhere = wanted.model_copy(update={"stage": None, "with_closed": True})
    stage = _stage(now).label("staff_stage")
    rows = connection.execute(
        select(stage, func.count().label("many"))
        .where(*_filters(everywhere, now), introduction.c.step > 0)
        .group_by(stage)
    )
    return {row.staff_stage: row.many for row in rows}


def under_way(connection: Connection, now: datetime, beyond: str = "", limit: int | None = None) -> list[UnderWay]:
    """What a workflow was begun for, by id, and is not over as far as staff may know."""
    begun = (_is_open(now), introduction.c.started_at.is_not(None), introduction.c.id > beyond)
    query = select(introduction.c.id, _stage(now).label("stage"), introduction.c.closed_at.is_not(None).label("closed"))
    rows = connection.execute(query.where(*begun).order_by(introduction.c.id).limit(limit))
    return [UnderWay(row.id, row.stage, is_over=row.closed) for row in rows]


def how_many_under_way(connection: Connection, now: datetime) -> int:
    """The same, counted."""
    begun = (_is_open(now), introduction.c.started_at.is_not(None))
    return connection.execute(select(func.count()).select_from(introduction).where(*begun)).scalar_one()


def _is_told_otherwise(now: datetime) -> ColumnElement[bool]:
    return introduction.c.shown_until.is_not(None) & (introduction.c.shown_until > now)


def _stage(now: datetime) -> ColumnElement[str]:
    return case((_is_told_otherwise(now), introduction.c.shown_stage), else_=introduction.c.stage)


def _waiting_on(now: datetime) -> ColumnElement[str]:
    return case((_is_told_otherwise(now), introduction.c.shown_waiting_on), else_=introduction.c.waiting_on)


def _due_at(now: datetime) -> ColumnElement[datetime]:
    since = introduction.c.shown_until.is_not(None) & (introduction.c.shown_until <= now)
    shown = case((since, introduction.c.then_due_at), else_=introduction.c.shown_due_at)
    return func.coalesce(shown, introduction.c.due_at)  # of before the columns


def _is_open(now: datetime) -> ColumnElement[bool]:
    return introduction.c.closed_at.is_(None) | is_kept_back(now)


def _lines(now: datetime) -> Select[Any]:
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
            is_kept_back(now).label("kept_back"),
            _stage(now).label("staff_stage"),
            _waiting_on(now).label("staff_waiting_on"),
            _due_at(now).label("staff_due_at"),
        )
        .join(programme, programme.c.id == introduction.c.programme)
        .join(asker, asker.c.id == introduction.c.requester)
        .outerjoin(asked, asked.c.id == introduction.c.target)
        .outerjoin(between, between.c.id == introduction.c.connector)
        .outerjoin(trouble, (trouble.c.introduction == introduction.c.id) & introduction.c.closed_at.is_(None))
    )


def _unknown_letters() -> Any:
    theirs = (letter.c.introduction == introduction.c.id, letter.c.state == "unknown")
    return select(func.count()).where(*theirs).correlate(introduction).scalar_subquery()


def _rank(now: datetime) -> ColumnElement[int]:
    mine = (_waiting_on(now) == "operator") | (_unknown_letters() > 0) | trouble.c.what.is_not(None)
    return case((mine & _is_open(now), 0), (_is_open(now), 1), else_=2)


def _filters(wanted: IntroductionFilter, now: datetime) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = [not_about(wanted.apart_from)] if wanted.apart_from else []
    if wanted.programmes is not None:
        filters.append(introduction.c.programme.in_(wanted.programmes))
    if wanted.promised:
        filters.append(introduction.c.promised_at.between(*wanted.promised))
    if wanted.stage:
        filters.append(_stage(now) == wanted.stage)
    elif not wanted.with_closed:
        filters.append(_is_open(now) | (_unknown_letters() > 0))
    return filters


def _listed(row: Row[Any]) -> ListedIntroduction:
    found = dict(row._mapping)
    found |= {"stage": row.staff_stage, "waiting_on": row.staff_waiting_on, "due_at": row.staff_due_at}
    found |= {"ending": ending_for_staff(row.staff_stage, row.ending)}
    found |= {"closed_at": None} if row.kept_back else {}
    found |= _NOBODY_YET if row.kept_back and row.staff_stage == "finding" else {}
    return ListedIntroduction(**{name: found[name] for name in ListedIntroduction.model_fields})
