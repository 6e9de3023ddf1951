"""A person's part in introductions: their requests, and what they agreed to.

Drawn from what they have been told already: a request closes on the page when its letter says so, whatever happened in
between (S1, S8).
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, or_, select

from models.base import Frozen
from models.effects import RecordConsent, RevokeConsent
from models.ids import ChannelId, IntroductionId, PersonId
from models.letters import LetterKind, Role
from models.record.disclosure import Known, Progress, once_heard, own_yes
from store.journal.disclosure_columns import known_of
from store.journal.state import AsSaid, unheard_of
from store.journal.withdrawals import TAKES_BACK
from store.tables import channel, consent, inbox, introduction, letter, person, programme, words
from store.views.own.names import other_of, typed_names

REQUESTS = 50

Unheard = dict[IntroductionId, AsSaid]


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


def requests(
    connection: Connection, who: PersonId, most: int | None = REQUESTS, *, now: datetime | None = None
) -> tuple[MyRequest, ...]:
    """Their own requests, the newest first: as they have said themselves; without `now`, as it has been heard."""
    rows = connection.execute(_requests(most), {"who": who}).all()
    keys = {row.id for row in rows}
    typed, given, unheard = typed_names(connection, keys), _advice(connection, keys), _unheard(connection, who, now)
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
    typed = typed_names(connection, set(beside))
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
        other=other_of(row, row.id, each.role, row.name, row.name, typed),
        channels=tuple(named[key] for key in each.channels if key in named),
        at=each.at,
        **own_yes(each, known).model_dump(),
    )


def _channels(connection: Connection, keys: set[str]) -> dict[ChannelId, str]:
    rows = connection.execute(_CHANNELS, {"these": list(keys)})
    return {ChannelId(row.id): row.value for row in rows}


# Built once: building a statement costs more than running it, and each page of somebody's own runs these.
_WHO: BindParameter[str] = bindparam("who")
_THESE: BindParameter[str] = bindparam("these", expanding=True)
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
