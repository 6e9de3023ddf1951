"""Rows of a file. Cells by column name, read one row at a time, each cell with a place for its faults."""

import csv
from collections.abc import Callable, Iterator
from typing import TypeVar

from intake.fault_reports import Findings, Repaired, Wrong
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
    """One row under reading: `sound` until a cell turns out wrong, and then every further fault is still found.

    In a file that nobody can mend, because another program wrote it, a wrong cell is left out and told instead.
    """

    def __init__(self, line: int, cells: dict[str, str], findings: Findings, *, forgiving: bool = False) -> None:
        self.line = line
        self.cells = cells
        self.findings = findings
        self.forgiving = forgiving
        self.sound = True

    def read(
        self, column: str, reader: Callable[[str], Value | Repaired[Value] | Wrong], empty: Empty
    ) -> Value | Empty:
        """The cell's value; `empty` where nothing stands, and after a fault. What was repaired is told."""
        text = self.cells.get(column, "")
        if not text:
            return empty
        value = reader(text)
        if isinstance(value, Wrong):
            self.fault(column, value)
            return empty
        if not isinstance(value, Repaired):
            return value
        self.notice(column, value.told)
        return value.value

    def need(self, column: str, reader: Callable[[str], Value | Repaired[Value] | Wrong]) -> Value | None:
        """The same for a cell that must be filled."""
        if not self.cells.get(column):
            self.fault(column, Wrong("This cell is empty", "Fill it in"))
        return self.read(column, reader, None)

    def fault(self, column: str | None, wrong: Wrong) -> None:
        """What is wrong with a cell."""
        if self.forgiving:
            self.notice(column, Wrong(f"{wrong.what}: it was left out", wrong.remedy))
        else:
            self._stop(column, wrong)

    def refuse(self, column: str | None, wrong: Wrong) -> None:
        """What is wrong with the whole row."""
        if self.forgiving:
            self.notice(column, Wrong(f"This row was passed over. {wrong.what}", wrong.remedy))
        else:
            self._stop(column, wrong)

    def _stop(self, column: str | None, wrong: Wrong) -> None:
        self.sound = False
        self.findings.fault(self.line, column, wrong)

    def notice(self, column: str | None, wrong: Wrong) -> None:
        self.findings.notice(self.line, column, wrong)


def rows(
    source: Source, layout: Layout, findings: Findings, progress: ReportProgress = silent, *, forgiving: bool = False
) -> Iterator[Row]:
    """Every row that is not empty. A row that cannot be split ends the reading: what follows it cannot be trusted."""
    lines = _Lines(source, layout.header_line)
    reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    try:
        for values in reader:
            line = lines.next_record()
            if line % PROGRESS_EVERY == 0:
                progress(lines.number, source.line_count)
            if any(map(str.strip, values)):
                row = Row(line, _cells(values, layout), findings, forgiving=forgiving)
                if len(values) == len(layout.places):
                    yield row
                else:
                    row.refuse(None, _uneven(len(values), len(layout.places)))
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


def _cells(values: list[str], layout: Layout) -> dict[str, str]:
    """What hides an address stays with it until it is read, so that its repair can be told."""
    stripped = (
        (place, text.strip(" ") if "@" in text else text.strip(" \u00a0"))
        for place, text in zip(layout.places, values, strict=False)
        if place
    )
    return {place: _unguarded(text) if text[:1] == "'" else text for place, text in stripped}


def _uneven(cells: int, names: int) -> Wrong:
    return Wrong(
        f"This row has {cells} cells where the header has {names}",
        "Put quotes round a cell that holds a delimiter, and write empty cells too",
    )


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith(GUARDED) else text


def _unreadable(error: str) -> Wrong:
    if "unexpected end" in error:
        return Wrong(
            "A quote is opened in this row and never closed", "Close it, or write it twice if it is part of the text"
        )
    return Wrong(
        f"This row cannot be read ({error})", "Write a quote inside a cell twice, and nothing after a closing quote"
    )
