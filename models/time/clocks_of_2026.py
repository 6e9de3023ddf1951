"""Clocks of 2026: the zone law by which introductions count that began before clocks were told to them.

Every zone of tzdata 2026f from 2025 to 2032, in `clocks_of_2026.txt`: a clock a line, then the zones that keep it. It
stands for histories that are recorded, so it never changes, whatever the law does; a change reaches these introductions
as news.
"""

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("clocks_of_2026.txt")


def clock_of_2026(zone: str) -> str:
    """This zone's clock as a `ZoneClock` is written; UTC's for a name that no zone had."""
    return _clocks().get(zone, "0")


@cache
def _clocks() -> dict[str, str]:
    lines = (line.partition("\t") for line in FILE.read_text("ascii").splitlines())
    return {zone: clock for clock, _, zones in lines for zone in zones.split()}
