"""Changed clocks: what is to come keeps its hour on the wall, and what was promised stays promised."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

import policies
from models.effects import ExtendAsk, KeepHours, OnTheWall, OpenAsk
from models.news import ClocksChanged, PutOff
from models.process.state.stages import FollowingUp
from models.process.verdict import Reason, Refused
from models.time.clocks import ZoneClock, clock_in, kept_on_the_wall
from tests.cast import CARL, CLEO, MONDAY, ROSA, TOMOKO, opening, play
from tests.support.news_phrases import approves, last_ask, opts_in
from tests.support.play import Play, Store

SIX, FIVE = ZoneClock(offset=360), ZoneClock(offset=300)  # Almaty, before and after
ALMATY = "Asia/Almaty"
DAY, NINE = date(2026, 3, 9), time(9)
CONNECTOR = CARL.somebody.model_copy(update={"zone": ALMATY})


def waiting(*said: object, policy: str = "community") -> Play:
    """A connector in Almaty has been asked, under a policy with hours; then all this was said."""
    begun = opening(policies.shipped(policy)).model_copy(update={"clocks": ((ALMATY, SIX), (ROSA.zone, ROSA.clock))})
    return play(*said, begun=begun, store=Store(connectors=(CONNECTOR, CLEO.somebody)))  # type: ignore[arg-type]


def five(law: str = "2027a") -> ClocksChanged:
    return ClocksChanged(law=law, clocks=((ALMATY, FIVE),))


def wall(at: datetime | None, clock: ZoneClock) -> datetime:
    assert at
    return clock.wall(at)


def test_deadlines_and_reminders_keep_their_hour() -> None:
    playing = waiting()
    before = playing.introduction.asks[-1]
    playing.hear(five())
    after = playing.introduction.asks[-1]
    assert wall(after.due_at, FIVE) == wall(before.due_at, SIX)
    assert wall(after.remind_at, FIVE) == wall(before.remind_at, SIX)
    assert after.due_at - before.due_at == timedelta(hours=1)
    extended, kept = playing.effects()[-2:]
    assert extended == ExtendAsk(ask=after.number, due_at=after.due_at)
    assert kept == KeepHours(law="2027a", readers=(OnTheWall(person=CARL.id, before=SIX, after=FIVE),))


def test_the_promise_does_not_move() -> None:
    begun = opening(policies.shipped("accelerator"))
    zones = tuple((zone, ZoneClock(offset=-600)) for zone, _ in begun.clocks)
    playing = play(begun=begun)
    before = playing.introduction
    playing.hear(ClocksChanged(law="2027a", clocks=zones))
    assert playing.introduction.promised_at == before.promised_at == begun.promised_at


def test_no_deadline_comes_nearer_and_nothing_moves_into_the_past() -> None:
    playing = waiting()
    before = playing.introduction.asks[-1]
    playing.hear(ClocksChanged(law="2027a", clocks=((ALMATY, ZoneClock(offset=420)),)))
    after = playing.introduction.asks[-1]
    assert after.due_at == before.due_at
    assert after.remind_at
    assert before.remind_at
    assert before.remind_at - after.remind_at == timedelta(hours=1)
    soon = MONDAY + timedelta(minutes=20)
    assert kept_on_the_wall(soon, SIX, ZoneClock(offset=420), MONDAY) == soon


def test_later_means_the_morning_that_was_named() -> None:
    playing = waiting()
    until = SIX.instant(datetime.combine(DAY, NINE))
    playing.hear(PutOff(ask=last_ask(playing.introduction, CARL.id), by=CARL.id, until=until), five())
    playing.time_passes(until + timedelta(minutes=59) - playing.now)
    asks = len(playing.introduction.asks)
    playing.time_passes(timedelta(minutes=2))
    assert len(playing.introduction.asks) == asks + 1
    asked = [effect for effect in playing.effects() if isinstance(effect, OpenAsk)][-1]
    assert FIVE.wall(asked.not_before) == datetime.combine(DAY, NINE)


def test_the_follow_up_keeps_the_requesters_hours() -> None:
    playing = waiting(approves(CARL), opts_in(TOMOKO))
    playing.time_passes(timedelta(days=3))
    before = playing.introduction.stage
    assert isinstance(before, FollowingUp)
    summer = ZoneClock(offset=180)
    playing.hear(ClocksChanged(law="2027a", clocks=((ROSA.zone, summer),)))
    after = playing.introduction.stage
    assert isinstance(after, FollowingUp)
    assert after.delivered_at == before.delivered_at
    assert summer.wall(after.outcome_at) == ROSA.clock.wall(before.outcome_at)


def test_told_twice_is_told_once() -> None:
    playing = waiting()
    playing.hear(five())
    assert playing.hear(five()) == Refused(reason=Reason.NOT_NOW)


def test_introductions_begun_before_clocks_were_told_count_by_those_of_2026() -> None:
    begun = opening(policies.shipped("accelerator")).model_copy(update={"clocks": ()})
    playing = play(begun=begun, store=Store(connectors=(CONNECTOR,)))
    before = playing.introduction
    assert before.clocks == ()
    assert clock_in((), ROSA.zone).wall(datetime(2026, 7, 1, 12, tzinfo=UTC)).hour == 14
    assert clock_in((), "Not/A_Zone") == ZoneClock()
    seven = ((ALMATY, ZoneClock(offset=420)),)
    playing.hear(ClocksChanged(law="2027a", clocks=seven))
    assert playing.introduction.clocks == seven


@pytest.mark.parametrize("written", ["0", "60 2027-03-28T01:00 120", "-150 2027-03-28T05:00 -90 2027-11-01T04:00 -150"])
def test_a_clock_is_written_as_it_is_read(written: str) -> None:
    assert str(ZoneClock.model_validate(written)) == written
    assert ZoneClock.model_validate_json(
        ZoneClock.model_validate(written).model_dump_json()
    ) == ZoneClock.model_validate(written)
