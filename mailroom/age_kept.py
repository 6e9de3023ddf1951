"""The age of the database as this data folder knows it: a file beside the data, which no backup of the database holds.

It notes which file it is, too: brought back with its whole folder it is another one, and says so.
"""

import os
from datetime import datetime
from pathlib import Path

AGE = "database.age"  # in the data folder; never in a backup
_NUMBER = 20  # digits: it is written in its place, so that the file stays the file it is


class AgeKept:
    """How far the database had counted when this folder last saw it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.met: tuple[int, datetime] | None = None  # how far it had counted when a folder new to it first looked

    @property
    def number(self) -> int | None:
        """None where this folder has never seen it."""
        written = self._read()
        return int(written[0]) if written else None

    @property
    def is_a_copy(self) -> bool:
        written = self._read()
        return bool(written) and int(written[1]) != self._file.stat().st_ino

    def keep(self, number: int) -> None:
        """On disk before any letter leaves."""
        file = os.open(self._file, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(file, f"{number:0{_NUMBER}} {os.fstat(file).st_ino:0{_NUMBER}}\n".encode(), 0)
            os.fsync(file)
        finally:
            os.close(file)

    def _read(self) -> list[str]:
        try:
            written = self._file.read_text().split()
        except FileNotFoundError:
            return []
        return written if len(written) == 2 and all(each.isdecimal() for each in written) else []
