"""Clocks: the offsets of a time zone from UTC, each from the instant it holds. Told as data, never looked up.

Zone law changes, and a database of it is another on another machine. So what a process counts with comes to it with the
opening and the news; who reads a database is `calendars`, and nobody here.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from pydantic import model_serializer, model_validator

from models.base import Frozen
from models.time.clocks_of_2026 import clock_of_2026

Change = tuple[datetime, int]  # from this instant (UTC) on, so many minutes east of UTC


class ZoneClock(Frozen):
    """What the clocks on one zone's walls show. Written "60 2027-03-28T01:00 120": an hour ahead of UTC, two from then
    on. After the last change that is known, its offset stays."""

    offset: int = 0  # minutes east of UTC, until the first change
    changes: tuple[Change, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _read(cls, written: Any) -> Any:
        if not isinstance(written, str):
            return written
        first, *rest = written.split()
        pairs = zip(rest[::2], rest[1::2], strict=True)
        return {"offset": first, "changes": [(f"{at}+00:00", offset) for at, offset in pairs]}

    @model_serializer
    def _write(self) -> str:
        return " ".join([str(self.offset), *(f"{at:%Y-%m-%dT%H:%M} {offset}" for at, offset in self.changes)])

    def __str__(self) -> str:
        return self._write()

    def wall(self, at: datetime) -> datetime:
        """What the wall shows at this instant, without a zone."""
        return (at.astimezone(UTC) + timedelta(minutes=self._offset_at(at))).replace(tzinfo=None)

    def instant(self, wall: datetime) -> datetime:
        """When (UTC) the wall shows this: the first of two; an hour later, where the clocks skip it."""
        offset = self.offset
        for since, later in self.changes:
            if wall < since.replace(tzinfo=None) + timedelta(minutes=max(offset, later)):
                break
            offset = later
        return wall.replace(tzinfo=UTC) - timedelta(minutes=offset)

    def between(self, first: datetime, last: datetime) -> "ZoneClock":
        """As much of it as is needed from the first of these instants to the last."""
        kept = tuple(each for each in self.changes if first < each[0] <= last)
        return ZoneClock(offset=self._offset_at(first), changes=kept)

    def _offset_at(self, at: datetime) -> int:
        offset = self.offset
        for since, later in self.changes:
            if at < since:
                break
            offset = later
        return offset


UTC_CLOCK = ZoneClock()

Clocks = tuple[tuple[str, ZoneClock], ...]  # of several zones, by name


def clock_in(clocks: Clocks, zone: str) -> ZoneClock:
    """This zone's clock as it was told; as it was in 2026 for introductions that began before any was."""
    told = next((clock for name, clock in clocks if name == zone), None)
    return told or _of_2026(zone)


def with_clocks(clocks: Clocks, changed: Clocks) -> Clocks:
    """These clocks, and those that have changed in their place."""
    new = dict(changed)
    kept = tuple((zone, new.pop(zone, clock)) for zone, clock in clocks)
    return (*kept, *((zone, clock) for zone, clock in changed if zone in new))


def and_clock(clocks: Clocks, zone: str, clock: ZoneClock | None) -> Clocks:
    """These clocks and one more. A zone that is known keeps the clock it has: what counted by it would not be moved."""
    if clock is None or any(name == zone for name, _ in clocks):
        return clocks
    return (*clocks, (zone, clock))


def kept_on_the_wall(at: datetime, before: ZoneClock, after: ZoneClock, now: datetime) -> datetime:
    """The instant at which the wall shows what it would have shown then by the clock before; the same as before where
    that has passed."""
    wall = before.wall(at)
    moved = at if after.wall(at) == wall else after.instant(wall)
    return moved if moved > now else at


@cache
def _of_2026(zone: str) -> ZoneClock:
    return ZoneClock.model_validate(clock_of_2026(zone))
