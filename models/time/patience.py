"""Patience: a duration in the receiver's own days, turned into the instant at which it is over."""

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any, Literal

from pydantic import Field, model_serializer, model_validator

from models.base import Frozen
from models.time.clocks import ZoneClock
from models.time.open_hours import Calendar, after_hours, on_clock, open_at, working_days_on

Unit = Literal["s", "min", "h", "wh", "d", "bd", "mornings"]

MORNING = 9  # letters of the next morning leave at nine, in the receiver's zone

_WRITTEN = re.compile(r"^\s*(\d{1,4})\s*(s|min|h|wh|d|bd|mornings?)\s*$")
_NOMINAL = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "wh": timedelta(days=1.4) / 8,
    "d": timedelta(days=1),
    "bd": timedelta(days=1.4),
    "mornings": timedelta(days=1),
}


class Patience(Frozen):
    """A duration as people say it: "30 s", "10 min", "4 h", "4 wh" (working hours), "90 d", "3 bd" (business days),
    "1 morning" (09:00 of the next day). What it means on a calendar depends on how the receiver's days pass."""

    amount: int = Field(ge=0, le=9999)
    unit: Unit

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        if not isinstance(written, str):
            return written
        found = _WRITTEN.match(written)
        if not found:
            raise ValueError(
                'a duration is written like "30 s", "10 min", "4 h", "4 wh", "90 d", "3 bd" or "1 morning"'
            )
        return {"amount": int(found[1]), "unit": found[2] if found[2] != "morning" else "mornings"}

    @model_serializer
    def _write(self) -> str:
        return f"{self.amount} {self.unit}"

    def __str__(self) -> str:
        return self._write()

    @property
    def nominal(self) -> timedelta:
        """About how long this is, for comparing two patiences; five business days count as seven days, eight
        working hours as a business day."""
        return self.amount * _NOMINAL[self.unit]


def after(start: datetime, patience: Patience, calendar: Calendar) -> datetime:
    """The instant (UTC) at which this patience, begun at `start`, is over for somebody whose days pass like this."""
    if not patience.amount:
        return start
    match patience.unit:
        case "bd":
            return _on_wall_clock(start, _business_days(start, patience.amount, calendar), calendar.clock)
        case "d":
            return _on_wall_clock(start, patience.amount, calendar.clock)
        case "mornings":
            return _morning(start, patience.amount, calendar.clock)
        case "wh":
            return after_hours(start, timedelta(hours=patience.amount), calendar)
        case _:
            return start + patience.nominal


def due(start: datetime, patience: Patience, calendar: Calendar) -> datetime:
    """When something falls due with them: counted from when they may be written to, and never in their quiet hours."""
    return open_at(after(open_at(start, calendar), patience, calendar), calendar)


def next_batch(start: datetime, now: datetime, every: Patience, calendar: Calendar) -> datetime:
    """The next instant, after `now`, of those that come round from `start` on, put into their open hours."""
    passed = (now - start) // every.nominal
    return open_at(start + (passed + 1) * every.nominal, calendar)


def next_of_days(now: datetime, weekdays: Collection[int], calendar: Calendar) -> datetime:
    """The next morning, after `now`, of a day of the week among these (Monday is 0), put into their open hours."""
    today = calendar.clock.wall(now).date()
    opens = calendar.hours.opens if calendar.hours else time(MORNING)
    named = (day for each in range(8) if (day := today + timedelta(days=each)).weekday() in weekdays)
    mornings = (on_clock(day, opens, calendar.clock) for day in named)
    return open_at(next(at for at in mornings if at > now), calendar)


def _business_days(start: datetime, amount: int, calendar: Calendar) -> int:
    day = calendar.clock.wall(start).date()
    return (working_days_on(day, amount, calendar) - day).days


def _on_wall_clock(start: datetime, days: int, clock: ZoneClock) -> datetime:
    # Same time of day where they live, whatever daylight saving did in between.
    return clock.instant(clock.wall(start) + timedelta(days=days))


def _morning(start: datetime, amount: int, clock: ZoneClock) -> datetime:
    day = clock.wall(start).date() + timedelta(days=amount)
    return on_clock(day, time(MORNING), clock)
