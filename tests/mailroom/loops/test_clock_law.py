"""Zone law that is newer than what an introduction was told: its letters wait for it, and leave at the right hour."""

from datetime import datetime, timedelta

import policies
from calendars.clocks import law
from mailroom.loops.clock_law import tell_of_new_law
from models.process.verdict import Reason
from models.time.clocks import Clocks, ZoneClock
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.steps import clock_law
from store.tables import introduction
from tests.cast import CARL, MONDAY, opening
from tests.mailroom.desk import Case, Desk
from tests.mailroom.fake_relay import Post
from tests.support import rows

DAWN, HOUR, MINUTE = MONDAY.replace(hour=5), timedelta(hours=1), timedelta(minutes=1)
AN_HOUR_AHEAD = ZoneClock(offset=120)  # in Stockholm it is one hour later than in UTC
OLD_LAW = "2020a"


async def test_a_letter_leaves_at_the_hour_that_was_meant(at_desk: Desk) -> None:
    case, post = await _told(at_desk, AN_HOUR_AHEAD), Post()
    (planned,) = await at_desk.outbox()
    assert planned.not_before == MONDAY.replace(hour=7), "nine, by the clock that it was told"
    await _at(at_desk, post, planned.not_before + MINUTE)
    assert not post.taken, "it has not been said yet whose hour has changed"
    await tell_of_new_law(at_desk.room(post))
    (kept,) = await _waiting(at_desk)
    await case.hear(kept.news)
    (moved,) = await at_desk.outbox()
    assert moved.not_before == planned.not_before + HOUR, "nine in Stockholm"
    await _at(at_desk, post, moved.not_before - MINUTE)
    assert not post.taken
    await _at(at_desk, post, moved.not_before)
    assert post.taken


async def test_where_no_hour_has_changed_nothing_is_said(at_desk: Desk) -> None:
    case = await _told(at_desk, None)
    await tell_of_new_law(at_desk.room(Post()))
    assert not await _waiting(at_desk)
    assert await _law_of(at_desk, case) == law()


async def test_what_is_not_heard_any_more_is_not_said_again(at_desk: Desk) -> None:
    case = await _told(at_desk, AN_HOUR_AHEAD)
    await tell_of_new_law(at_desk.room(Post()))
    (kept,) = await _waiting(at_desk)
    assert await _law_of(at_desk, case) == OLD_LAW
    assert not await at_desk.database.read(clock_law.behind), "it waits to be heard, and is not looked at again"
    await at_desk.database.write(lambda connection: inbox.mark_refused(connection, kept.key, Reason.CLOSED))
    await tell_of_new_law(at_desk.room(Post()))
    assert await _law_of(at_desk, case) == law()
    assert not await at_desk.database.read(clock_law.behind)


async def _told(at_desk: Desk, carls: ZoneClock | None) -> Case:
    """Carl is asked before nine, by what was told of his clock; since then the law has had many releases."""
    at_desk.now = DAWN
    begun = opening(policies.shipped("community"), asked_at=DAWN)
    clocks: Clocks = ((CARL.zone, carls),) if carls else ()
    case = await at_desk.asked(begun=begun.model_copy(update={"clocks": (*begun.clocks, *clocks)}))
    await at_desk.set(introduction, introduction.c.id == case.id, clock_law=OLD_LAW)
    return case


async def _at(at_desk: Desk, post: Post, now: datetime) -> None:
    at_desk.now = now
    await at_desk.carry(post)


async def _waiting(at_desk: Desk) -> list[Inboxed]:
    later = at_desk.now + HOUR
    return await at_desk.database.write(lambda connection: rows.waiting(connection, later))


async def _law_of(at_desk: Desk, case: Case) -> str:
    (row,) = await at_desk.rows(introduction.select().where(introduction.c.id == case.id))
    return str(row.clock_law)
