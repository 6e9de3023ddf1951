"""The erasure journal, kept where no backup of the database reaches. A file of keyed marks, one line each.

A restored backup brings people back; the marks tell which of them have to go again, and which addresses no import may
bring. Without the key ring they say nothing about anybody.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from store.privacy.erasure.after_restore import Noted
from store.privacy.erasure.jobs import ErasureJob

JOURNAL = "erasures.journal"  # in the data folder, beside the keys and never in a backup of the database


def write_down(journal: Path | None, which: ErasureJob) -> None:
    """On disk before anything goes. The same line twice does no harm."""
    if journal is None:
        return
    noted = Noted(person=which.mark, tenant=which.tenant, suppressed=which.suppressed)
    file = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, (noted.model_dump_json() + "\n").encode())
        os.fsync(file)
    finally:
        os.close(file)


def noted_in(journal: Path) -> Iterator[Noted]:
    """Each line once; one that was cut off by a crash is passed over, as its erasure goes on by itself."""
    seen: set[str] = set()
    for line in journal.read_text().splitlines() if journal.exists() else ():
        try:
            noted = Noted.model_validate(json.loads(line))
        except ValueError:
            continue
        if noted.person not in seen:
            seen.add(noted.person)
            yield noted
