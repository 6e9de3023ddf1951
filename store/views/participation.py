"""A person's part in introductions. Their open questions, their requests, what they agreed to.

Everything here is drawn from what the person has been told already: a question appears once its letter has left, and
a request closes on the page when its letter says so, whatever happened in between (S1, S8).
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, exists, or_, select

from models.asks import AskKind, AskState
from models.base import Frozen
from models.ids import AskNumber, ChannelId, IntroductionId, PersonId
from models.letters import LetterKind, Role
from models.process.introduction import Introduction
from models.record.disclosure import Progress, is_unnamed, own_yes
from store.asks.held_reports import held
from store.journal.known_asks import has_been_told
from store.journal.state import as_reader_said
from store.requests.words import as_typed
from store.tables import ask, channel, consent, inbox, introduction, letter, person, programme, words

REQUESTS = 50


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


class MyRequest(Frozen):
    """A request as its requester may see it; never why."""

    introduction: IntroductionId
    whom: str | None
    programme: str
    asked_at: datetime
    promised_at: datetime
    progress: Progress
    introduced_at: datetime | None
    told_at: datetime | None = None  # when a letter said that there is none; after a withdrawal of their own none does
    withdrawn: bool = False  # by themselves
    advice: str | None = None  # an operator has sent this version back with it


class MyConsent(Frozen):
    """What they agreed to share with whom, and what became of it."""

    introduction: IntroductionId
    role: Role
    other: str
    channels: tuple[str, ...]
    at: datetime
    shared_at: datetime | None
    taken_back_at: datetime | None
    ended: bool  # without an introduction: nothing was shared, and nothing will be


def open_asks(connection: Connection, who: PersonId, now: datetime) -> tuple[WaitingAsk, ...]:
    """The questions this person can answer now, the most urgent first, and answers they may take back.

    As their pages say it: what they have sent us is answered, also while nobody can hear it.
    """
    rows = connection.execute(_OPEN, {"who": who}).all()
    keys = {row.introduction for row in rows}
    said, typed = as_reader_said(connection, keys, who, now), _typed(connection, keys)
    found = (_waiting_ask(connection, row, said.get(row.introduction), typed, now) for row in rows)
    return tuple(each for each in found if each)


def unsettled_ask(connection: Connection, who: PersonId, introduction_id: IntroductionId, kind: str) -> MyAsk | None:
    """One question by what it asks; None where it is not theirs, not yet told, or its answer has been heard."""
    row = connection.execute(_UNSETTLED, {"who": who, "this": introduction_id, "of_kind": kind}).one_or_none()
    return _ask(row, _typed(connection, {introduction_id})) if row else None


def ever_asked(connection: Connection, who: PersonId) -> tuple[AskedOnce, ...]:
    """Every question that has reached them, the oldest first, and what they answered."""
    rows = connection.execute(_EVER, {"who": who}).all()
    typed = _typed(connection, {row.introduction for row in rows})
    return tuple(
        AskedOnce(
            **_ask(row, typed).model_dump(),
            asked_at=row.opened_at,
            answered_at=row.answered_at,
            answer=(row.answer or {}).get("kind"),
        )
        for row in rows
    )


def requests(connection: Connection, who: PersonId, most: int | None = REQUESTS) -> tuple[MyRequest, ...]:
    """Their own requests, the newest first."""
    rows = connection.execute(_requests(most), {"who": who}).all()
    keys = {row.id for row in rows}
    typed, given, withdrawn = _typed(connection, keys), _advice(connection, keys), _withdrawn(connection, keys, who)
    return tuple(_request(row, typed, given, is_withdrawn=row.id in withdrawn) for row in rows)


def consents(connection: Connection, who: PersonId, most: int | None = REQUESTS) -> tuple[MyConsent, ...]:
    """What they agreed to, the newest first."""
    rows = connection.execute(_consents(most), {"who": who}).all()
    named = _channels(connection, {key for row in rows for key in row.channels})
    typed = _typed(connection, {row.introduction for row in rows})
    return tuple(_consent(row, named, typed) for row in rows)


@lru_cache
def _requests(most: int | None) -> Select[Any]:
    return (
        select(introduction, person.c.name.label("whom"), programme.c.name.label("programme_name"))
        .join(programme, programme.c.id == introduction.c.programme)
        .outerjoin(person, person.c.id == introduction.c.target)
        .where(introduction.c.requester == _WHO)
        .order_by(introduction.c.asked_at.desc(), introduction.c.id)
        .limit(most)
    )


@lru_cache
def _consents(most: int | None) -> Select[Any]:
    other, who = person.alias("other"), _WHO
    is_theirs = introduction.c.requester == who
    either = is_theirs & (other.c.id == introduction.c.target), ~is_theirs & (other.c.id == introduction.c.requester)
    return (
        select(
            consent,
            other.c.name,
            introduction.c.opening,
            introduction.c.told_at,
            introduction.c.requester_progress,
            introduction.c.requester_since,
            introduction.c.target_progress,
            introduction.c.target_since,
        )
        .join(introduction, introduction.c.id == consent.c.introduction)
        .join(other, or_(*either))
        .where(consent.c.person == who)
        .order_by(consent.c.at.desc(), consent.c.step.desc())
        .limit(most)
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
        requester="" if _is_unnamed(row) else row.asker,
        whom=_other(row, row.role, row.asker, row.asked or "", typed),
        version=row.version,
        due_at=row.due_at,
        programme=row.programme_name,
    )


def _advice(connection: Connection, introductions: set[str]) -> dict[str, str]:
    """What operators have sent back to them about the words as they stand now."""
    rows = connection.execute(_ADVICE, {"these": list(introductions)})
    return {row.id: row.body for row in rows}


def _withdrawn(connection: Connection, introductions: set[str], who: PersonId) -> set[str]:
    """Which of them they took back themselves, and it was taken."""
    return set(connection.execute(_WITHDREW, {"who": who, "these": list(introductions)}).scalars())


def _request(row: Row[Any], typed: dict[str, str], given: dict[str, str], *, is_withdrawn: bool) -> MyRequest:
    return MyRequest(
        introduction=row.id,
        whom=typed.get(row.id, row.whom),
        programme=row.programme_name,
        asked_at=row.asked_at,
        promised_at=row.promised_at,
        progress=row.requester_progress,
        introduced_at=row.requester_since if row.requester_progress == Progress.INTRODUCED else None,
        told_at=row.told_at,
        withdrawn=is_withdrawn,
        advice=given.get(row.id),
    )


def _consent(row: Row[Any], named: dict[ChannelId, str], typed: dict[str, str]) -> MyConsent:
    return MyConsent(
        introduction=row.introduction,
        role=row.role,
        other=_other(row, row.role, row.name, row.name, typed),
        channels=tuple(named[key] for key in row.channels if key in named),
        at=row.at,
        **own_yes(row).model_dump(),
    )


def _channels(connection: Connection, keys: set[str]) -> dict[ChannelId, str]:
    rows = connection.execute(_CHANNELS, {"these": list(keys)})
    return {ChannelId(row.id): row.value for row in rows}


def _other(row: Row[Any], role: str, asker: str, asked: str, typed: dict[str, str]) -> str:
    """The one this person would meet. A requester sees whom they asked for as they typed it themselves."""
    if role == Role.TARGET:
        return "" if _is_unnamed(row) else asker
    return typed.get(row.introduction, asked) if role == Role.REQUESTER else asked


def _is_unnamed(row: Row[Any]) -> bool:
    blind = bool(row.opening.get("blind"))
    return row.role == Role.TARGET and is_unnamed(blind=blind, target_progress=row.target_progress)


def _typed(connection: Connection, introductions: set[str]) -> dict[str, str]:
    """What requesters called somebody outside: whether we knew them never shows."""
    return {each: typed.name for each, typed in as_typed(connection, introductions).items()}


# Built once: building a statement costs more than running it, and each page of somebody's own runs these.
_WHO: BindParameter[str] = bindparam("who")
_THESE: BindParameter[str] = bindparam("these", expanding=True)
_OPEN = _unsettled().where(ask.c.person == _WHO).order_by(ask.c.due_at)
_UNSETTLED = (
    _unsettled()
    .where(ask.c.introduction == bindparam("this"), ask.c.kind == bindparam("of_kind"), ask.c.person == _WHO)
    .order_by(ask.c.number.desc())
    .limit(1)
)
_EVER = _asks().where(ask.c.person == _WHO, has_been_told()).order_by(ask.c.opened_at, ask.c.introduction, ask.c.number)
_ADVICE = (
    select(introduction.c.id, words.c.body)
    .join(letter, letter.c.introduction == introduction.c.id)
    .join(words, words.c.id == letter.c.words)
    .where(introduction.c.id.in_(_THESE), letter.c.kind == LetterKind.ADVICE)
    .where(letter.c.version == introduction.c.version)
)
_WITHDREW = select(inbox.c.introduction).where(
    inbox.c.introduction.in_(_THESE),
    inbox.c.person == _WHO,
    inbox.c.kind == "withdrew",
    inbox.c.state == "taken",
)
_CHANNELS = select(channel.c.id, channel.c.value).where(channel.c.id.in_(_THESE))
