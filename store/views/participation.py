"""A person's part in introductions. Their open questions, their requests, what they agreed to.

Everything here is drawn from what the person has been told already: a question appears once its letter has left, and
a request closes on the page when its letter says so, whatever happened in between (S1, S8).
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, exists, or_, select

from models.asks import AskKind, AskState
from models.base import Frozen
from models.effects import RecordConsent, RevokeConsent
from models.ids import AskNumber, ChannelId, IntroductionId, PersonId
from models.letters import LetterKind, Role
from models.process.state.introduction import Introduction
from models.record.disclosure import Known, Progress, is_unnamed, once_heard, own_yes
from store.asks.held_answers import held
from store.journal.disclosure_columns import known_of
from store.journal.known_asks import has_been_told
from store.journal.state import AsSaid, as_reader_said, unheard_of
from store.journal.withdrawals import TAKES_BACK
from store.requests.words import as_typed
from store.tables import ask, channel, consent, inbox, introduction, letter, person, programme, words

REQUESTS = 50

Unheard = dict[IntroductionId, AsSaid]


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


class OwnConsent(NamedTuple):
    """A yes of theirs, recorded, or said and not heard yet."""

    introduction: IntroductionId
    role: Role
    channels: tuple[ChannelId, ...]
    at: datetime
    revoked_at: datetime | None


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
    cases = {each: where.introduction for each, where in said.items()}
    found = (_waiting_ask(connection, row, cases.get(row.introduction), typed, now) for row in rows)
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


def requests(
    connection: Connection, who: PersonId, most: int | None = REQUESTS, *, now: datetime | None = None
) -> tuple[MyRequest, ...]:
    """Their own requests, the newest first: as they have said themselves; without `now`, as it has been heard."""
    rows = connection.execute(_requests(most), {"who": who}).all()
    keys = {row.id for row in rows}
    typed, given, unheard = _typed(connection, keys), _advice(connection, keys), _unheard(connection, who, now)
    withdrawn = _withdrawn(connection, keys, who, unheard)
    return tuple(_request(row, _known(row, unheard), typed, given, is_withdrawn=row.id in withdrawn) for row in rows)


def consents(
    connection: Connection, who: PersonId, most: int | None = REQUESTS, *, now: datetime | None = None
) -> tuple[MyConsent, ...]:
    """What they agreed to, the newest first: as they have said themselves; without `now`, as it has been heard."""
    rows = connection.execute(_consents(most), {"who": who}).all()
    unheard = _unheard(connection, who, now)
    given = _with_unheard([_given(row) for row in rows], unheard, who)
    beside = _beside(connection, {each.introduction for each in given}, who)
    named = _channels(connection, {key for each in given for key in each.channels})
    typed = _typed(connection, set(beside))
    agreed = ((each, beside[each.introduction]) for each in given if each.introduction in beside)
    return tuple(_consent(each, row, _known(row, unheard), named, typed) for each, row in agreed)


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
    newest_first = select(consent).where(consent.c.person == _WHO).order_by(consent.c.at.desc(), consent.c.step.desc())
    return newest_first.limit(most)


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
        requester="" if _is_unnamed(row, row.role) else row.asker,
        whom=_other(row, row.introduction, row.role, row.asker, row.asked or "", typed),
        version=row.version,
        due_at=row.due_at,
        programme=row.programme_name,
    )


def _advice(connection: Connection, introductions: set[str]) -> dict[str, str]:
    """What operators have sent back to them about the words as they stand now."""
    rows = connection.execute(_ADVICE, {"these": list(introductions)})
    return {row.id: row.body for row in rows}


def _unheard(connection: Connection, who: PersonId, now: datetime | None) -> Unheard:
    return unheard_of(connection, who, now) if now else {}


def _known(row: Row[Any], unheard: Unheard) -> Known:
    """What each may know, once all is heard that this person has said. `row`: of the introduction."""
    said = unheard.get(row.id)
    return once_heard(known_of(row), said.unheard, row.promised_at) if said else known_of(row)


def _withdrawn(connection: Connection, introductions: set[str], who: PersonId, unheard: Unheard) -> set[str]:
    """Which of them they took back themselves, and nothing was against it."""
    rows = connection.execute(_TAKEN_BACK, {"who": who, "these": list(introductions)})
    overruled = {key for said in unheard.values() for key in said.overruled}
    return {row.introduction for row in rows if row.key not in overruled}


def _request(
    row: Row[Any], known: Known, typed: dict[str, str], given: dict[str, str], *, is_withdrawn: bool
) -> MyRequest:
    return MyRequest(
        introduction=row.id,
        whom=typed.get(row.id, row.whom),
        programme=row.programme_name,
        asked_at=row.asked_at,
        promised_at=row.promised_at,
        progress=known.requester_progress,
        introduced_at=known.requester_since if known.requester_progress == Progress.INTRODUCED else None,
        told_at=known.told_at,
        withdrawn=is_withdrawn,
        advice=given.get(row.id),
    )


def _given(row: Row[Any]) -> OwnConsent:
    return OwnConsent(row.introduction, row.role, tuple(row.channels), row.at, row.revoked_at)


def _with_unheard(given: list[OwnConsent], unheard: Unheard, who: PersonId) -> list[OwnConsent]:
    """The newest first; with what they have agreed to, and taken back, and nobody has heard yet."""
    for introduction_id, said in unheard.items():
        for step, at in said.unheard:
            for effect in step.effects:
                if isinstance(effect, RevokeConsent) and effect.person == who:
                    given = [_revoked(each, at) if each.introduction == introduction_id else each for each in given]
                if isinstance(effect, RecordConsent) and effect.person == who:
                    given = [OwnConsent(introduction_id, effect.role, effect.channels, at, None), *given]
    return sorted(given, key=lambda each: each.at, reverse=True)


def _revoked(each: OwnConsent, at: datetime) -> OwnConsent:
    return each if each.revoked_at else each._replace(revoked_at=at)


def _beside(connection: Connection, introductions: set[IntroductionId], who: PersonId) -> dict[str, Row[Any]]:
    """Each of these introductions, with the name of the other."""
    return {row.id: row for row in connection.execute(_BESIDE, {"who": who, "these": list(introductions)})}


def _consent(
    each: OwnConsent, row: Row[Any], known: Known, named: dict[ChannelId, str], typed: dict[str, str]
) -> MyConsent:
    return MyConsent(
        introduction=each.introduction,
        role=each.role,
        other=_other(row, row.id, each.role, row.name, row.name, typed),
        channels=tuple(named[key] for key in each.channels if key in named),
        at=each.at,
        **own_yes(each, known).model_dump(),
    )


def _channels(connection: Connection, keys: set[str]) -> dict[ChannelId, str]:
    rows = connection.execute(_CHANNELS, {"these": list(keys)})
    return {ChannelId(row.id): row.value for row in rows}


def _other(row: Row[Any], this: str, role: str, asker: str, asked: str, typed: dict[str, str]) -> str:
    """The one this person would meet. A requester sees whom they asked for as they typed it themselves."""
    if role == Role.TARGET:
        return "" if _is_unnamed(row, role) else asker
    return typed.get(this, asked) if role == Role.REQUESTER else asked


def _is_unnamed(row: Row[Any], role: str) -> bool:
    blind = bool(row.opening.get("blind"))
    return role == Role.TARGET and is_unnamed(blind=blind, target_progress=row.target_progress)


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
_TAKEN_BACK = select(inbox.c.introduction, inbox.c.key).where(
    inbox.c.introduction.in_(_THESE), inbox.c.person == _WHO, TAKES_BACK
)
_OTHER, _IS_THEIRS = person.alias("other"), introduction.c.requester == _WHO
_BESIDE = (
    select(introduction, _OTHER.c.name)
    .join(
        _OTHER,
        or_(
            _IS_THEIRS & (_OTHER.c.id == introduction.c.target), ~_IS_THEIRS & (_OTHER.c.id == introduction.c.requester)
        ),
    )
    .where(introduction.c.id.in_(_THESE))
)
_CHANNELS = select(channel.c.id, channel.c.value).where(channel.c.id.in_(_THESE))
