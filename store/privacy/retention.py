"""Retention carried out in the store: class by class, and a row for each says how much went and until when."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, insert, or_, select

from models.base import Frozen
from models.ids import ProgrammeId
from models.policy.retention import RetentionRules
from store.audit import exposure
from store.engine.ids import new_id
from store.programmes.policies import policy_in_force
from store.tables import (
    block,
    channel,
    conflict,
    consent,
    contact_view,
    disclosure,
    draft,
    idempotency,
    introduction,
    known_as,
    letter,
    logo,
    mail,
    membership,
    name_change,
    person,
    photo,
    private_note,
    programme,
    rate,
    retention_run,
    session,
    tie,
    token,
    words,
)

EVERY = timedelta(days=1)
AT_ONCE = 1000  # introductions or people in one run; the rest follows with the next
LINKS, ANSWERS, ENDED = timedelta(days=30), timedelta(days=1), timedelta(days=1)
LOGOS = timedelta(days=731)  # after the last programme has dropped one: letters that show it are read until then


class Run(Frozen):
    """One class in one run."""

    programme: str | None
    of: str
    until: datetime
    gone: int
    at: datetime


def is_due(connection: Connection, now: datetime) -> bool:
    last = connection.execute(select(func.max(retention_run.c.at))).scalar_one()
    return last is None or now - last >= EVERY


def keep(connection: Connection, now: datetime) -> list[Run]:
    """One run over everything. Safe to repeat, and beside another."""
    exposure.remember(connection, frozenset(), now)  # real people were here, also once nobody of them is
    runs: list[Run] = []
    longest = timedelta()
    for each in connection.execute(select(programme.c.id).order_by(programme.c.id)).scalars():
        rules = policy_in_force(connection, ProgrammeId(each)).retention
        longest = max(longest, rules.unused_imports.nominal)
        runs += [_run(connection, each, of, rules.until(now)[of], now) for of in OF_PROGRAMME]
    runs += [_run(connection, None, of, now - kept, now) for of, kept in KEPT.items()]
    runs.append(_run(connection, None, "unused_imports", now - (longest or EVERY * 30), now))
    return runs


def runs(connection: Connection, most: int = 100) -> list[Run]:
    """What has gone, the latest first."""
    rows = connection.execute(select(retention_run).order_by(retention_run.c.at.desc(), retention_run.c.id).limit(most))
    return [Run(programme=row.programme, of=row.of, until=row.until, gone=row.gone, at=row.at) for row in rows]


def rules_of(connection: Connection) -> dict[str, RetentionRules]:
    """Programmes by name, with what their policies in force say."""
    rows = connection.execute(select(programme.c.id, programme.c.name).order_by(programme.c.name)).all()
    return {row.name: policy_in_force(connection, ProgrammeId(row.id)).retention for row in rows}


def _run(connection: Connection, of_programme: str | None, of: str, until: datetime, now: datetime) -> Run:
    gone = CLEARED[of](connection, of_programme or "", until)
    done = Run(programme=of_programme, of=of, until=until, gone=gone, at=now)
    connection.execute(insert(retention_run).values(id=new_id("ret"), **done.model_dump()))
    return done


def _delete(connection: Connection, table: Any, *where: ColumnElement[bool]) -> int:
    return connection.execute(table.delete().where(*where)).rowcount


def _closed(of_programme: str, until: datetime, still_has: ColumnElement[bool]) -> Select[Any]:
    ended = (introduction.c.programme == of_programme, introduction.c.closed_at <= until)
    return select(introduction.c.id).where(*ended, still_has).order_by(introduction.c.closed_at).limit(AT_ONCE)


def _texts(connection: Connection, of_programme: str, until: datetime) -> int:
    """Of what has ended: its texts, the addresses that were given for it alone, its letters on the mail page."""
    about = introduction.c.id
    in_mail = exists().where(letter.c.id == mail.c.letter, letter.c.introduction == about)
    written = (words, private_note, channel)
    has = or_(in_mail, *(exists().where(table.c.introduction == about) for table in written))
    old = list(connection.execute(_closed(of_programme, until, has)).scalars())
    letters = select(letter.c.id).where(letter.c.introduction.in_(old))
    return sum(_delete(connection, table, table.c.introduction.in_(old)) for table in written) + _delete(
        connection, mail, mail.c.letter.in_(letters)
    )


def _consents(connection: Connection, of_programme: str, until: datetime) -> int:
    about = introduction.c.id
    has = or_(exists().where(consent.c.introduction == about), exists().where(disclosure.c.introduction == about))
    old = list(connection.execute(_closed(of_programme, until, has)).scalars())
    return _delete(connection, consent, consent.c.introduction.in_(old)) + _delete(
        connection, disclosure, disclosure.c.introduction.in_(old)
    )


def _drafts(connection: Connection, of_programme: str, until: datetime) -> int:
    return _delete(connection, draft, draft.c.programme == of_programme, draft.c.at <= until)


def _unused_imports(connection: Connection, _: str, until: datetime) -> int:
    """People whom only a list has named: in no programme, part of nothing, never at a page of ours."""
    part_of_something = (
        exists().where(membership.c.person == person.c.id),
        exists().where(or_(introduction.c.requester == person.c.id, introduction.c.target == person.c.id)),
        exists().where(letter.c.person == person.c.id),
        exists().where(words.c.owner == person.c.id),
        exists().where(or_(block.c.blocker == person.c.id, block.c.blocked == person.c.id)),
        exists().where(or_(conflict.c.one == "person " + person.c.id, conflict.c.other == "person " + person.c.id)),
        exists().where(or_(contact_view.c.person == person.c.id, contact_view.c.viewer == person.c.id)),
        exists().where(tie.c.connector == person.c.id),
        exists().where(photo.c.person == person.c.id),
        exists().where(name_change.c.person == person.c.id),
        exists().where(tie.c.person == person.c.id, or_(tie.c.confirmed_at.is_not(None), tie.c.no_go)),
    )
    kept = (person.c.opted_out_at.is_not(None), person.c.erased_at.is_not(None), person.c.merged_into.is_not(None))
    unused = select(person.c.id).where(
        person.c.created_at <= until, exists().where(known_as.c.person == person.c.id), ~or_(*part_of_something, *kept)
    )
    found = list(connection.execute(unused.order_by(person.c.created_at, person.c.id).limit(AT_ONCE)).scalars())
    for table, column in ((known_as, known_as.c.person), (channel, channel.c.person), (tie, tie.c.person)):
        _delete(connection, table, column.in_(found))
    return _delete(connection, person, person.c.id.in_(found))


def _links(connection: Connection, _: str, until: datetime) -> int:
    """What has ceased to open anything; until then its page still says how things stand."""
    used = (token.c.purpose == "sign_in") & token.c.used_at.is_not(None) & (token.c.used_at <= until)
    return _delete(connection, token, or_(token.c.expires_at <= until, used))


CLEARED: dict[str, Callable[[Connection, str, datetime], int]] = {
    "texts": _texts,
    "consents": _consents,
    "drafts": _drafts,
    "unused_imports": _unused_imports,
    "links": _links,
    "sessions": lambda connection, _, until: _delete(connection, session, session.c.expires_at <= until),
    "rates": lambda connection, _, until: _delete(connection, rate, rate.c.at <= until),
    "answers": lambda connection, _, until: _delete(connection, idempotency, idempotency.c.at <= until),
    "logos": lambda connection, _, until: _delete(connection, logo, logo.c.dropped_at <= until),
}
OF_PROGRAMME = ("texts", "consents", "drafts")
KEPT = {"links": LINKS, "sessions": ENDED, "rates": ENDED, "answers": ANSWERS, "logos": LOGOS}
