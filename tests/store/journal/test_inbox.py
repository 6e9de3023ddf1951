"""News is kept once, heard in order, and never handed over before what the same person said earlier."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from models.ids import AskNumber
from models.news import ConnectorApproved, News, Undone, Withdrew
from store.journal import inbox
from tests.cast import CARL, MONDAY, ROSA, opening, policy
from tests.support import rows
from tests.support.services.databases import Place

YES = ConnectorApproved(ask=AskNumber(1), by=CARL.id, vouch="introduce")
UNDO = Undone(ask=AskNumber(1), by=CARL.id)
SECOND = timedelta(seconds=1)


@pytest.fixture
def asked(place: Place) -> Place:
    """Rosa has asked for Tomoko."""

    def settle_in(connection: Connection) -> None:
        rows.settle_in(connection, policy("demo"), MONDAY)
        rows.ask_at_the_door(connection, opening("demo"))

    place.run(settle_in)
    return place


def test_the_same_page_sent_twice_is_kept_once(asked: Place) -> None:
    first = keep(asked, YES, "page-1")
    again = keep(asked, YES, "page-1")
    assert (again.key, first.repeated, again.repeated) == (first.key, False, True)


def test_an_undo_waits_for_its_yes(asked: Place) -> None:
    yes, undo = keep(asked, YES, "page-1"), keep(asked, UNDO, "page-2", SECOND)
    assert not waits(asked, yes)
    assert waits(asked, undo)
    asked.run(lambda connection: inbox.mark_taken(connection, yes.key, 2, MONDAY))
    assert not waits(asked, undo)


def test_nobody_waits_for_somebody_else(asked: Place) -> None:
    keep(asked, YES, "page-1")
    assert not waits(asked, keep(asked, Withdrew(by=ROSA.id), "page-2", SECOND))


def test_a_stop_holds_letters_from_the_moment_it_is_kept(asked: Place) -> None:
    kept = keep(asked, Withdrew(by=ROSA.id), "page-1")
    assert asked.run(lambda connection: inbox.has_waiting_stop(connection, kept.introduction))
    asked.run(lambda connection: inbox.mark_refused(connection, kept.key, "closed"))
    assert not asked.run(lambda connection: inbox.has_waiting_stop(connection, kept.introduction))


def test_what_nobody_took_is_tried_again_at_growing_intervals(asked: Place) -> None:
    kept, now, waits = keep(asked, YES, "page-1"), MONDAY + inbox.FIRST_TRY, []
    for _ in range(12):
        later = asked.run(partial(try_again, now=now))
        waits.append(later - now)
        now = later
    assert waits == sorted(waits)
    assert waits[-1] <= inbox.LONGEST_WAIT
    assert kept.key


def try_again(connection: Connection, now: datetime) -> datetime:
    """When it is due once more."""
    (due,) = rows.unheard(connection, now)
    inbox.try_again(connection, due, now)
    while not rows.unheard(connection, now):
        now += SECOND
    return now


def waits(asked: Place, kept: inbox.Inboxed) -> bool:
    return asked.run(lambda connection: inbox.waits_behind(connection, kept))


def keep(asked: Place, news: News, nonce: str, after: timedelta = timedelta()) -> inbox.Inboxed:
    known = opening("demo").id
    return asked.run(
        lambda connection: inbox.put(
            connection, introduction_id=known, news=news, via="link", nonce=nonce, now=MONDAY + after
        )
    )
