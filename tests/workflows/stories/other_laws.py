"""Other zone laws and other holidays, laid before a process in place of the locked packages."""

import shutil
import struct
import zoneinfo
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

LAW = "2099z"
LOCKED = Path(str(import_module("tzdata").__file__)).parent
WINTER = datetime(2026, 1, 15)  # noqa: DTZ001 # on any wall
HOLIDAYS = """raise RuntimeError("a workflow asks no calendar of holidays")"""
Law = Callable[[str, list[str]], bytes]


def _moved(by: timedelta) -> Law:
    """Every zone off by so much, and no summer time any more."""
    return lambda zone, _: _fixed((zoneinfo.ZoneInfo(zone).utcoffset(WINTER) or timedelta()) + by)


def _exchanged(zone: str, zones: list[str]) -> bytes:
    """Every zone keeps the law of another."""
    other = zones[zones.index(zone) - 7]
    return LOCKED.joinpath("zoneinfo", other).read_bytes()


LAWS: dict[str, Law] = {
    "an hour ahead": _moved(timedelta(hours=1)),
    "an hour and a half behind": _moved(timedelta(hours=-1.5)),
    "exchanged": _exchanged,
}


def lay_before(folder: Path, law: Law) -> dict[str, str]:
    """Such packages in this folder, and the variables with which a process finds them before any other."""
    packages, zones = folder / "packages", sorted(zoneinfo.available_timezones())
    shutil.copytree(LOCKED, packages / "tzdata")
    for zone in zones:
        (packages / "tzdata" / "zoneinfo" / zone).write_bytes(law(zone, zones))
    (packages / "tzdata" / "__init__.py").write_text(f'IANA_VERSION = "{LAW}"\n')
    (packages / "holidays.py").write_text(HOLIDAYS)
    # The machine's own database is shifted too: what counts is the package, and neither is read.
    return {"PYTHONPATH": str(packages), "PYTHONTZPATH": str(packages / "tzdata" / "zoneinfo")}


def _fixed(offset: timedelta) -> bytes:
    """A file of zone law as `zoneinfo` reads it (TZif, version 1): one offset, for ever."""
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    return b"TZif" + b"\0" * 16 + counts + struct.pack(">lbb", round(offset.total_seconds()), 0, 0) + b"LAW\0"
