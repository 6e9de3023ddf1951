"""Clocks of zones over many years, for tests that let years pass."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from calendars.clocks import read_clock
from models.time.clocks import ZoneClock


@cache
def clock_for_years(zone: str) -> ZoneClock:
    return read_clock(ZoneInfo(zone), datetime(2023, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC))
