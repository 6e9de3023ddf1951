"""Clocks as they are told are those of the locked zone law, which is the only one that any process reads."""

import hashlib
import os
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from calendars.clocks import clock_of, clocks_of
from models.time import clocks_of_2026
from models.time.clocks import ZoneClock, clock_in
from tests.support.clocks import clock_for_years

ROOT = Path(__file__).parents[2]
ZONES = st.sampled_from(sorted(zoneinfo.available_timezones()))
INSTANTS = st.integers(0, 9 * 365 * 24 * 60).map(
    lambda each: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=each)
)
MADRID, NOW = "Europe/Madrid", datetime(2026, 11, 30, 9, tzinfo=UTC)
KEPT = "a89c818d11dde2e1f9635b184496fe45292bc1bafb7430863052dfd563f400b6"  # of the file of 2026: it never changes


@given(zone=ZONES, at=INSTANTS)
def test_a_wall_shows_what_the_law_says(zone: str, at: datetime) -> None:
    clock, local = clock_for_years(zone), at.astimezone(ZoneInfo(zone))
    assert clock.wall(at) == local.replace(tzinfo=None)
    assert clock.instant(local.replace(tzinfo=None)) == local.replace(fold=0).astimezone(UTC)


@given(zone=ZONES, at=INSTANTS)
def test_an_hour_that_is_skipped_is_the_hour_after_it(zone: str, at: datetime) -> None:
    """Any time that a wall could show, whether or not it does."""
    wall = at.replace(tzinfo=None)
    assert clock_for_years(zone).instant(wall) == wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_what_is_told_is_no_more_than_what_is_needed() -> None:
    half_a_year = NOW + timedelta(days=180)
    assert [(zone, str(clock)) for zone, clock in clocks_of([MADRID, "Asia/Tokyo", MADRID], NOW, half_a_year)] == [
        ("Asia/Tokyo", "540"),
        (MADRID, "60 2027-03-28T01:00 120"),
    ]


def test_a_name_that_is_no_zone_any_more_stops_nothing() -> None:
    assert clock_of("Mars/Olympus", NOW) == ZoneClock()
    assert clock_of("../secrets", NOW) == ZoneClock()


def test_the_clocks_of_2026_never_change() -> None:
    assert hashlib.sha256(clocks_of_2026.FILE.read_bytes()).hexdigest() == KEPT
    assert str(clock_in((), "Asia/Kathmandu")) == "345"
    assert str(clock_in((), MADRID)).startswith("60 2025-03-30T01:00 120 2025-10-26T01:00 60")


def test_no_command_reads_the_machines_own_zones(tmp_path: Path) -> None:
    """Every process of an installation begins as a command."""
    done = subprocess.run(
        [sys.executable, "-c", "import cli, zoneinfo; print(zoneinfo.TZPATH)"],
        cwd=ROOT,
        env={**os.environ, "PYTHONTZPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "()"
    assert zoneinfo.TZPATH == (), "nor does a test"
