"""Resting asks: whose, why, and until when. In one programme, by its policy; the person or an operator ends it.

While they rest, nothing new is asked of this person and they make no new request; what is under way goes on. This is
not the pause somebody publishes themselves (`person.paused_until`): nobody else is told of it.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, exists, func, insert, select, update

from models.asks import WITH_DEADLINE, AskState
from models.base import Frozen
from models.ids import IntroductionId, LetterId, PersonId, ProgrammeId
from models.policy.policy import PauseRules
from models.time.open_hours import Calendar, open_at
from models.time.patience import Patience, after
from store.engine.ids import new_id
from store.tables import ask, asks_pause, introduction, letter, no_show, person, programme
from store.tables.letters import about_its_reader

RestReason = Literal["no_shows", "unanswered"]

LETTER = "asks_paused"  # belongs to no introduction: it names none, and nobody who said anything
NEXT_MORNING = Patience(amount=1, unit="mornings")
A_DAY = Patience(amount=1, unit="d")


class Pause(Frozen):
    """Asks that rest."""

    id: str
    programme: ProgrammeId
    programme_name: str
    person: PersonId
    name: str
    reason: RestReason
    since: datetime
    until: datetime


def keep_no_show(connection: Connection, told_of: IntroductionId, who: PersonId, by: PersonId, now: datetime) -> None:
    """The other party's word, once per introduction."""
    where = select(introduction.c.programme).where(introduction.c.id == told_of)
    row = {"introduction": told_of, "person": who, "by": by, "programme": where.scalar_subquery(), "at": now}
    connection.execute(insert(no_show).values(row))


def set_aside(connection: Connection, told_of: IntroductionId, who: PersonId, now: datetime) -> None:
    """They tell it otherwise: it no longer counts."""
    this = (no_show.c.introduction == told_of, no_show.c.person == who, no_show.c.set_aside_at.is_(None))
    connection.execute(update(no_show).where(*this).values(set_aside_at=now))


def rest_if_absent(
    connection: Connection, where: ProgrammeId, who: PersonId, rules: PauseRules, now: datetime, calendar: Calendar
) -> None:
    """Their asks rest once as many no-shows count as the policy says; a pause that is over gives a fresh start."""
    counted = (no_show.c.programme == where, no_show.c.person == who, no_show.c.set_aside_at.is_(None))
    since = _counted_since(connection, where, who, rules, now)
    found = connection.execute(select(func.count()).where(*counted, no_show.c.at > since)).scalar_one()
    if rules.no_shows and found >= rules.no_shows:
        _begin(connection, where, who, "no_shows", rules, now, calendar)


def rest_if_silent(
    connection: Connection, where: ProgrammeId, who: PersonId, rules: PauseRules, now: datetime, calendar: Calendar
) -> None:
    """Their asks rest once so many in a row were left unanswered. What a connector carried by hand is not counted."""
    if not rules.unanswered:
        return
    since = _counted_since(connection, where, who, rules, now)
    latest = connection.execute(
        select(ask.c.state)
        .join(introduction, introduction.c.id == ask.c.introduction)
        .where(
            ask.c.person == who,
            introduction.c.programme == where,
            ask.c.kind.in_(WITH_DEADLINE),
            ask.c.state.in_((AskState.ANSWERED, AskState.PUT_OFF, AskState.LAPSED)),
            ~ask.c.by_hand,
            ask.c.opened_at > since,
        )
        .order_by(ask.c.opened_at.desc(), ask.c.introduction, ask.c.number.desc())
        .limit(rules.unanswered)
    ).scalars()
    states = list(latest)
    if len(states) == rules.unanswered and set(states) == {AskState.LAPSED}:
        _begin(connection, where, who, "unanswered", rules, now, calendar)


def rests_until(connection: Connection, who: PersonId, where: str, now: datetime) -> datetime | None:
    """Until when this person's asks rest in this programme; None where they do not."""
    found: datetime | None = connection.execute(_UNTIL, {"who": who, "where": where, "now": now}).scalar_one()
    return found


def is_resting(where: BindParameter[str], now: BindParameter[datetime]) -> ColumnElement[bool]:
    """The same, of each person of a larger query."""
    return exists().where(
        asks_pause.c.person == person.c.id,
        asks_pause.c.programme == where,
        asks_pause.c.until > now,
        asks_pause.c.ended_at.is_(None),
    )


def of_person(connection: Connection, who: PersonId, now: datetime) -> tuple[Pause, ...]:
    """Where this person's asks rest."""
    return _read(connection, _OF_PERSON, {"who": who, "now": now})


def of_programmes(connection: Connection, programmes: tuple[str, ...], now: datetime) -> tuple[Pause, ...]:
    """Whose asks rest in these programmes: an operator may talk to them, or end it."""
    open_ones = (asks_pause.c.until > now, asks_pause.c.ended_at.is_(None))
    return _read(connection, _pauses().where(asks_pause.c.programme.in_(programmes), *open_ones))


def told_by(connection: Connection, letter_id: LetterId, now: datetime) -> Pause | None:
    """The pause this letter tells of, if it is still in force."""
    open_ones = (asks_pause.c.until > now, asks_pause.c.ended_at.is_(None))
    return next(iter(_read(connection, _pauses().where(asks_pause.c.letter == letter_id, *open_ones))), None)


def end_all(connection: Connection, who: PersonId, now: datetime) -> int:
    """They return by themselves, everywhere. How many pauses that ended."""
    ended = update(asks_pause).where(*_in_force(who, now)).values(ended_at=now, ended_by=who)
    return connection.execute(ended).rowcount


def end_one(connection: Connection, pause: str, programmes: tuple[str, ...], by: PersonId, now: datetime) -> bool:
    """An operator lifts a pause in a programme of theirs. False: there is none such."""
    this = (asks_pause.c.id == pause, asks_pause.c.programme.in_(programmes), asks_pause.c.ended_at.is_(None))
    return connection.execute(update(asks_pause).where(*this).values(ended_at=now, ended_by=by)).rowcount == 1


def _begin(
    connection: Connection,
    where: ProgrammeId,
    who: PersonId,
    reason: RestReason,
    rules: PauseRules,
    now: datetime,
    calendar: Calendar,
) -> None:
    if rests_until(connection, who, where, now):
        return
    # Not at once: a letter on the heels of a report would say whose it was.
    short = rules.lasts.nominal < A_DAY.nominal
    told_at, named = now if short else open_at(after(now, NEXT_MORNING, calendar), calendar), new_id("let")
    connection.execute(insert(letter).values(about_its_reader(named, LETTER, who, told_at)))
    row = {"id": new_id("pau"), "programme": where, "person": who, "reason": reason, "since": now, "letter": named}
    connection.execute(insert(asks_pause).values(row | {"until": after(now, rules.lasts, calendar)}))


def _counted_since(
    connection: Connection, where: ProgrammeId, who: PersonId, rules: PauseRules, now: datetime
) -> datetime:
    last = select(func.max(asks_pause.c.since)).where(asks_pause.c.programme == where, asks_pause.c.person == who)
    paused: datetime | None = connection.execute(last).scalar_one()
    window = now - rules.counted_within.nominal
    return max(paused, window) if paused else window


def _in_force(
    who: PersonId | BindParameter[str], now: datetime | BindParameter[datetime]
) -> tuple[ColumnElement[bool], ...]:
    return asks_pause.c.person == who, asks_pause.c.until > now, asks_pause.c.ended_at.is_(None)


def _pauses() -> Select[Any]:
    return (
        select(asks_pause, programme.c.name.label("programme_name"), person.c.name)
        .join(programme, programme.c.id == asks_pause.c.programme)
        .join(person, person.c.id == asks_pause.c.person)
        .order_by(asks_pause.c.until, asks_pause.c.id)
    )


def _read(connection: Connection, query: Select[Any], told: dict[str, Any] | None = None) -> tuple[Pause, ...]:
    rows = connection.execute(query, told)
    return tuple(Pause(**{name: row._mapping[name] for name in Pause.model_fields}) for row in rows)


# Built once: building a statement costs more than running it, and the door and each page of somebody's own run these.
_NOW: BindParameter[datetime] = bindparam("now")
_WHO: BindParameter[str] = bindparam("who")
_UNTIL = select(func.max(asks_pause.c.until)).where(
    asks_pause.c.programme == bindparam("where"), *_in_force(_WHO, _NOW)
)
_OF_PERSON = _pauses().where(*_in_force(_WHO, _NOW))
