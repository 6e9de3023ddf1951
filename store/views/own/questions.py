"""Questions put to somebody: those they can answer now, and all that have reached them.

Drawn from what they have been told already: a question appears once its letter has left (S1, S8).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, exists, or_, select

from models.asks import AskKind, AskState
from models.base import Frozen
from models.ids import AskNumber, IntroductionId, PersonId
from models.letters import Role
from models.process.state.introduction import Introduction
from store.asks.held_answers import held
from store.journal.known_asks import has_been_told
from store.journal.state import as_reader_said
from store.tables import ask, inbox, introduction, person, programme
from store.views.own.names import is_without_a_name, other_of, typed_names


class MyAsk(Frozen):
    """A question that waits for this person's answer. `whom` is whom it is about: the one who asks, or is asked for.

    Both names are empty for a target who is asked without being told who asks.
    """

    introduction: IntroductionId
    number: AskNumber
    kind: AskKind
    role: Role
    requester: str
    whom: str
    version: int
    due_at: datetime
    programme: str


class WaitingAsk(MyAsk):
    """A question that can be answered, or an answer that can be taken back until `undo_until`."""

    undo_until: datetime | None = None


class AskedOnce(MyAsk):
    """A question as it was put to them, and what they answered, if they did."""

    asked_at: datetime
    answered_at: datetime | None
    answer: str | None


def open_asks(connection: Connection, who: PersonId, now: datetime) -> tuple[WaitingAsk, ...]:
    """The questions this person can answer now, the most urgent first, and answers they may take back.

    As their pages say it: what they have sent us is answered, also while nobody can hear it.
    """
    rows = connection.execute(_OPEN, {"who": who}).all()
    keys = {row.introduction for row in rows}
    said, typed = as_reader_said(connection, keys, who, now), typed_names(connection, keys)
    cases = {each: where.introduction for each, where in said.items()}
    found = (_waiting_ask(connection, row, cases.get(row.introduction), typed, now) for row in rows)
    return tuple(each for each in found if each)


def unsettled_ask(connection: Connection, who: PersonId, introduction_id: IntroductionId, kind: str) -> MyAsk | None:
    """One question by what it asks; None where it is not theirs, not yet told, or its answer has been heard."""
    row = connection.execute(_UNSETTLED, {"who": who, "this": introduction_id, "of_kind": kind}).one_or_none()
    return _ask(row, typed_names(connection, {introduction_id})) if row else None


def ever_asked(connection: Connection, who: PersonId) -> tuple[AskedOnce, ...]:
    """Every question that has reached them, the oldest first, and what they answered."""
    rows = connection.execute(_EVER, {"who": who}).all()
    typed = typed_names(connection, {row.introduction for row in rows})
    return tuple(
        AskedOnce(
            **_ask(row, typed).model_dump(),
            asked_at=row.opened_at,
            answered_at=row.answered_at,
            answer=(row.answer or {}).get("kind"),
        )
        for row in rows
    )


def _asks() -> Select[Any]:
    asker, asked = person.alias("asker"), person.alias("asked")
    return (
        select(
            ask,
            introduction.c.opening,
            introduction.c.target_progress,
            asker.c.name.label("asker"),
            asked.c.name.label("asked"),
            programme.c.name.label("programme_name"),
        )
        .join(introduction, introduction.c.id == ask.c.introduction)
        .join(programme, programme.c.id == introduction.c.programme)
        .join(asker, asker.c.id == introduction.c.requester)
        .outerjoin(asked, asked.c.id == introduction.c.target)
    )


def _unsettled() -> Select[Any]:
    """Open, or spoken of by its person in what nobody has heard yet."""
    theirs = (inbox.c.introduction == ask.c.introduction, inbox.c.ask == ask.c.number, inbox.c.person == ask.c.person)
    is_unheard = exists().where(*theirs, inbox.c.state == "waiting")
    return _asks().where(or_(ask.c.state == AskState.OPEN, is_unheard), has_been_told())


def _waiting_ask(
    connection: Connection, row: Row[Any], case: Introduction | None, typed: dict[str, str], now: datetime
) -> WaitingAsk | None:
    """None where it is answered, and the answer stands."""
    asked = case.ask(row.number) if case else None
    if asked and asked.is_open:
        return WaitingAsk(**_ask(row, typed).model_dump())
    unheard = held(connection, row.introduction, row.number, row.person, now)
    return WaitingAsk(**_ask(row, typed).model_dump(), undo_until=unheard.until) if unheard else None


def _ask(row: Row[Any], typed: dict[str, str]) -> MyAsk:
    return MyAsk(
        introduction=row.introduction,
        number=row.number,
        kind=row.kind,
        role=row.role,
        requester="" if is_without_a_name(row, row.role) else row.asker,
        whom=other_of(row, row.introduction, row.role, row.asker, row.asked or "", typed),
        version=row.version,
        due_at=row.due_at,
        programme=row.programme_name,
    )


# Built once: building a statement costs more than running it, and each page of somebody's own runs these.
_WHO: BindParameter[str] = bindparam("who")
_OPEN = _unsettled().where(ask.c.person == _WHO).order_by(ask.c.due_at)
_UNSETTLED = (
    _unsettled()
    .where(ask.c.introduction == bindparam("this"), ask.c.kind == bindparam("of_kind"), ask.c.person == _WHO)
    .order_by(ask.c.number.desc())
    .limit(1)
)
_EVER = _asks().where(ask.c.person == _WHO, has_been_told()).order_by(ask.c.opened_at, ask.c.introduction, ask.c.number)
