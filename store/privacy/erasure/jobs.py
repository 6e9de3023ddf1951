"""Erasure jobs. One row for each: what is due, what was done, and the proof of it."""

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from models.base import Frozen
from models.ids import PersonId
from models.news import Erased
from store.access import link_tokens
from store.asks import held_answers
from store.boundaries import suppressions
from store.engine.ids import new_id
from store.engine.secrets import Keys
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.people.identity import silenced_with
from store.privacy.erasure import records_of
from store.tables import erasure, known_as, person, session
from store.tables import inbox as inbox_table

AskedBy = Literal["themself", "operator", "key", "journal"]
JobState = Literal["asked", "wiped", "forgotten", "done"]
PURPOSE = "erasure"  # of the mark by which the journal knows somebody
HEARD_WITHIN = timedelta(seconds=30)  # Temporal away any longer: nothing leaves in any case, so the words go first
LONGEST_WAIT = timedelta(minutes=15)


class ErasureJob(Frozen):
    """One person being forgotten. `counts` says how much is gone, by table; none of it says what it was."""

    id: str
    tenant: str
    person: PersonId
    asked_by: AskedBy
    asked_at: datetime
    state: JobState
    mark: str
    suppressed: tuple[str, ...]
    wiped_at: datetime | None
    done_at: datetime | None
    counts: dict[str, int] | None
    executions: int | None
    tries: int


class ErasureAsked(Frozen):
    """The jobs, one for each record of the person, and the news that what is under way has to hear."""

    erasures: tuple[ErasureJob, ...]
    told: tuple[Inboxed, ...]


def ask(connection: Connection, who: PersonId, keys: Keys, by: AskedBy, now: datetime) -> ErasureAsked:
    """From this commit on they are gone for everybody: no letter starts, no page of theirs opens, nobody finds them."""
    found = [_ask(connection, each, keys, by, now) for each in records_of.records(connection, who)]
    told = [news for each in found for news in tell(connection, each, now)]
    return ErasureAsked(erasures=tuple(found), told=tuple(told))


def tell(connection: Connection, which: ErasureJob, now: datetime) -> tuple[Inboxed, ...]:
    """Everything of theirs that is under way hears of it, once."""
    return tuple(
        inbox.put(
            connection,
            introduction_id=each,
            news=Erased(by=which.person),
            via="own_page" if which.asked_by == "themself" else "console",
            nonce=which.id,
            now=now,
        )
        for each in records_of.under_way(connection, which.person)
    )


def is_heard(connection: Connection, which: ErasureJob) -> bool:
    """Nothing under way has yet to hear that they are gone."""
    waits = (inbox_table.c.nonce == which.id, inbox_table.c.state == "waiting")
    return connection.execute(select(inbox_table.c.key).where(*waits).limit(1)).first() is None


def due(connection: Connection, now: datetime, limit: int = 20) -> list[ErasureJob]:
    rows = connection.execute(
        select(erasure)
        .where(erasure.c.state != "done", erasure.c.next_try_at <= now)
        .order_by(erasure.c.asked_at, erasure.c.id)
        .limit(limit)
    )
    return [_read(row) for row in rows]


def waiting(connection: Connection) -> list[ErasureJob]:
    """Every erasure that is not done, the oldest first."""
    rows = connection.execute(
        select(erasure).where(erasure.c.state != "done").order_by(erasure.c.asked_at, erasure.c.id)
    )
    return [_read(row) for row in rows]


def get(connection: Connection, which: str) -> ErasureJob | None:
    row = connection.execute(select(erasure).where(erasure.c.id == which)).one_or_none()
    return _read(row) if row else None


def of_person(connection: Connection, who: PersonId) -> ErasureJob | None:
    row = connection.execute(select(erasure).where(erasure.c.person == who)).one_or_none()
    return _read(row) if row else None


def step(connection: Connection, which: ErasureJob, to: JobState, now: datetime, **facts: object) -> bool:
    """Guarded by the state before: whoever comes second changes nothing."""
    moved = connection.execute(
        update(erasure)
        .where(erasure.c.id == which.id, erasure.c.state == which.state)
        .values(state=to, tries=0, next_try_at=now, **facts)
    )
    return moved.rowcount == 1


def try_again(connection: Connection, which: ErasureJob, now: datetime) -> None:
    """Somebody has yet to hear it, or Temporal has yet to let go of it: later, at growing intervals."""
    wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(which.tries, 10)))
    connection.execute(
        update(erasure)
        .where(erasure.c.id == which.id, erasure.c.state == which.state)
        .values(tries=erasure.c.tries + 1, next_try_at=now + wait)
    )


def count(connection: Connection, which: ErasureJob, gone: dict[str, int]) -> None:
    """Added to what had gone before."""
    row = erasure.c.id == which.id
    before = connection.execute(select(erasure.c.counts).where(row)).scalar_one() or {}
    added = {name: before.get(name, 0) + gone.get(name, 0) for name in sorted({*before, *gone})}
    connection.execute(update(erasure).where(row).values(counts=added))


def _ask(connection: Connection, who: PersonId, keys: Keys, by: AskedBy, now: datetime) -> ErasureJob:
    earlier = of_person(connection, who)
    if earlier:
        return earlier
    tenant = connection.execute(select(person.c.tenant).where(person.c.id == who)).scalar_one()
    connection.execute(update(person).where(person.c.id == who, person.c.erased_at.is_(None)).values(erased_at=now))
    connection.execute(session.delete().where(session.c.person == who))
    link_tokens.close_all(connection, who)
    held_answers.drop_about(connection, who, now)
    marks = _marks(connection, who, keys)
    for mark in marks:
        suppressions.forget(connection, tenant, mark, now)
    row = {"id": new_id("era"), "tenant": tenant, "person": who, "asked_by": by, "asked_at": now, "state": "asked"}
    row |= {"mark": keys.keyed_hash(who.encode(), PURPOSE), "suppressed": marks, "tries": 0, "next_try_at": now}
    connection.execute(insert(erasure).values(row))
    made = of_person(connection, who)
    assert made
    return made


def _marks(connection: Connection, who: PersonId, keys: Keys) -> list[str]:
    """Every mailbox that is theirs, and every key by which a source knows them; not what was somebody else's."""
    sources = select(known_as.c.key).where(known_as.c.person == who)
    marks = {suppressions.mark(keys, each) for each in silenced_with(connection, who)}
    marks |= {suppressions.key_mark(keys, each) for each in connection.execute(sources).scalars()}
    return sorted(marks)


def _read(row: Row[Any]) -> ErasureJob:
    return ErasureJob.model_validate({name: row._mapping[name] for name in ErasureJob.model_fields})
