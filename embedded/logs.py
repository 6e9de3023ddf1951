"""Log files of the children, and their last words. One bounded file for each child."""

import os
import shutil
from pathlib import Path

LARGEST = 5_000_000
LAST_LINES = 15
LAST_BYTES = 16_384


def open_log(file: Path) -> int:
    """Opened for appending, so that the file may be cut short while a child writes to it."""
    keep_bounded(file)
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def keep_bounded(file: Path) -> None:
    """One older file is kept beside the present one; the child writes on into the same, now empty, file."""
    if file.exists() and file.stat().st_size > LARGEST:
        shutil.copyfile(file, file.with_suffix(".old.log"))
        os.truncate(file, 0)


def last_words(file: Path) -> str:
    """The end of the file, indented to stand under a sentence of ours."""
    try:
        with file.open("rb") as log:
            log.seek(max(0, file.stat().st_size - LAST_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
    except OSError:
        lines = []
    return "\n".join(f"    {line}" for line in _telling(lines)) or "    (it said nothing)"


def _telling(lines: list[str]) -> list[str]:
    """The last of them; of a Go program's long farewell the lines that begin it, which say what was wrong."""
    panics = [number for number, line in enumerate(lines) if line.startswith("panic:")]
    return lines[panics[-1] :][:LAST_LINES] if panics else lines[-LAST_LINES:]
