"""Verification of the whole record.

The chain, the read model, the rules and each letter, gone through from the ledger up.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from models.base import Frozen
from models.ids import ChannelId, IntroductionId
from models.record.invariants import violations
from models.record.invariants.facts import Happened
from models.record.ledger import START, Began, Entry, Moved, add_up, seal_text
from store.audit import proof
from store.audit.text_hashes import compare
from store.engine.database import Database
from store.engine.db_errors import FromNewer
from store.journal import ledger
from store.journal.disclosure_columns import told_again
from store.letters import outbox
from store.letters.outbox import Letter
from store.tables import ask, channel, introduction
from store.tables import ledger as ledger_table

_STANDING = ("stage", "waiting_on", "due_at", "version", "target", "connector", "approved", "told", "ending", "held")
_ASK = ("number", "kind", "role", "person", "version", "due_at", "state")


class BrokenRule(Frozen):
    """Something that must never be seen, and where. Ids only: it may stand in a log."""

    introduction: str
    rule: str
    what: str


class Verified(NamedTuple):
    """One introduction, gone through from its first event to its last."""

    introduction: IntroductionId
    events: int
    letters: int
    faults: tuple[BrokenRule, ...]
    erased: int = 0  # texts that are gone: their hashes stand, and can no longer be compared with anything


async def verify(database: Database) -> AsyncIterator[Verified]:
    """Every introduction, one after the other, so that nobody else has to wait for all of them."""
    for each in await database.read(_all):
        yield await database.read(partial(verify_one, introduction_id=each))


def verify_one(connection: Connection, introduction_id: IntroductionId) -> Verified:
    rows = connection.execute(
        select(ledger_table).where(ledger_table.c.scope == introduction_id).order_by(ledger_table.c.seq)
    ).all()
    letters = outbox.of_introduction(connection, introduction_id)
    faults = [BrokenRule(introduction=introduction_id, rule="chain", what=what) for what in _chain(connection, rows)]
    events = None if faults else ledger.read(rows)
    if events:
        told = [
            *_adds_up(connection, introduction_id, events),
            *_rules(events),
            *proof.faults(events, letters, _given(connection, letters)),
        ]
        faults = [BrokenRule(introduction=introduction_id, rule=rule, what=what) for rule, what in told]
        wrong, erased = compare(connection, introduction_id, events)
        faults += [BrokenRule(introduction=introduction_id, rule="S24 texts", what=what) for what in wrong]
    return Verified(introduction_id, len(rows), len(letters), tuple(faults), erased if events else 0)


def _all(connection: Connection) -> list[IntroductionId]:
    known = connection.execute(select(introduction.c.id)).scalars()
    in_ledger = connection.execute(select(ledger_table.c.scope).distinct()).scalars()
    return sorted({IntroductionId(each) for each in (*known, *in_ledger)})


def _chain(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[str]:
    """Each row seals itself and the one before; the introduction knows the last seal, so none is missing at the end."""
    previous = START
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq or row.previous != previous:
            yield f"event {row.seq} does not follow the one before"
        if row.hash != seal_text(row.scope, row.seq, row.at, row.body, row.previous):
            yield f"event {row.seq} is not what was sealed"
        if not _is_readable(row):
            yield f"event {row.seq} cannot be read"
        previous = row.hash
    if rows:
        end = connection.execute(
            select(introduction.c.ledger_seq, introduction.c.ledger_hash).where(introduction.c.id == rows[0].scope)
        ).one_or_none()
        if end is None or (end.ledger_seq, end.ledger_hash) != (rows[-1].seq, previous):
            yield "the chain ends elsewhere than its introduction says"


def _is_readable(row: Row[Any]) -> bool:
    try:
        event = ledger.event_of(row.body)
    except FromNewer:
        return False
    return (event.kind, ledger.step_of(event)) == (row.kind, row.step)


def _adds_up(
    connection: Connection, introduction_id: IntroductionId, events: Sequence[Entry]
) -> Iterator[tuple[str, str]]:
    """The read model is what the ledger adds up to (S18)."""
    added_up = add_up([entry.event for entry in events])
    row = connection.execute(select(introduction).where(introduction.c.id == introduction_id)).one()
    if added_up is None:
        yield "S18 fold", "letters without a beginning"
        return
    if row.step != added_up.step:
        yield "S18 fold", f"step is {row.step}, the ledger says {added_up.step}"
    for name in _STANDING:
        if row._mapping[name] != getattr(added_up.standing, name):
            yield "S18 fold", f"{name} is not what the ledger says"
    for name, value in told_again(row, events).items():
        if row._mapping[name] != value:
            yield "S18 fold", f"{name} is not what the ledger says"
    kept = connection.execute(select(ask).where(ask.c.introduction == introduction_id).order_by(ask.c.number)).all()
    shown = [tuple(each._mapping[name] for name in _ASK) for each in kept]
    if shown != [tuple(getattr(each, name) for name in _ASK) for each in added_up.asks]:
        yield "S18 fold", "the asks are not what the ledger says"


def _given(connection: Connection, letters: Sequence[Letter]) -> list[ChannelId]:
    """Which of the addresses they went to were given for one introduction."""
    used = {letter.channel for letter in letters if letter.channel}
    given = select(channel.c.id).where(channel.c.id.in_(used), channel.c.introduction.is_not(None))
    return list(connection.execute(given).scalars())


def _rules(events: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    history = [Happened(entry.at, entry.event) for entry in events if isinstance(entry.event, Began | Moved)]
    for found in violations(history):
        yield found.rule, f"step {found.event + 1}: {found.what}"
