"""What several do in the same instant is decided once. Real threads at a barrier, each with its own connection."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy import Connection, Select, func, select, update

from models.ids import IntroductionId
from models.news import ConnectorFound, Withdrew
from models.policy.policy import Policy
from models.process.state.opening import Opening
from models.process.story import begin
from models.record.step_record import Recorded, Recording
from store.installation import namespace
from store.journal import inbox
from store.steps.step_recorder import record
from store.tables import inbox as inbox_table
from store.tables import ledger, membership, reservation
from tests.cast import CARL, CLEO, MONDAY, ROSA, Person, opening, policy
from tests.support import rows
from tests.support.services.databases import Place

ACTORS = 4
SOME, MANY = 25, 300  # introductions raced over, in each run and in `make soak`
T = TypeVar("T")


@pytest.fixture
def settled(place: Place) -> Place:
    place.run(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY, (CARL, CLEO)))
    return place


@pytest.fixture(params=[SOME, pytest.param(MANY, marks=[pytest.mark.soak, pytest.mark.timeout(1_200)])])
def count(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def test_a_page_sent_by_four_at_once_is_one_row(settled: Place, count: int) -> None:
    asked = [_asked(settled, number) for number in range(count)]
    for each in asked:
        kept = at_once(settled, lambda connection, each=each: _withdraw(connection, each))  # type: ignore[misc]
        assert len({row.key for row in kept}) == 1
        assert sorted(row.repeated for row in kept) == [False, True, True, True]
    rows_kept = select(func.count()).select_from(inbox_table)
    assert settled.run(partial(_number, query=rows_kept)) == len(asked)


def test_of_many_begun_anew_at_once_no_more_than_a_few_are_without_an_operators_word(settled: Place) -> None:
    ids = [_asked(settled, number).id for number in range(ACTORS)]
    turns = iter(ids)
    lock = threading.Lock()

    def one(connection: Connection) -> bool:
        with lock:
            which = next(turns)
        return namespace.may_begin_anew(connection, which, MONDAY)

    assert sum(at_once(settled, one)) == namespace.FEW


def test_a_step_recorded_by_four_at_once_is_recorded_once(settled: Place, count: int) -> None:
    for number in range(count):
        opened = _asked(settled, number)
        first = Recording.of(begin(opened, MONDAY), None, MONDAY)
        replies = at_once(settled, lambda connection, first=first: record(connection, first))  # type: ignore[misc]
        assert len({reply.model_dump_json() for reply in replies}) == 1
        of_it = select(func.count()).select_from(ledger).where(ledger.c.scope == opened.id)
        assert settled.run(partial(_number, query=of_it)) == 1


@pytest.mark.parametrize(("many", "actors"), [(20, ACTORS), pytest.param(100, 12, marks=pytest.mark.soak)])
def test_caps_hold_when_many_are_placed_at_once(settled: Place, many: int, actors: int) -> None:
    """Carl with three asks, Cleo with one, as she is of a kind: of twenty introductions four are placed, no more."""
    kinds = {"kinds": {"expert": {"en": "Expert", "es": "Experta", "pt": "Especialista", "connector_cap": 1}}}
    capped = policy("demo", {"connector.cap": 3, "target.cap": 100} | kinds)
    of_kind = update(membership).where(membership.c.person == CLEO.id).values(kind="expert")
    settled.run(lambda connection: connection.execute(of_kind))
    starts = [Recording.of(begin(_asked(settled, n, capped), MONDAY), None, MONDAY) for n in range(many)]
    barrier = threading.Barrier(actors)

    def place(mine: list[Recording]) -> list[Recorded]:
        barrier.wait(timeout=30)
        return [settled.run(partial(record, recording=each)) for each in mine]

    with ThreadPoolExecutor(actors) as racing:
        shares = [starts[actor::actors] for actor in range(actors)]
        recorded = [each for share in racing.map(place, shares) for each in share]
    found = Counter(
        reply.connector.id for each in recorded for reply in each.replies if isinstance(reply, ConnectorFound)
    )
    assert found == {CARL.id: 3, CLEO.id: 1}
    kept = select(func.count()).select_from(reservation).where(reservation.c.role == "connector")
    assert settled.run(partial(_number, query=kept)) == 4


def at_once(settled: Place, work: Callable[[Connection], T]) -> list[T]:
    """The same work by four actors who start in the same instant."""
    barrier = threading.Barrier(ACTORS)

    def act(_: int) -> T:
        barrier.wait(timeout=30)
        return settled.run(work)

    with ThreadPoolExecutor(ACTORS) as actors:
        return list(actors.map(act, range(ACTORS)))


def _asked(settled: Place, number: int, rules: Policy | None = None) -> Opening:
    """A request for somebody new, so that many may be under way at once; Carl and Cleo know everybody."""

    def ask(connection: Connection) -> Opening:
        target: Person = rows.somebody_new(connection, CARL, MONDAY)
        rows.knows(connection, CLEO, target, 4, MONDAY)
        known = opening(rules or policy("demo"), target=target)
        opened = known.model_copy(update={"id": IntroductionId(f"int_{number}")})
        rows.ask_at_the_door(connection, opened)
        return opened

    return settled.run(ask)


def _withdraw(connection: Connection, opened: Opening) -> inbox.Inboxed:
    news = Withdrew(by=ROSA.id)
    return inbox.put(connection, introduction_id=opened.id, news=news, via="link", nonce="page-1", now=MONDAY)


def _number(connection: Connection, query: Select[int]) -> int:
    return int(connection.execute(query).scalar_one())
