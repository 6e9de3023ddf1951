"""Clocks of time zones, read from the locked `tzdata`: what openings and news tell a process."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import import_module
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.time.clocks import UTC_CLOCK, Change, Clocks, ZoneClock

BEFORE, AHEAD = (
    timedelta(days=430),
    timedelta(days=800),
)  # longer than anything is looked back on, or waits under a policy that ships (alumni: 622 days)
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def law() -> str:
    """The release of zone law that this process knows, such as "2026f"; a later one compares as greater."""
    return str(import_module("tzdata").IANA_VERSION)


def clock_of(zone: str, now: datetime) -> ZoneClock:
    """A zone's clock around this instant. A name that is no zone any more keeps UTC: nothing stands still over it."""
    return _read(zone, now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0))


def clocks_of(zones: Iterable[str], now: datetime, until: datetime) -> Clocks:
    """The clocks of these zones as a process is told them: from now until then, and no more than that."""
    return tuple((zone, clock_of(zone, now).between(now, until)) for zone in sorted(set(zones)))


@lru_cache(maxsize=1024)
def _read(zone: str, month: datetime) -> ZoneClock:
    try:
        law = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        return UTC_CLOCK
    return read_clock(law, month - BEFORE, month + AHEAD)


def read_clock(law: ZoneInfo, first: datetime, last: datetime) -> ZoneClock:
    """What this zone's clocks show from the first of these instants to the last."""
    return ZoneClock(offset=_offset(law, first), changes=tuple(_changes(law, first, last)))


def _changes(law: ZoneInfo, day: datetime, last: datetime) -> Iterator[Change]:
    while day < last:
        if _offset(law, day) != _offset(law, day + _DAY):
            yield _change(law, day, day + _DAY)
        day += _DAY


def _change(law: ZoneInfo, before: datetime, after: datetime) -> Change:
    """The minute at which the clocks change, between these two."""
    while after - before > _MINUTE:
        middle = before + (after - before) // _MINUTE // 2 * _MINUTE
        if _offset(law, middle) == _offset(law, after):
            after = middle
        else:
            before = middle
    return after, _offset(law, after)


def _offset(law: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(law).utcoffset() or timedelta()
    return offset // _MINUTE
