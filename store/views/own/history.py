"""Own history: what somebody was given at an introduction, and what they said as a connector and how it ended.

Only what consent has shared already: a channel added or a profile changed since shows nothing more (S3, S4); a
connector reads of an ending what disclosure lets them hear, and before it the same words whatever goes on (S8).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, select

from models.asks import AskKind, AskState
from models.base import Frozen
from models.ids import IntroductionId, PersonId, WordsId
from models.letters import Role
from models.record.disclosure import LoopClosed
from store.people.presentation import Way, ways
from store.tables import ask, consent, disclosure, introduction, person, words

MOST = 50
LENT = ("connector_approved", "connector_forwards")


class GivenContact(Frozen):
    """How to reach the other, exactly as they agreed to it, and the terms that the two were introduced on."""

    introduction: IntroductionId
    name: str
    ways: tuple[Way, ...]
    terms: str  # the target's; empty where they set none
    at: datetime


class LentName(Frozen):
    """An introduction they agreed to make: in which words, for whom, and how it ended as far as they may know."""

    introduction: IntroductionId
    requester: str
    target: str
    vouches: bool
    sentence: str
    how_known: str
    at: datetime
    heard: LoopClosed | None
    heard_at: datetime | None


def given_at(connection: Connection, introduction_id: IntroductionId, who: PersonId) -> GivenContact | None:
    """What they were given at this one, once it has come about."""
    return next(iter(given_to(connection, who, introduction_id)), None)


def given_to(
    connection: Connection, who: PersonId, introduction_id: IntroductionId | None = None
) -> tuple[GivenContact, ...]:
    """The oldest first; of one introduction, where it is named."""
    this = _GIVEN.where(disclosure.c.introduction == introduction_id) if introduction_id else _GIVEN
    rows = connection.execute(this, {"who": who}).all()
    found = {each.id: each for each in ways(connection, [key for row in rows for key in row.channels])}
    terms = _terms(connection, {row.introduction for row in rows})
    return tuple(
        GivenContact(
            introduction=row.introduction,
            name=row.name,
            ways=tuple(found[key] for key in row.channels if key in found),
            terms=terms.get(row.introduction, ""),
            at=row.at,
        )
        for row in rows
    )


def lent_by(connection: Connection, who: PersonId, most: int | None = MOST) -> tuple[LentName, ...]:
    """The newest first; of each introduction what they said last."""
    newest: dict[str, Row[Any]] = {}
    for row in connection.execute(_ANSWERS, {"who": who}):
        newest.setdefault(row.introduction, row)
    lent = [row for row in newest.values() if row.answer and row.answer.get("kind") in LENT][:most]
    said = _bodies(connection, [key for row in lent for key in _written(row.answer)])
    return tuple(_lent(row, who, said) for row in lent)


def _answers() -> Select[Any]:
    asker, asked = person.alias("asker"), person.alias("asked")
    return (
        select(
            ask.c.introduction,
            ask.c.answer,
            ask.c.answered_at,
            introduction.c.connector,
            introduction.c.connector_heard,
            introduction.c.connector_heard_at,
            asker.c.name.label("requester"),
            asked.c.name.label("target"),
        )
        .join(introduction, introduction.c.id == ask.c.introduction)
        .join(asker, asker.c.id == introduction.c.requester)
        .outerjoin(asked, asked.c.id == introduction.c.target)
        .where(ask.c.person == bindparam("who"), ask.c.kind == AskKind.APPROVE, ask.c.state == AskState.ANSWERED)
        .order_by(ask.c.answered_at.desc(), ask.c.number.desc())
    )


def _lent(row: Row[Any], who: PersonId, said: dict[str, str]) -> LentName:
    is_theirs = row.connector == who
    return LentName(
        introduction=row.introduction,
        requester=row.requester,
        target=row.target or "",
        vouches=row.answer.get("vouch") == "vouch",
        sentence=said.get(row.answer.get("sentence") or "", ""),
        how_known=said.get(row.answer.get("how_known") or "", ""),
        at=row.answered_at,
        heard=row.connector_heard if is_theirs else None,
        heard_at=row.connector_heard_at if is_theirs else None,
    )


def _written(answer: dict[str, Any]) -> list[WordsId]:
    return [WordsId(answer[name]) for name in ("sentence", "how_known") if answer.get(name)]


def _terms(connection: Connection, introductions: Collection[str]) -> dict[str, str]:
    """Of the yes that counted: the target's last to the words as they stand."""
    rows = connection.execute(_TERMS, {"these": list(introductions)}).all()
    counted = {row.introduction: row.terms for row in rows}
    said = _bodies(connection, [key for key in counted.values() if key])
    return {each: said[key] for each, key in counted.items() if key in said}


def _bodies(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    rows = connection.execute(_BODIES, {"these": list(ids)})
    return {row.id: row.body for row in rows}


# Built once: building a statement costs more than running it, and each page of somebody's own runs these.
_THESE: BindParameter[str] = bindparam("these", expanding=True)
_ANSWERS = _answers()
_GIVEN = (
    select(disclosure.c.introduction, disclosure.c.channels, disclosure.c.at, person.c.name)
    .join(person, person.c.id == disclosure.c.person)
    .where(disclosure.c.to == bindparam("who"))
    .order_by(disclosure.c.at, disclosure.c.introduction)
)
_TERMS = (
    select(consent.c.introduction, consent.c.terms)
    .join(introduction, introduction.c.id == consent.c.introduction)
    .where(
        consent.c.introduction.in_(_THESE),
        consent.c.role == Role.TARGET,
        consent.c.version == introduction.c.version,
        consent.c.revoked_at.is_(None),
    )
    .order_by(consent.c.step)
)
_BODIES = select(words.c.id, words.c.body).where(words.c.id.in_(_THESE))
