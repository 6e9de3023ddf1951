"""Is what somebody says kept once, heard in order, and never handed over before what they said earlier?"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from models.ids import AskNumber
from models.news import ConnectorApproved, News, Undone, Withdrew
from store import inbox
from store.database import sqlite_engine
from store.migrating import upgrade
from tests import rows
from tests.cast import CARL, MONDAY, ROSA, opening, policy

YES = ConnectorApproved(ask=AskNumber(1), by=CARL.id, vouch="introduce")
UNDO = Undone(ask=AskNumber(1), by=CARL.id)
SECOND = timedelta(seconds=1)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = sqlite_engine(make_url(f"sqlite:///{tmp_path / 'inbox.db'}"), durable=False)
    with engine.begin() as opened:
        upgrade(opened)
        rows.settle_in(opened, policy("demo"), MONDAY)
        rows.ask_at_the_door(opened, opening("demo"))
        yield opened
    engine.dispose()


def test_the_same_page_sent_twice_is_kept_once(connection: Connection) -> None:
    first = keep(connection, YES, "page-1")
    again = keep(connection, YES, "page-1")
    assert (again.key, first.repeated, again.repeated) == (first.key, False, True)


def test_an_undo_waits_for_its_yes(connection: Connection) -> None:
    yes, undo = keep(connection, YES, "page-1"), keep(connection, UNDO, "page-2", SECOND)
    assert not inbox.waits_behind(connection, yes)
    assert inbox.waits_behind(connection, undo)
    inbox.mark_taken(connection, yes.key)
    assert not inbox.waits_behind(connection, undo)


def test_nobody_waits_for_somebody_else(connection: Connection) -> None:
    keep(connection, YES, "page-1")
    assert not inbox.waits_behind(connection, keep(connection, Withdrew(by=ROSA.id), "page-2", SECOND))


def test_a_stop_holds_letters_from_the_moment_it_is_kept(connection: Connection) -> None:
    kept = keep(connection, Withdrew(by=ROSA.id), "page-1")
    assert inbox.has_waiting_stop(connection, kept.introduction)
    inbox.mark_refused(connection, kept.key, "closed")
    assert not inbox.has_waiting_stop(connection, kept.introduction)


def test_what_nobody_took_is_tried_again_at_growing_intervals(connection: Connection) -> None:
    kept, now, waits = keep(connection, YES, "page-1"), MONDAY + inbox.FIRST_TRY, []
    for _ in range(12):
        (due,) = inbox.waiting(connection, now)
        inbox.try_again(connection, due, now)
        later = now
        while not inbox.waiting(connection, later):
            later += SECOND
        waits.append(later - now)
        now = later
    assert waits == sorted(waits)
    assert waits[-1] <= inbox.LONGEST_WAIT
    assert kept.key


def keep(connection: Connection, news: News, nonce: str, after: timedelta = timedelta()) -> inbox.Inboxed:
    known = opening("demo").id
    return inbox.put(connection, introduction_id=known, news=news, via="link", nonce=nonce, now=MONDAY + after)
