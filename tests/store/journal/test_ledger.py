"""The ledger is one chain an introduction, appended by anybody, and what was stored is what was sealed."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.util import await_only

from models.ids import LetterId
from models.letters import LetterKind
from models.process.state.opening import MadeBy
from models.record.ledger import START, Mailed, canonical, seal_text
from store.engine.database import Database, database, open_database
from store.journal.ledger import ChainBusy, End, append, entries, text_hash
from store.tables import introduction, ledger
from tests.cast import INTRODUCTION, MONDAY, ROSA, opening, policy
from tests.support import rows
from tests.support.services.databases import Place

EVENT = Mailed(
    letter=LetterId("let_1"), template=LetterKind.CONFIRM_REQUEST, state="started", to=ROSA.id, version=1, note="ünï"
)


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        await opened.write(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
        await opened.write(lambda connection: rows.ask_at_the_door(connection, opening("demo", MadeBy.KEY)))
        yield opened


async def test_each_event_is_bound_to_the_one_before(store: Database) -> None:
    first = await store.write(lambda connection: append(connection, INTRODUCTION, MONDAY, EVENT))
    second = await store.write(lambda connection: append(connection, INTRODUCTION, MONDAY, EVENT))
    assert (first.seq, first.previous) == (1, START)
    assert (second.seq, second.previous) == (2, first.hash)
    assert await store.read(lambda connection: entries(connection, INTRODUCTION)) == [first, second]


async def test_what_is_stored_is_what_was_sealed(store: Database) -> None:
    await store.write(lambda connection: append(connection, INTRODUCTION, MONDAY, EVENT))
    row = await store.read(lambda connection: connection.execute(select(ledger)).one())
    assert row.body == canonical(EVENT)
    assert row.hash == seal_text(row.scope, row.seq, row.at, row.body, row.previous)


async def test_the_introduction_knows_where_its_chain_ends(store: Database) -> None:
    last = await store.write(lambda connection: append(connection, INTRODUCTION, MONDAY, EVENT))
    row = await store.read(lambda connection: connection.execute(select(introduction)).one())
    assert (row.ledger_seq, row.ledger_hash) == (last.seq, last.hash)


async def test_who_knows_where_the_chain_ended_is_not_misled_where_it_has_grown(store: Database) -> None:
    first = await store.write(lambda connection: append(connection, INTRODUCTION, MONDAY, EVENT))
    ended = End(first.seq, first.hash)
    for _ in range(2):  # the second time there is one more
        await store.write(lambda connection: append(connection, INTRODUCTION, MONDAY, EVENT, ended))
    chain = await store.read(lambda connection: entries(connection, INTRODUCTION))
    assert [entry.seq for entry in chain] == [1, 2, 3]
    assert [entry.previous for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]


async def test_several_who_append_at_once_make_one_chain(store: Database, place: Place) -> None:
    others = [open_database(place.url, durable=False) for _ in range(3)]
    work = [other.write(lambda connection: append(connection, INTRODUCTION, MONDAY, EVENT)) for other in others * 10]
    await asyncio.gather(*work)
    chain = await store.read(lambda connection: entries(connection, INTRODUCTION))
    assert [entry.seq for entry in chain] == list(range(1, 31))
    assert [entry.previous for entry in chain[1:]] == [entry.hash for entry in chain[:-1]]
    for other in others:
        await other.close()


async def test_what_is_read_is_of_one_instant_though_others_go_on_writing(store: Database, place: Place) -> None:
    here = asyncio.get_running_loop()

    def reads_twice(connection: Connection) -> tuple[int, int]:
        before = len(entries(connection, INTRODUCTION))
        writing = other.write(lambda elsewhere: append(elsewhere, INTRODUCTION, MONDAY, EVENT))
        if connection.dialect.name == "sqlite":  # in a thread of its own; PostgreSQL in this loop's
            asyncio.run_coroutine_threadsafe(writing, here).result()
        else:
            await_only(writing)
        return before, len(entries(connection, INTRODUCTION))

    async with database(place.url, durable=False) as other:
        assert await store.read(reads_twice) == (0, 0)
    assert len(await store.read(lambda connection: entries(connection, INTRODUCTION))) == 1


async def test_nothing_is_appended_for_an_introduction_that_does_not_exist(store: Database) -> None:
    nobody = INTRODUCTION.__class__("int_nobody")
    with pytest.raises(ChainBusy):
        await store.write(lambda connection: append(connection, nobody, MONDAY, EVENT))


def test_a_text_is_known_by_its_hash_only_with_its_salt() -> None:
    assert text_hash("salt", "A note.") == text_hash("salt", "A note.")
    assert len({text_hash("salt", "A note."), text_hash("salt", "A note!"), text_hash("pepper", "A note.")}) == 3
