"""Introductions as lists and as one whole story, what is due first."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from models.asks import AskKind, AskState
from models.base import Frozen
from models.ids import AskNumber, IntroductionId, LetterId, PersonId, ProgrammeId, WordsId
from models.introduction import Opening
from models.ledger import Entry
from models.letters import Role
from models.news import News
from store import returning
from store.inbox import NEWS
from store.ledger import entries
from store.own_part import not_about
from store.request_words import texts
from store.returning import CameBack
from store.tables import api_key, ask, introduction, letter, person, programme, trouble, words

PAGE = 50


class IntroductionFilter(Frozen):
    """Which introductions a list is to hold. Without programmes: those of all."""

    programmes: tuple[str, ...] | None = None
    stage: str | None = None
    with_closed: bool = False
    page: int = 1
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
    ending: str | None
    step: int
    version: int
    unknown_letters: int
    trouble: str | None

    @property
    def needs_operator(self) -> bool:
        """Nobody but an operator can move it on, or say what became of a letter."""
        return self.waiting_on == "operator" or self.unknown_letters > 0 or self.trouble is not None


class AskLine(Frozen):
    """One question to one person, and what came of it."""

    number: AskNumber
    kind: AskKind
    role: Role
    person: PersonId
    name: str
    version: int
    opened_at: datetime
    due_at: datetime
    state: AskState
    answered_at: datetime | None
    answer: News | None
    by_hand: bool


class LetterLine(Frozen):
    """One letter on its way, or what became of it."""

    id: LetterId
    kind: str
    to: PersonId
    name: str
    ask: AskNumber | None
    reminder: bool
    state: str
    not_before: datetime
    settled_at: datetime | None
    said: str | None
    came_back: tuple[CameBack, ...] = ()


class Story(Frozen):
    """Everything we know of one introduction, for staff. Who may read which part of it is the page's to decide."""

    listed: ListedIntroduction
    opening: Opening
    texts: tuple[tuple[str, str], ...]  # of the newest version: need, why, read, offer, note
    asks: tuple[AskLine, ...]
    letters: tuple[LetterLine, ...]
    entries: tuple[Entry, ...]
    names: dict[PersonId, str]
    words: dict[WordsId, str]


def listed(connection: Connection, wanted: IntroductionFilter) -> tuple[ListedIntroduction, ...]:
    """One page of introductions: what only an operator can move first, then by due time. One more tells of a next."""
    rows = connection.execute(
        _lines()
        .where(*_filters(wanted))
        .order_by(_rank(), introduction.c.due_at.is_(None), introduction.c.due_at, introduction.c.id)
        .limit(PAGE + 1)
        .offset(PAGE * (wanted.page - 1))
    )
    return tuple(_listed(row) for row in rows)


def one(connection: Connection, introduction_id: IntroductionId) -> ListedIntroduction | None:
    found = connection.execute(_lines().where(introduction.c.id == introduction_id)).one_or_none()
    return _listed(found) if found else None


def story(connection: Connection, introduction_id: IntroductionId) -> Story | None:
    """One introduction from its first event to its last."""
    line = one(connection, introduction_id)
    if line is None:
        return None
    opening = connection.execute(
        select(introduction.c.opening).where(introduction.c.id == introduction_id)
    ).scalar_one()
    asks, letters = _asks(connection, introduction_id), _letters(connection, introduction_id)
    events = tuple(entries(connection, introduction_id))
    return Story(
        listed=line,
        opening=Opening.model_validate(opening),
        texts=tuple(texts(connection, introduction_id, line.version).items()),
        asks=asks,
        letters=letters,
        entries=events,
        names=_names(connection, line, asks, letters, events),
        words=_words(connection, introduction_id),
    )


def stages(connection: Connection, wanted: IntroductionFilter) -> dict[str, int]:
    """How many introductions stand where, of all that such a list could hold."""
    rows = connection.execute(
        select(introduction.c.stage, func.count().label("many"))
        .where(*_filters(wanted.model_copy(update={"stage": None, "with_closed": True})), introduction.c.step > 0)
        .group_by(introduction.c.stage)
    )
    return {row.stage: row.many for row in rows}


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


def _rank() -> ColumnElement[int]:
    mine = (introduction.c.waiting_on == "operator") | (_unknown_letters() > 0) | trouble.c.what.is_not(None)
    return case((mine & introduction.c.closed_at.is_(None), 0), (introduction.c.closed_at.is_(None), 1), else_=2)


def _filters(wanted: IntroductionFilter) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = [not_about(wanted.apart_from)] if wanted.apart_from else []
    if wanted.programmes is not None:
        filters.append(introduction.c.programme.in_(wanted.programmes))
    if wanted.stage:
        filters.append(introduction.c.stage == wanted.stage)
    elif not wanted.with_closed:
        filters.append(introduction.c.closed_at.is_(None) | (_unknown_letters() > 0))
    return filters


def _asks(connection: Connection, introduction_id: IntroductionId) -> tuple[AskLine, ...]:
    rows = connection.execute(
        select(ask, person.c.name)
        .join(person, person.c.id == ask.c.person)
        .where(ask.c.introduction == introduction_id)
        .order_by(ask.c.number)
    )
    found = (dict(row._mapping) for row in rows)
    kept = (name for name in AskLine.model_fields if name != "answer")
    names = tuple(kept)
    return tuple(
        AskLine(
            **{name: row[name] for name in names},
            answer=NEWS.validate_python(row["answer"]) if row["answer"] else None,
        )
        for row in found
    )


def _letters(connection: Connection, introduction_id: IntroductionId) -> tuple[LetterLine, ...]:
    rows = connection.execute(
        select(letter, person.c.name)
        .join(person, person.c.id == letter.c.person)
        .where(letter.c.introduction == introduction_id)
        .order_by(letter.c.not_before, letter.c.step, letter.c.number)
    ).all()
    returned = returning.of_letters(connection, [row.id for row in rows])
    return tuple(
        LetterLine(
            id=row.id,
            kind=row.kind,
            to=row.person,
            name=row.name,
            ask=row.ask,
            reminder=row.reminder,
            state=row.state,
            not_before=row.not_before,
            settled_at=row.settled_at,
            said=row.relay_said,
            came_back=returned.get(row.id, ()),
        )
        for row in rows
    )


def _names(
    connection: Connection,
    line: ListedIntroduction,
    asks: tuple[AskLine, ...],
    letters: tuple[LetterLine, ...],
    events: tuple[Entry, ...],
) -> dict[PersonId, str]:
    acted = {getattr(getattr(each.event, "news", None), "by", None) for each in events}
    pointed = {getattr(each.answer, "to", None) for each in asks}
    pointed |= {getattr(getattr(each.event, "news", None), "to", None) for each in events}
    ids = {line.requester, line.target, line.connector, *acted, *pointed} - {None}
    ids |= {each.person for each in asks} | {each.to for each in letters}
    rows = connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(ids)))
    keys = connection.execute(select(api_key.c.id, api_key.c.name).where(api_key.c.id.in_(acted - {None})))
    named = {PersonId(row.id): f"{row.name} (API)" for row in keys}
    return named | {PersonId(row.id): row.name for row in rows}


def _words(connection: Connection, introduction_id: IntroductionId) -> dict[WordsId, str]:
    rows = connection.execute(select(words.c.id, words.c.body).where(words.c.introduction == introduction_id))
    return {WordsId(row.id): row.body for row in rows}


def _listed(row: Row[Any]) -> ListedIntroduction:
    found = row._mapping
    return ListedIntroduction(**{name: found[name] for name in ListedIntroduction.model_fields})
