"""Candidates: the statements that say who may be asked next; what they compare with comes with each step.

They are built once: building a statement costs more than running it, and every introduction looks for its way.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
)

from models.asks import AskKind
from models.letters import Role
from store.boundaries import resting_asks
from store.people.locale import LIVES
from store.tables import ask, block, channel, introduction, membership, person, reservation, tie

_NOW: BindParameter[datetime] = bindparam("now")
_WHO: BindParameter[str] = bindparam("who")
_TARGET: BindParameter[str] = bindparam("target")
_REQUESTER: BindParameter[str] = bindparam("requester")
_PROGRAMME: BindParameter[str] = bindparam("programme")
_INTRODUCTION: BindParameter[str] = bindparam("introduction")
_PEOPLE: BindParameter[str] = bindparam("people", expanding=True)
_REQUESTERS: BindParameter[str] = bindparam("requesters", expanding=True)

LOCKED = select(person.c.id).where(person.c.id == _WHO).with_for_update()

# The way to the target.
_NOT_INVITED = exists().where(
    membership.c.person == person.c.id,
    membership.c.programme == _PROGRAMME,
    membership.c.uninvited_since.is_not(None),
)
NOT_TO_BE_ASKED = (
    select(person.c.id).where(person.c.id.in_(_PEOPLE), or_(person.c.opted_out_at.is_not(None), _NOT_INVITED)).limit(1)
)
_RESTING = person.c.paused_until.is_not(None) & (person.c.paused_until > _NOW)
_REACHABLE = (person.c.opted_out_at.is_(None), person.c.erased_at.is_(None), ~_RESTING)
PRESENT = select(person.c.id).where(person.c.id.in_(_PEOPLE), *_REACHABLE)
EMAILS = select(
    func.count().filter(channel.c.introduction.is_(None)).label("known"),
    func.count().filter(channel.c.stopped_at.is_(None) & channel.c.ended_at.is_(None)).label("usable"),
).where(channel.c.person == _WHO, channel.c.kind == "email")

# Room in a calendar: how many asks somebody was counted for in the window, as a part of a larger query.
_received = (
    select(func.count())
    .where(
        reservation.c.person == person.c.id,
        reservation.c.role == bindparam("role"),
        reservation.c.at > bindparam("counted_since"),
    )
    .correlate(person)
    .scalar_subquery()
)
ASKS_RECEIVED = select(_received).where(person.c.id == _WHO)
_COUNTED = (reservation.c.introduction == _INTRODUCTION, reservation.c.person == _WHO)
IS_COUNTED = select(reservation.c.step).where(*_COUNTED).limit(1)
IS_COUNTED_AS = IS_COUNTED.where(reservation.c.role == bindparam("role"))
IS_COUNTED_LATELY = IS_COUNTED_AS.where(reservation.c.at > bindparam("counted_since"))
COUNT = insert(reservation)

# How often this very requester has had each person asked, as a part of a larger query.
_shared = (
    select(func.count())
    .select_from(reservation.join(introduction, introduction.c.id == reservation.c.introduction))
    .where(
        reservation.c.person == person.c.id,
        reservation.c.role == Role.CONNECTOR,
        reservation.c.at > bindparam("shared_since"),
        introduction.c.requester == _REQUESTER,
    )
    .correlate(person)
    .scalar_subquery()
)
_SHARE: BindParameter[int] = bindparam("share")
STILL_FREE = _shared < _SHARE
FREE_FOR_REQUESTER = select(person.c.id).where(person.c.id == _WHO, STILL_FREE)

KIND = select(membership.c.kind).where(membership.c.person == _WHO, membership.c.programme == _PROGRAMME)

STAFF = exists().where(
    membership.c.person == person.c.id,
    membership.c.programme == _PROGRAMME,
    membership.c.operates,
)

# Who has been asked about this before.
ASKED = select(ask.c.person, ask.c.version, ask.c.state, ask.c.answer).where(
    ask.c.introduction == _INTRODUCTION, ask.c.kind == AskKind.APPROVE
)


def _free_to_connect() -> tuple[ColumnElement[bool], ...]:
    blocked = exists().where(
        or_(
            and_(block.c.blocker == person.c.id, block.c.blocked.in_(_REQUESTERS)),
            and_(block.c.blocker.in_(_REQUESTERS), block.c.blocked == person.c.id),
        )
    )
    member = exists().where(
        membership.c.person == person.c.id,
        membership.c.programme == _PROGRAMME,
        membership.c.uninvited_since.is_(None),
    )
    has_address = exists().where(
        channel.c.person == person.c.id,
        channel.c.kind == "email",
        channel.c.stopped_at.is_(None),
        channel.c.introduction.is_(None),
    )
    neither = person.c.id.not_in(bindparam("neither", expanding=True))
    return neither, ~blocked, member, has_address, ~resting_asks.is_resting(_PROGRAMME, _NOW), *_REACHABLE


_FREE_TO_CONNECT = _free_to_connect()
_MAY_CONNECT = (person.c.id.not_in(bindparam("asked_already", expanding=True)), *_FREE_TO_CONNECT)
_to_requester = tie.alias("to_requester")
KNOWS_REQUESTER = exists().where(
    _to_requester.c.connector == tie.c.connector,
    _to_requester.c.person == _REQUESTER,
    _to_requester.c.denied_at.is_(None),
)
_CONFIRMED = tie.c.confirmed_at.is_not(None)
_FRESH = and_(_CONFIRMED, tie.c.confirmed_at > bindparam("fresh_since"))
_CANDIDATES = (
    select(*LIVES)
    .join(tie, tie.c.connector == person.c.id)
    .where(tie.c.person == _TARGET, tie.c.denied_at.is_(None), ~tie.c.no_go, *_MAY_CONNECT)
    .order_by(
        case((_FRESH, 0), (_CONFIRMED, 1), else_=2),
        func.coalesce(tie.c.strength, 0).desc(),
        case((KNOWS_REQUESTER, 0), else_=1),
        tie.c.confirmed_at.desc(),
        person.c.id,
    )
    .limit(bindparam("most"))
)


@lru_cache(maxsize=32)
def candidates(kinds: int) -> Select[tuple[Any, ...]]:
    """Those who are under their cap, where so many kinds have one of their own: `of_kind_0`, `cap_of_kind_0`, …"""
    general: BindParameter[int] = bindparam("cap", type_=Integer)
    if not kinds:
        return _CANDIDATES.where(_received < general)
    own = case(
        *(
            (membership.c.kind == bindparam(f"of_kind_{n}"), bindparam(f"cap_of_kind_{n}", type_=Integer))
            for n in range(kinds)
        )
    )
    theirs = select(own).where(membership.c.person == person.c.id, membership.c.programme == _PROGRAMME)
    return _CANDIDATES.where(_received < func.coalesce(theirs.correlate(person).scalar_subquery(), general))


_UNWILLING = exists().where(
    tie.c.connector == _WHO,
    tie.c.person == _TARGET,
    or_(tie.c.no_go, tie.c.denied_at.is_not(None)),
)
PREFERRED = select(*LIVES).where(person.c.id == _WHO, ~_UNWILLING, *_MAY_CONNECT)
MAY_STILL_CONNECT = select(person.c.id).where(person.c.id == _WHO, ~_UNWILLING, *_FREE_TO_CONNECT)
