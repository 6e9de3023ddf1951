"""The ledger, written and read. Events are appended to one introduction's chain, and never changed."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import Connection, Row, bindparam, insert, select, update

from models.base import OWN
from models.ids import IntroductionId
from models.record.ledger import EVENT, Began, Entry, Event, Mailed, canonical, seal_text
from store.engine.db_errors import FromNewer
from store.tables import introduction, ledger

TRIES = 5  # of an append that found the chain longer than it had read; under the row's lock the first succeeds


# Built once: building a statement costs more than running it, and every step runs these.
_THIS = introduction.c.id == bindparam("scope")
_END = select(introduction.c.ledger_seq, introduction.c.ledger_hash).where(_THIS).with_for_update()
_APPEND = insert(ledger)
_MOVE_END = (
    update(introduction).where(
        _THIS, introduction.c.ledger_seq == bindparam("known_end")
    )  # the values come with the call
)


class ChainBusy(Exception):
    """Others kept appending to this chain, or there is no such introduction. Nothing was appended."""


class End(NamedTuple):
    """Where a chain ends: the number and the hash of its last event."""

    seq: int
    hash: str


def append(
    connection: Connection,
    scope: IntroductionId,
    at: datetime,
    event: Event,
    known_end: End | None = None,
    beside: Mapping[str, Any] | None = None,
) -> Entry:
    """The next event of an introduction. The hash covers the text exactly as it is stored.

    `known_end` is where whoever holds the introduction found its chain to end; where it has grown since, it is read.
    `beside`: columns of its row that follow from the event, written in the same statement that moves the end.
    """
    body = canonical(event)
    for _ in range(TRIES):
        seq, previous = known_end or hold(connection, scope)
        known_end = None
        following = Entry(
            scope=scope,
            seq=seq + 1,
            at=at,
            event=event,
            previous=previous,
            hash=seal_text(scope, seq + 1, at, body, previous),
        )
        if _moves_the_end(connection, following, beside or {}):
            connection.execute(_APPEND, _row(following, body))
            return following
    raise ChainBusy(scope)


def hold(connection: Connection, scope: IntroductionId) -> End:
    """Where the chain ends. Until this transaction is over nobody else appends to it, nor puts news in its inbox.

    SQLite has one writer at a time anyway; PostgreSQL locks the row, and rows that refer to it wait for that lock.
    """
    found = connection.execute(_END, {"scope": scope}).one_or_none()
    if found is None:
        raise ChainBusy(scope)
    return End(found.ledger_seq, found.ledger_hash)


def entries(connection: Connection, scope: IntroductionId) -> list[Entry]:
    """All events of one introduction, in order."""
    return read(connection.execute(select(ledger).where(ledger.c.scope == scope).order_by(ledger.c.seq)))


def entries_of(connection: Connection, scopes: Collection[IntroductionId]) -> dict[IntroductionId, list[Entry]]:
    """The same of several, read with one statement."""
    found: dict[IntroductionId, list[Entry]] = {each: [] for each in scopes}
    query = select(ledger).where(ledger.c.scope.in_(sorted(found))).order_by(ledger.c.scope, ledger.c.seq)
    for entry in read(connection.execute(query)):
        found[entry.scope].append(entry)
    return found


def event_of(body: str) -> Event:
    """As it was written, by us or by a newer version; FromNewer where we do not know such a thing."""
    try:
        return EVENT.validate_json(body, extra=OWN)
    except ValidationError:
        raise FromNewer from None


def read(rows: Iterable[Row[Any]]) -> list[Entry]:
    return [
        Entry(
            scope=row.scope,
            seq=row.seq,
            at=row.at,
            event=event_of(row.body),
            previous=row.previous,
            hash=row.hash,
        )
        for row in rows
    ]


def step_of(event: Event) -> int | None:
    """The step this event records; None for what became of a letter."""
    if isinstance(event, Mailed):
        return None
    return 1 if isinstance(event, Began) else event.step


def text_hash(salt: str, body: str) -> str:
    """What stands for somebody's words in the ledger. Without their salt, which erasing deletes, it says nothing."""
    return hmac.new(salt.encode(), body.encode(), hashlib.sha256).hexdigest()


def _moves_the_end(connection: Connection, following: Entry, beside: Mapping[str, Any]) -> bool:
    known = {"scope": following.scope, "known_end": following.seq - 1}
    end = {"ledger_seq": following.seq, "ledger_hash": following.hash}
    moved = connection.execute(_MOVE_END, known | end | dict(beside))
    return moved.rowcount == 1


def _row(following: Entry, body: str) -> dict[str, object]:
    return {
        "scope": following.scope,
        "seq": following.seq,
        "step": step_of(following.event),
        "kind": following.event.kind,
        "at": following.at,
        "body": body,
        "previous": following.previous,
        "hash": following.hash,
    }
