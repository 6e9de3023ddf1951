"""What lies unclaimed is found by its index, claimed by one sweep at a time, and handed out in the order it came in."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from models.ids import IntroductionId
from models.news import News, Stopped, Withdrew
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.letters import outbox
from store.steps import unclaimed
from store.tables import introduction
from store.views import stalled_workflows
from tests.cast import MONDAY, OLIVE, ROSA, opening, policy
from tests.store.steps.test_races import at_once
from tests.support import rows
from tests.support.services.databases import SQLITE, Place

LATER = MONDAY + timedelta(minutes=10)
UNHEARD, WAITING = "ix_inbox_unheard", "ix_inbox_"  # what waits alone is found by either of its indexes
GROWING = ("introduction", "inbox", "letter", "ledger")  # tables that hold a row or more for all that ever was
SWEEPS = [
    (partial(unclaimed.is_not_begun, now=LATER), ("ix_introduction_not_begun",)),
    (partial(unclaimed.claim_not_begun, now=LATER), ("ix_introduction_not_begun",)),
    (partial(unclaimed.is_unheard, now=LATER), (UNHEARD,)),
    (partial(unclaimed.claim_unheard, now=LATER), (UNHEARD,)),
    (
        partial(stalled_workflows.suspects, now=LATER),
        ("ix_introduction_due", "ix_introduction_not_begun", WAITING, "ix_introduction_grown"),
    ),
    (outbox.next_due, ("ix_letter_state_next_try_at",)),
    (partial(outbox.claim, mailroom="m", now=LATER, limit=4), ("ix_letter_state_next_try_at",)),
    (partial(outbox.left_started, now=LATER), ("ix_letter_state_next_try_at",)),
    (outbox.unknown, ("ix_letter_state_next_try_at",)),
]


@pytest.fixture
def settled(place: Place) -> Place:
    place.run(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
    return place


@pytest.mark.parametrize(
    ("look", "indexes"), SWEEPS, ids=lambda value: getattr(getattr(value, "func", value), "__name__", "")
)
def test_no_look_of_a_sweep_goes_through_a_table_that_grows(
    settled: Place, look: Callable[[Connection], object], indexes: tuple[str, ...]
) -> None:
    asked(settled, 1)
    said = "\n".join(settled.run(partial(plans, look=look)))
    assert [index for index in indexes if index not in said] == [], said
    lines = [line for line in said.splitlines() if goes_through(line)]
    assert lines == [], said


def test_two_sweeps_at_once_begin_each_introduction_once(settled: Place) -> None:
    ids = asked(settled, 40, said=False)
    claims = at_once(settled, partial(unclaimed.claim_not_begun, now=LATER, limit=12))
    assert sorted(each.id for claim in claims for each in claim) == ids[:40]


def test_two_sweeps_at_once_hand_over_each_answer_once_and_in_order(settled: Place) -> None:
    ids = asked(settled, 40)
    claims = at_once(settled, partial(unclaimed.claim_unheard, now=LATER, limit=24))
    claimed = [each for claim in claims for each in claim]
    assert len(claimed) == len({*claimed}) > 24
    assert all(
        [kept.news.kind for kept in claim[each]] == ["stopped", "withdrew"] for claim in claims for each in claim
    )
    left = settled.run(partial(unclaimed.claim_unheard, now=LATER))
    assert sorted([*claimed, *left]) == ids
    assert settled.run(partial(unclaimed.claim_unheard, now=LATER)) == {}
    gone = settled.run(partial(unclaimed.claim_unheard, now=LATER + unclaimed.CLAIM))
    assert sorted(gone) == ids, "whoever had them in hand is gone"


def test_what_came_later_waits_for_what_is_not_due(settled: Place) -> None:
    (this,) = asked(settled, 1)
    first = said(settled, this)[0]
    settled.run(partial(inbox.try_again, inboxed=first, now=LATER))
    assert settled.run(partial(unclaimed.claim_unheard, now=LATER)) == {}
    again = settled.run(partial(unclaimed.claim_unheard, now=LATER + timedelta(seconds=1)))
    assert [kept.key for kept in again[this]] == [kept.key for kept in said(settled, this)]


def test_what_could_not_be_started_is_claimed_again_at_once(settled: Place) -> None:
    (this,) = asked(settled, 1, said=False)
    assert settled.run(partial(unclaimed.claim_not_begun, now=LATER))
    assert not settled.run(partial(unclaimed.is_not_begun, now=LATER))
    settled.run(partial(unclaimed.not_started, introductions=[this], claimed_at=LATER))
    assert settled.run(partial(unclaimed.claim_not_begun, now=LATER))
    assert settled.run(partial(unclaimed.claim_not_begun, now=LATER + unclaimed.TAKEN_UP_WITHIN)), "it took no step"


def asked(place: Place, many: int, said: bool = True) -> list[IntroductionId]:
    """So many introductions, each stopped and then withdrawn from."""
    ids = [IntroductionId(f"int_{number:03}") for number in range(many)]

    def put(connection: Connection) -> None:
        for each in ids:
            rows.ask_at_the_door(connection, opening("demo").model_copy(update={"id": each}))
            connection.execute(introduction.update().where(introduction.c.id == each).values(live=False))
            saying: tuple[News, ...] = (Stopped(by=OLIVE.id), Withdrew(by=ROSA.id)) if said else ()
            for number, news in enumerate(saying):
                now = MONDAY + timedelta(seconds=number)
                inbox.put(connection, introduction_id=each, news=news, via="link", nonce=f"{number}", now=now)

    place.run(put)
    return ids


def said(place: Place, this: IntroductionId) -> list[Inboxed]:
    return [
        each for each in place.run(partial(rows.unheard, now=LATER + timedelta(days=1))) if each.introduction == this
    ]


def goes_through(line: str) -> bool:
    """Whether this line of a plan reads every row of a table that grows, or every introduction that is open."""
    if "SCAN introduction USING INDEX ix_introduction_due" in line:
        return True
    return any(f"Seq Scan on {each}" in line or (f"SCAN {each}" in line and "USING" not in line) for each in GROWING)


def plans(connection: Connection, look: Callable[[Connection], object]) -> list[str]:
    """How the database would carry out what this look asks of it, were the tables large."""
    asked_for: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, ___: Any, ____: Any) -> None:
        asked_for.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    look(connection)
    event.remove(connection, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == SQLITE else "EXPLAIN "
    if connection.dialect.name != SQLITE:
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # of some rows it would rather read them all
    return [
        " ".join(str(word) for word in row)
        for statement, parameters in asked_for
        for row in connection.exec_driver_sql(explain + statement, parameters)
    ]
