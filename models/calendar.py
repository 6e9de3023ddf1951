"""How long do we wait, and when is that over? Patience in the receiver's own days, turned into an instant."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_serializer, model_validator

from models.base import Frozen

Unit = Literal["s", "min", "h", "d", "bd", "mornings"]

MORNING = 9  # letters of the next morning leave at nine, in the receiver's zone (POLICIES.md, A)
SATURDAY = 5

_WRITTEN = re.compile(r"^\s*(\d{1,4})\s*(s|min|h|d|bd|mornings?)\s*$")
_NOMINAL = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "bd": timedelta(days=1.4),
    "mornings": timedelta(days=1),
}


class Patience(Frozen):
    """A duration as people say it: "30 s", "10 min", "4 h", "90 d", "3 bd" (business days), "1 morning" (09:00 of
    the next day). What it means on a calendar depends on the receiver's time zone."""

    amount: int = Field(ge=0, le=9999)
    unit: Unit

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        if not isinstance(written, str):
            return written
        found = _WRITTEN.match(written)
        if not found:
            raise ValueError('a duration is written like "30 s", "10 min", "4 h", "90 d", "3 bd" or "1 morning"')
        return {"amount": int(found[1]), "unit": found[2] if found[2] != "morning" else "mornings"}

    @model_serializer
    def _write(self) -> str:
        return f"{self.amount} {self.unit}"

    def __str__(self) -> str:
        return self._write()

    @property
    def nominal(self) -> timedelta:
        """About how long this is, for comparing two patiences; five business days count as seven days."""
        return self.amount * _NOMINAL[self.unit]


def after(start: datetime, patience: Patience, zone: str) -> datetime:
    """The instant (UTC) at which this patience, begun at `start`, is over for somebody living in `zone`."""
    if not patience.amount:
        return start
    match patience.unit:
        case "bd":
            return _on_wall_clock(start, _business_days(start, patience.amount, zone), zone)
        case "d":
            return _on_wall_clock(start, patience.amount, zone)
        case "mornings":
            return _morning(start, patience.amount, zone)
        case _:
            return start + patience.nominal


def _business_days(start: datetime, amount: int, zone: str) -> int:
    day, days = start.astimezone(ZoneInfo(zone)), 0
    while amount:
        days += 1
        if (day + timedelta(days=days)).weekday() < SATURDAY:
            amount -= 1
    return days


def _on_wall_clock(start: datetime, days: int, zone: str) -> datetime:
    # Same time of day where they live, whatever daylight saving did in between.
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(days=days)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _morning(start: datetime, amount: int, zone: str) -> datetime:
    local = start.astimezone(ZoneInfo(zone)) + timedelta(days=amount)
    return local.replace(hour=MORNING, minute=0, second=0, microsecond=0).astimezone(UTC)
