"""The archive of an export. One zip: everything as JSON, each section as a table that no program runs, or a photo."""

import base64
import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from store.privacy.export.copy import Copy, Rows

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")  # how a cell begins that a spreadsheet would work out


def packed(copy: Copy) -> bytes:
    """The zip, as bytes: one person's is small."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in files(copy):
            pack.writestr(zipfile.ZipInfo(name, copy.at.timetuple()[:6]), text, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def files(copy: Copy) -> Iterator[tuple[str, str | bytes]]:
    """Each file's name and what is in it."""
    yield "everything.json", json.dumps(copy.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"
    for name, rows in copy.sections.items():
        if name == "your_photo":
            yield from ((f"{name}.png", base64.b64decode(row["png_base64"])) for row in rows[:1])
        elif rows:
            yield f"{name}.csv", table(rows)


def table(rows: Rows) -> str:
    """RFC 4180, and every cell is only text."""
    target = io.StringIO()
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    writer.writerow(list(rows[0]))
    writer.writerows([cell(value) for value in row.values()] for row in rows)
    return target.getvalue()


def cell(value: Any) -> str:
    """As plain text; what would be worked out begins with an apostrophe instead."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.lstrip(" ").startswith(RUNS) else text
