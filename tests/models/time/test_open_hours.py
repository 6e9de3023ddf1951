"""Open hours, and the end of a patience that skips nights and holidays, compared with a slow oracle."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.time.open_hours import Calendar, Days, Hours, Period, open_at, open_to_all
from models.time.patience import Patience, after, due
from tests.support.clocks import clock_for_years

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NINE_TO_FIVE = Hours(opens=time(9), closes=time(17))
EVERY_OTHER_TUESDAY = tuple(date(2026, 1, 6) + 14 * DAY * count for count in range(60))

# Half hours and quarters, both sides of the date line, both changes of the clock, and one that changes by half an hour.
ZONES = st.sampled_from(
    [
        *("UTC", "Europe/Madrid", "America/New_York", "America/Santiago", "Asia/Kathmandu", "Asia/Kolkata"),
        *("Asia/Riyadh", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Honolulu", "America/St_Johns"),
    ]
)
WEEKENDS = st.sampled_from([(5, 6), (4, 5), (4,), (6,), ()])
CLOCKS = st.integers(16, 88).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))  # 04:00 to 22:00
INSTANTS = st.integers(0, 2 * 365 * 24 * 12).map(lambda steps: datetime(2026, 1, 1, tzinfo=UTC) + steps * 5 * MINUTE)


@st.composite
def calendars(draw: st.DrawFn, *, keeps_hours: bool = True) -> Calendar:
    days = Days(weekend=draw(WEEKENDS), holidays=draw(st.sampled_from([(), EVERY_OTHER_TUESDAY])))
    opens, closes = sorted(draw(st.tuples(CLOCKS, CLOCKS).filter(lambda both: both[0] != both[1])))
    first = date(2026, 1, 1) + DAY * draw(st.integers(0, 700))
    quiet = (Period(first=first, last=first + DAY * draw(st.integers(0, 20))),) if draw(st.booleans()) else ()
    hours = Hours(opens=opens, closes=max(closes, time(4, 15)), quiet=quiet) if keeps_hours else None
    return Calendar(clock_for_years(draw(ZONES)), days, hours)


def is_open(at: datetime, calendar: Calendar) -> bool:
    """Read off the wall, minute by minute: nothing of the code under test is asked."""
    local, hours = calendar.clock.wall(at), calendar.hours
    assert hours
    quiet = any(period.first <= local.date() <= period.last for period in hours.quiet)
    works = local.weekday() not in calendar.days.weekend and local.date() not in calendar.days.holidays
    return works and not quiet and hours.opens <= local.time() < hours.closes


def first_open(at: datetime, calendar: Calendar) -> datetime:
    while not is_open(at, calendar):
        at += 5 * MINUTE
    return at


@given(at=INSTANTS, calendar=calendars())
def test_the_first_open_instant_is_the_one_found_by_looking_at_every_one(at: datetime, calendar: Calendar) -> None:
    assert open_at(at, calendar) == first_open(at, calendar)


@given(at=INSTANTS, amount=st.integers(1, 12), calendar=calendars())
def test_working_hours_are_those_counted_one_by_one(at: datetime, amount: int, calendar: Calendar) -> None:
    left, moment = amount * 12, first_open(at, calendar)
    while left:
        left -= is_open(moment, calendar)
        moment += 5 * MINUTE
    assert after(at, Patience(amount=amount, unit="wh"), calendar) == first_open(moment, calendar)


@given(at=INSTANTS, amount=st.integers(1, 20), calendar=calendars())
def test_business_days_are_those_counted_one_by_one(at: datetime, amount: int, calendar: Calendar) -> None:
    """The same time of day on the last of so many working days; the hour after it, where the clock skips it."""
    local, left = calendar.clock.wall(at), amount
    noon = Calendar(calendar.clock, calendar.days, Hours(opens=time(4), closes=time(23), quiet=_quiet(calendar)))
    day = local.date()
    while left:
        day += DAY
        left -= is_open(calendar.clock.instant(datetime.combine(day, time(12))), noon)
    ends = calendar.clock.wall(after(at, Patience(amount=amount, unit="bd"), calendar))
    assert ends.date() == day
    assert timedelta() <= ends - datetime.combine(day, local.time()) <= HOUR


@given(at=INSTANTS, patience=st.sampled_from(["1 h", "3 wh", "2 d", "3 bd", "1 morning"]), calendar=calendars())
def test_nothing_falls_due_in_quiet_hours(at: datetime, patience: str, calendar: Calendar) -> None:
    ends = due(at, Patience.model_validate(patience), calendar)
    assert is_open(ends, calendar)
    assert ends >= at


@given(
    at=INSTANTS,
    later=st.integers(0, 4000),
    more=st.integers(0, 3),
    unit=st.sampled_from(["h", "wh", "d", "bd"]),
    calendar=calendars(),
)
def test_who_begins_later_or_has_longer_is_done_no_earlier(
    at: datetime, later: int, more: int, unit: str, calendar: Calendar
) -> None:
    shorter, longer = (Patience.model_validate(f"{amount} {unit}") for amount in (2, 2 + more))
    assert due(at, shorter, calendar) <= due(at + later * 5 * MINUTE, longer, calendar)


@given(at=INSTANTS, calendar=calendars(keeps_hours=False))
def test_without_hours_people_are_written_to_night_and_day(at: datetime, calendar: Calendar) -> None:
    assert open_at(at, calendar) == at


@given(at=INSTANTS, first=calendars(), second=calendars(), bound=st.integers(0, 600))
def test_the_first_common_hour_is_open_to_both_or_it_is_the_bound(
    at: datetime, first: Calendar, second: Calendar, bound: int
) -> None:
    by = at + bound * 5 * MINUTE
    found, moment = open_to_all(at, (first, second), by), at
    while moment < by and not (is_open(moment, first) and is_open(moment, second)):
        moment += 5 * MINUTE
    assert found == moment


@pytest.mark.parametrize(
    ("zone", "since", "until"),
    [
        # The clock goes forward on 29 March 2026 and back on 25 October, both at night: the days stay nine to five.
        ("Europe/Madrid", "2026-03-27 16:30", "Mon 2026-03-30 12:30"),
        ("Europe/Madrid", "2026-10-23 16:30", "Mon 2026-10-26 12:30"),
        ("Asia/Kathmandu", "2026-03-27 16:30", "Mon 2026-03-30 12:30"),
        ("Europe/Madrid", "2026-03-27 06:00", "Fri 2026-03-27 13:00"),  # before nine nothing is counted
        ("Europe/Madrid", "2026-03-27 13:00", "Mon 2026-03-30 09:00"),  # what would end at closing time ends at nine
    ],
)
def test_four_working_hours(zone: str, since: str, until: str) -> None:
    start = datetime.fromisoformat(since).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    ends = after(start, Patience.model_validate("4 wh"), Calendar(clock_for_years(zone), hours=NINE_TO_FIVE))
    assert f"{ends.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}" == until


def test_a_thursday_in_riyadh_is_followed_by_a_sunday() -> None:
    riyadh = Calendar(clock_for_years("Asia/Riyadh"), Days(weekend=(4, 5), holidays=(date(2026, 9, 23),)))
    thursday = datetime(2026, 9, 17, 7, tzinfo=UTC)
    assert after(thursday, Patience.model_validate("1 bd"), riyadh) == datetime(2026, 9, 20, 7, tzinfo=UTC)
    assert after(thursday, Patience.model_validate("4 bd"), riyadh) == datetime(2026, 9, 24, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": "02:30", "closes": "17:00"},
        {"opens": "17:00", "closes": "09:00"},
        {"opens": "09:00", "closes": "09:00"},
        {"opens": "00:00", "closes": "03:00"},
        {"opens": "09:00", "closes": "17:00", "quiet": [{"first": "2026-06-02", "last": "2026-06-01"}]},
        {"opens": "09:00", "closes": "17:00", "quiet": [{"first": "2026-06-02", "last": "2027-06-01"}]},
    ],
)
def test_hours_that_no_day_has_are_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Hours.model_validate(wrong)


def _quiet(calendar: Calendar) -> tuple[Period, ...]:
    return calendar.hours.quiet if calendar.hours else ()
