"""Open hours of a person's days. Their weekend, their holidays, and the hours in which a programme writes.

What a country's weekend and holidays are is read at the edge (`calendars`) and told here as plain dates.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from models.base import Frozen
from models.time.clocks import UTC_CLOCK, ZoneClock

Weekday = Annotated[int, Field(ge=0, le=6)]  # Monday is 0

_MIDNIGHT, _NIGHT_IS_OVER = time(), time(4)
_DAY = timedelta(days=1)


class Days(Frozen):
    """Somebody's days off: their weekend, and the public holidays of the months ahead, without their names."""

    weekend: tuple[Weekday, ...] = Field(default=(5, 6), max_length=6)
    holidays: tuple[date, ...] = ()


class Period(Frozen):
    """From the first day to the last, both included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _a_season_at_most(self) -> Self:
        if not timedelta() <= self.last - self.first <= 200 * _DAY:
            raise ValueError("a quiet period ends on the day it begins or later, within 200 days")
        return self


class Hours(Frozen):
    """The hours of a working day in which a programme writes to people, on their own clock: quiet otherwise."""

    opens: time
    closes: time
    quiet: tuple[Period, ...] = Field(default=(), description="days on which nobody is written to, such as exam weeks")

    @model_validator(mode="after")
    def _by_day(self) -> Self:
        # Clocks change at night: an hour that is skipped or comes twice is neither open nor closed.
        night = self.opens != _MIDNIGHT and self.opens < _NIGHT_IS_OVER
        if self.opens.tzinfo or self.closes.tzinfo or night or self.closes <= max(self.opens, _NIGHT_IS_OVER):
            raise ValueError('opens at "00:00", or at "04:00" or later; closes after that, on the same day')
        return self


OFFICE = Hours(opens=time(9), closes=time(17))  # what a working hour is where a programme keeps no hours of its own


class Calendar(NamedTuple):
    """How the days of one person pass, as far as one programme has to do with them."""

    clock: ZoneClock = UTC_CLOCK
    days: Days = Days()
    hours: Hours | None = None  # None: night and day, weekends and holidays too

    def is_working(self, day: date) -> bool:
        quiet = self.hours.quiet if self.hours else ()
        off = day.weekday() in self.days.weekend or day in self.days.holidays
        return not off and not any(each.first <= day <= each.last for each in quiet)

    def is_open(self, at: datetime) -> bool:
        if not self.hours:
            return True
        local = self.clock.wall(at)
        return self.is_working(local.date()) and self.hours.opens <= local.time() < self.hours.closes


def open_at(at: datetime, calendar: Calendar) -> datetime:
    """The first instant (UTC), from `at` on, at which this programme may write to them."""
    if not calendar.hours or calendar.is_open(at):
        return at
    local = calendar.clock.wall(at)
    day = local.date()
    if local.time() >= calendar.hours.closes or not calendar.is_working(day):
        day = _next_working(day, calendar)
    return on_clock(day, calendar.hours.opens, calendar.clock)


def open_to_all(at: datetime, calendars: Iterable[Calendar], by: datetime) -> datetime:
    """The first instant from `at` on that is open to each of them; at `by`, where there is none before."""
    everybody, soonest = tuple(calendars), at
    while at < by:
        moved = max(open_at(at, calendar) for calendar in everybody)
        if moved == at:
            return at
        at = moved
    return max(soonest, by)


def after_hours(start: datetime, left: timedelta, calendar: Calendar) -> datetime:
    """When so much of their open time has passed. An end at closing time is the next opening."""
    hours = calendar.hours or OFFICE
    calendar = calendar._replace(hours=hours)
    at = open_at(start, calendar)
    while True:
        closing = on_clock(calendar.clock.wall(at).date(), hours.closes, calendar.clock)
        if at + left < closing:
            return at + left
        left -= closing - at
        at = open_at(closing, calendar)


def working_days_on(day: date, amount: int, calendar: Calendar) -> date:
    """The working day that is so many working days after this day."""
    for _ in range(amount):
        day = _next_working(day, calendar)
    return day


def on_clock(day: date, hour: time, clock: ZoneClock) -> datetime:
    """When the clock on their wall shows this: the first of two; the hour after it, where the clock skips it."""
    return clock.instant(datetime.combine(day, hour))


def _next_working(day: date, calendar: Calendar) -> date:
    day += _DAY
    while not calendar.is_working(day):
        day += _DAY
    return day
