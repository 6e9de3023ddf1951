"""Rows of a file. Cells by column name, read one row at a time, each cell with a place for its faults."""

import csv
from collections.abc import Callable, Iterator
from typing import TypeVar

from intake.fault_reports import Findings, Wrong
from intake.files.columns import Layout
from intake.files.sources import Source

Value = TypeVar("Value")
Empty = TypeVar("Empty")
ReportProgress = Callable[[int, int], None]
"""Told how many lines of how many are read."""
PROGRESS_EVERY = 1000
GUARDED = (
    "'=",
    "'+",
    "'-",
    "'@",
    "'\t",
)  # an export puts the apostrophe there so that no spreadsheet computes the cell


def silent(read: int, of: int) -> None:
    """Progress that nobody watches."""


class Row:
    """One row under reading: `sound` until a cell turns out wrong, and then every further fault is still found."""

    def __init__(self, line: int, cells: dict[str, str], findings: Findings) -> None:
        self.line = line
        self.cells = cells
        self.findings = findings
        self.sound = True

    def read(self, column: str, reader: Callable[[str], Value | Wrong], empty: Empty) -> Value | Empty:
        """The cell's value; `empty` where nothing stands, and after a fault."""
        text = self.cells.get(column, "")
        if not text:
            return empty
        value = reader(text)
        if isinstance(value, Wrong):
            self.fault(column, value)
            return empty
        return value

    def need(self, column: str, reader: Callable[[str], Value | Wrong]) -> Value | None:
        """The same for a cell that must be filled."""
        if not self.cells.get(column):
            self.fault(column, Wrong("This cell is empty", "Fill it in"))
        return self.read(column, reader, None)

    def fault(self, column: str | None, wrong: Wrong) -> None:
        self.sound = False
        self.findings.fault(self.line, column, wrong)

    def notice(self, column: str | None, wrong: Wrong) -> None:
        self.findings.notice(self.line, column, wrong)


def rows(source: Source, layout: Layout, findings: Findings, progress: ReportProgress = silent) -> Iterator[Row]:
    """Every row that is not empty. A row that cannot be split ends the reading: what follows it cannot be trusted."""
    lines = _Lines(source, layout.header_line)
    reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    try:
        for values in reader:
            line = lines.next_record()
            if line % PROGRESS_EVERY == 0:
                progress(lines.number, source.line_count)
            if any(map(str.strip, values)):
                yield from _row(values, line, layout, findings)
    except csv.Error as error:
        findings.fault(lines.start, None, _unreadable(str(error)))
    except _RecordTooLong:
        too_long = Wrong(
            f"This row is longer than {source.limits.record:,} characters", "Look for a quote that is never closed"
        )
        findings.fault(lines.start, None, too_long)
    progress(lines.number, source.line_count)


class _RecordTooLong(Exception):
    pass


class _Lines:
    """Feeds lines to the csv reader, knows where the current record began, and stops one that never ends."""

    def __init__(self, source: Source, skip: int) -> None:
        self.lines = source.lines()
        self.limit = source.limits.record
        self.number = 0
        while self.number < skip:
            next(self.lines)
            self.number += 1
        self.start = self.number + 1
        self.length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.number += 1
        self.length += len(line)
        if self.length > self.limit:
            raise _RecordTooLong
        return line

    def next_record(self) -> int:
        """The line at which the record just read began; counting starts anew."""
        began, self.start, self.length = self.start, self.number + 1, 0
        return began


def _row(values: list[str], line: int, layout: Layout, findings: Findings) -> Iterator[Row]:
    if len(values) != len(layout.places):
        count = f"This row has {len(values)} cells where the header has {len(layout.places)}"
        remedy = "Put quotes round a cell that holds a delimiter, and write empty cells too"
        findings.fault(line, None, Wrong(count, remedy))
        return
    cells = {
        place: _unguarded(text.strip(" \u00a0")) for place, text in zip(layout.places, values, strict=True) if place
    }
    yield Row(line, cells, findings)


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and text.startswith(GUARDED) else text


def _unreadable(error: str) -> Wrong:
    if "unexpected end" in error:
        return Wrong(
            "A quote is opened in this row and never closed", "Close it, or write it twice if it is part of the text"
        )
    return Wrong(
        f"This row cannot be read ({error})", "Write a quote inside a cell twice, and nothing after a closing quote"
    )
