"""When several act in the same instant, is it decided once? Real threads at a barrier, each with its own connection."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.engine import make_url

from models.ids import IntroductionId
from models.introduction import Opening
from models.news import ConnectorFound, Withdrew
from models.policy import Policy
from models.process import begin
from models.recording import Recorded, Recording
from store import inbox
from store.database import sqlite_engine
from store.migrating import upgrade
from store.recording import record
from store.tables import inbox as inbox_table
from store.tables import ledger, reservation
from tests import rows
from tests.cast import CARL, CLEO, MONDAY, ROSA, Person, opening, policy

ACTORS = 4
T = TypeVar("T")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = sqlite_engine(make_url(f"sqlite:///{tmp_path / 'races.db'}"), durable=False)
    with made.begin() as connection:
        upgrade(connection)
        rows.settle_in(connection, policy("demo"), MONDAY, (CARL, CLEO))
    yield made
    made.dispose()


def test_a_page_sent_by_four_at_once_is_one_row(engine: Engine) -> None:
    asked = [_asked(engine, number) for number in range(25)]
    for each in asked:
        kept = at_once(engine, lambda connection, each=each: _withdraw(connection, each))  # type: ignore[misc]
        assert len({row.key for row in kept}) == 1
        assert sorted(row.repeated for row in kept) == [False, True, True, True]
    with engine.begin() as connection:
        count = select(func.count()).select_from(inbox_table)
        assert connection.execute(count).scalar_one() == len(asked)


def test_a_step_recorded_by_four_at_once_is_recorded_once(engine: Engine) -> None:
    for number in range(25):
        opened = _asked(engine, number)
        first = Recording.of(begin(opened, MONDAY), None, MONDAY)
        replies = at_once(engine, lambda connection, first=first: record(connection, first))  # type: ignore[misc]
        assert len({reply.model_dump_json() for reply in replies}) == 1
        with engine.begin() as connection:
            of_it = select(func.count()).select_from(ledger).where(ledger.c.scope == opened.id)
            assert connection.execute(of_it).scalar_one() == 1


def test_caps_hold_when_many_are_placed_at_once(engine: Engine) -> None:
    """Two connectors with three asks each: of twenty introductions six are placed, and no more."""
    capped = policy("demo", {"connector.cap": 3, "target.cap": 100})
    starts = [Recording.of(begin(_asked(engine, n, capped), MONDAY), None, MONDAY) for n in range(20)]
    barrier = threading.Barrier(ACTORS)

    def place(mine: list[Recording]) -> list[Recorded]:
        barrier.wait(timeout=30)
        done = []
        for each in mine:
            with engine.begin() as connection:
                done.append(record(connection, each))
        return done

    with ThreadPoolExecutor(ACTORS) as actors:
        shares = [starts[actor::ACTORS] for actor in range(ACTORS)]
        recorded = [each for share in actors.map(place, shares) for each in share]
    found = Counter(
        reply.connector.id for each in recorded for reply in each.replies if isinstance(reply, ConnectorFound)
    )
    assert found == {CARL.id: 3, CLEO.id: 3}
    with engine.begin() as connection:
        kept = select(func.count()).select_from(reservation).where(reservation.c.role == "connector")
        assert connection.execute(kept).scalar_one() == 6


def at_once(engine: Engine, work: Callable[[Connection], T]) -> list[T]:
    """The same work by four actors who start in the same instant."""
    barrier = threading.Barrier(ACTORS)

    def act(_: int) -> T:
        barrier.wait(timeout=30)
        with engine.begin() as connection:
            return work(connection)

    with ThreadPoolExecutor(ACTORS) as actors:
        return list(actors.map(act, range(ACTORS)))


def _asked(engine: Engine, number: int, rules: Policy | None = None) -> Opening:
    """A request for somebody new, so that many may be under way at once; Carl and Cleo know everybody."""
    with engine.begin() as connection:
        target: Person = rows.somebody_new(connection, CARL, MONDAY)
        rows.knows(connection, CLEO, target, 4, MONDAY)
        known = opening(rules or policy("demo"), target=target)
        opened = known.model_copy(update={"id": IntroductionId(f"int_{number}")})
        rows.ask_at_the_door(connection, opened)
    return opened


def _withdraw(connection: Connection, opened: Opening) -> inbox.Inboxed:
    news = Withdrew(by=ROSA.id)
    return inbox.put(connection, introduction_id=opened.id, news=news, via="link", nonce="page-1", now=MONDAY)
