"""Ends of patience. In the receiver's own days: over weekends and both changes of the clock, in the morning."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.time.open_hours import OFFICE, Calendar, Days
from models.time.patience import Patience, after, next_of_days
from tests.support.clocks import clock_for_years

MADRID, LISBON, NEW_YORK, SAO_PAULO, KATHMANDU = (
    "Europe/Madrid",
    "Europe/Lisbon",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
)
ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
EIGHT_YEARS = st.timedeltas(timedelta(), timedelta(days=8 * 365))
INSTANTS = EIGHT_YEARS.map(lambda passed: datetime(2024, 1, 1, tzinfo=UTC) + passed)

PATIENCES = st.builds(
    Patience, amount=st.integers(0, 60), unit=st.sampled_from(["s", "min", "h", "wh", "d", "bd", "mornings"])
)


def local(written: str, zone: str, fold: int = 0) -> datetime:
    """An instant as the clock on the wall in this zone shows it."""
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone), fold=fold)


def over(patience: str, since: str, zone: str, fold: int = 0) -> str:
    """When it is over, on the clock on the same wall."""
    ends = after(
        local(since, zone, fold).astimezone(UTC), Patience.model_validate(patience), Calendar(clock_for_years(zone))
    )
    assert ends.utcoffset() == UTC.utcoffset(None)
    return f"{ends.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("patience", "since", "until"),
    [
        ("1 bd", "2026-03-02 10:00", "Tue 2026-03-03 10:00"),
        ("1 bd", "2026-03-06 10:00", "Mon 2026-03-09 10:00"),  # Friday: the weekend does not count
        ("1 bd", "2026-03-07 10:00", "Mon 2026-03-09 10:00"),  # Saturday
        ("1 bd", "2026-03-08 23:59", "Mon 2026-03-09 23:59"),  # Sunday
        ("5 bd", "2026-03-04 10:00", "Wed 2026-03-11 10:00"),
        ("15 bd", "2026-03-02 10:00", "Mon 2026-03-23 10:00"),
        ("2 d", "2026-03-06 10:00", "Sun 2026-03-08 10:00"),  # plain days do count weekends
        ("1 morning", "2026-03-06 23:30", "Sat 2026-03-07 09:00"),
        ("1 morning", "2026-03-06 00:10", "Sat 2026-03-07 09:00"),  # the next day's, however early it is
        ("2 mornings", "2026-03-06 10:00", "Sun 2026-03-08 09:00"),
        ("24 h", "2026-03-06 10:00", "Sat 2026-03-07 10:00"),
        ("90 min", "2026-03-06 23:00", "Sat 2026-03-07 00:30"),
        ("30 s", "2026-03-06 10:00", "Fri 2026-03-06 10:00"),
    ],
)
def test_patience_is_counted_in_the_receivers_days(patience: str, since: str, until: str) -> None:
    assert over(patience, since, MADRID) == until


def test_whose_friday_it_is_depends_on_where_they_live() -> None:
    friday_noon_in_new_york = local("2026-03-06 18:00", NEW_YORK).astimezone(UTC)  # already Saturday in Kathmandu
    one = Patience.model_validate("1 bd")
    for zone, until in ((NEW_YORK, "Mon 18:00"), (KATHMANDU, "Mon 04:45")):
        ends = after(friday_noon_in_new_york, one, Calendar(clock_for_years(zone)))
        assert f"{ends.astimezone(ZoneInfo(zone)):%a %H:%M}" == until


@pytest.mark.parametrize(
    ("patience", "since", "zone", "until"),
    [
        # Forward: Europe on 29 March 2026 at 02:00, North America on 8 March 2026 at 02:00.
        ("1 d", "2026-03-28 10:00", MADRID, "Sun 2026-03-29 10:00"),
        ("1 bd", "2026-03-27 10:00", MADRID, "Mon 2026-03-30 10:00"),
        ("24 h", "2026-03-28 10:00", MADRID, "Sun 2026-03-29 11:00"),  # hours are hours
        ("1 morning", "2026-03-28 22:00", MADRID, "Sun 2026-03-29 09:00"),
        ("2 d", "2026-03-06 10:00", NEW_YORK, "Sun 2026-03-08 10:00"),
        # Back: Europe on 25 October 2026 at 03:00.
        ("1 d", "2026-10-24 10:00", MADRID, "Sun 2026-10-25 10:00"),
        ("3 bd", "2026-10-22 10:00", MADRID, "Tue 2026-10-27 10:00"),
        ("24 h", "2026-10-24 10:00", MADRID, "Sun 2026-10-25 09:00"),
        ("1 morning", "2026-10-24 22:00", LISBON, "Sun 2026-10-25 09:00"),
        # No change of the clock any more.
        ("10 d", "2026-10-14 10:00", SAO_PAULO, "Sat 2026-10-24 10:00"),
    ],
)
def test_the_time_of_day_is_kept_when_the_clock_changes(patience: str, since: str, zone: str, until: str) -> None:
    assert over(patience, since, zone) == until


def test_a_time_the_clock_skips_becomes_the_hour_after_it() -> None:
    assert over("1 d", "2026-03-28 02:30", MADRID) == "Sun 2026-03-29 03:30"


def test_a_time_the_clock_shows_twice_is_the_first_of_the_two() -> None:
    ends = after(
        local("2026-10-24 02:30", MADRID).astimezone(UTC),
        Patience.model_validate("1 d"),
        Calendar(clock_for_years(MADRID)),
    )
    assert ends == local("2026-10-25 02:30", MADRID, fold=0).astimezone(UTC)


def test_no_patience_at_all_is_over_at_once_even_in_the_hour_that_comes_twice() -> None:
    second = local("2026-10-25 02:30", MADRID, fold=1).astimezone(UTC)
    for unit in ("s", "min", "h", "wh", "d", "bd", "mornings"):
        assert after(second, Patience(amount=0, unit=unit), Calendar(clock_for_years(MADRID))) == second


@given(since=INSTANTS, patience=PATIENCES, zone=ZONES)
def test_time_never_runs_backwards(since: datetime, patience: Patience, zone: str) -> None:
    assert after(since, patience, Calendar(clock_for_years(zone))) >= since


@given(since=INSTANTS, amount=st.integers(1, 30), zone=ZONES)
def test_business_days_never_end_on_a_weekend(since: datetime, amount: int, zone: str) -> None:
    ends = after(since, Patience(amount=amount, unit="bd"), Calendar(clock_for_years(zone))).astimezone(ZoneInfo(zone))
    assert ends.weekday() < 5


@pytest.mark.parametrize("today", ["1999-12-31 23:59:59", "2026-10-25 01:30:00", "2040-02-29 12:00:00"])
def test_nothing_looks_at_todays_clock(today: str) -> None:
    with freeze_time(today):
        assert over("3 bd", "2026-03-05 10:00", MADRID) == "Tue 2026-03-10 10:00"


@pytest.mark.parametrize("written", ["30 s", "10 min", "4 h", "4 wh", "90 d", "3 bd", "2 mornings"])
def test_a_patience_is_written_as_it_is_read(written: str) -> None:
    assert str(Patience.model_validate(written)) == written
    stored = Patience.model_validate(written).model_dump_json()
    assert Patience.model_validate_json(stored) == Patience.model_validate(written)


@pytest.mark.parametrize("written", ["", "3", "bd", "-1 d", "3 weeks", "1.5 h", "3 BD", "10000 d", 3, None])
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        Patience.model_validate(written)


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("2026-03-02 09:00", "2026-03-03 09:00"),  # a Monday: the next of them is Tuesday
        ("2026-03-03 08:59", "2026-03-03 09:00"),
        ("2026-03-03 09:00", "2026-03-06 09:00"),  # after it, and not at it
        ("2026-03-06 18:00", "2026-03-10 09:00"),
        ("2026-03-27 12:00", "2026-03-31 09:00"),  # clocks change on the Sunday between
    ],
)
def test_on_named_days_it_is_told_in_the_morning_where_they_live(since: str, told: str) -> None:
    calendar = Calendar(clock_for_years(MADRID))
    found = next_of_days(local(since, MADRID).astimezone(UTC), [1, 4], calendar)
    assert found == local(told, MADRID).astimezone(UTC)


def test_a_named_day_that_is_a_holiday_gives_way_to_the_next_working_day() -> None:
    off = Calendar(clock_for_years(MADRID), Days(holidays=(date(2026, 3, 3),)), OFFICE)
    found = next_of_days(local("2026-03-02 12:00", MADRID).astimezone(UTC), [1], off)
    assert found == local("2026-03-04 09:00", MADRID).astimezone(UTC)
