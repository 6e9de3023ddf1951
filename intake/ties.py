"""Rows of ties.csv: one connector's tie to one person each."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple, cast

from intake.cells import fields
from intake.duplicates import FileDirectory
from intake.fault_reports import Checked, FileReport, Findings, Wrong, check, shown
from intake.files.columns import Column, lay_out
from intake.files.rows import ReportProgress, Row, rows, silent
from intake.files.sources import Source
from store.importing.parts.records import Named, TieRecord, key_of

COLUMNS = (
    Column(name="connector", aliases=("from", "conector", "conectora", "quien conoce", "quem conhece"), required=True),
    Column(name="person", aliases=("to", "knows", "persona", "conoce a", "pessoa", "conhece"), required=True),
    Column(name="strength", aliases=("fuerza", "intensidad", "força", "intensidade")),
    Column(name="evidence", aliases=("how", "evidencia", "cómo se conocen", "evidência", "como se conhecem")),
    Column(name="since", aliases=("desde",)),
    Column(name="confirmed", aliases=("confirmed on", "confirmado", "confirmado el", "confirmado em", "confirmada")),
)


def read_ties(
    source: Source, today: date, directory: FileDirectory | None = None, progress: ReportProgress = silent
) -> Checked[TieRecord] | FileReport:
    """With a directory, everybody named must stand in it. Without one, whoever stores the ties has to find them."""
    return check(source.name, partial(_ties, source, today, directory, progress))


def _ties(
    source: Source, today: date, directory: FileDirectory | None, progress: ReportProgress, findings: Findings
) -> Iterator[TieRecord]:
    layout = lay_out(source, COLUMNS, findings)
    if layout is None:
        return
    pairs = _Pairs(directory)
    readers = _Readers(fields.since(today), fields.past_day(today))
    for row in rows(source, layout, findings, progress):
        tie = _tie(row, readers)
        if tie and pairs.takes(tie, row) and row.sound:
            yield tie


class _Readers(NamedTuple):
    """The two cells that are read against today."""

    since: Callable[[str], str | Wrong]
    confirmed: Callable[[str], date | Wrong]


def _tie(row: Row, readers: _Readers) -> TieRecord | None:
    connector, person = _who("connector", row), _who("person", row)
    strength = row.read("strength", fields.strength, None)
    confirmed_on = row.read("confirmed", readers.confirmed, None)
    evidence = row.read("evidence", fields.evidence, "")
    since = row.read("since", readers.since, None)
    if confirmed_on and row.sound and strength is None:
        row.fault(
            "strength",
            Wrong("It was confirmed, but not how well they know each other", "Write 1 to 5, or empty confirmed"),
        )
    if connector is None or person is None:
        return None
    return TieRecord(
        line=row.line, connector=connector, person=person,
        strength=strength, evidence=evidence, since=since, confirmed_on=confirmed_on,
    )  # fmt: skip


def _who(column: str, row: Row) -> Named | None:
    return cast(Named | None, row.need(column, fields.person_named))  # mypy widens the two kinds to their base


class _Pairs:
    """The pairs read so far: nobody knows themself, and one pair has one row."""

    def __init__(self, directory: FileDirectory | None) -> None:
        self.directory = directory
        self.seen: dict[tuple[str, str], tuple[int, int]] = {}

    def takes(self, tie: TieRecord, row: Row) -> bool:
        connector, person = self._key("connector", tie.connector, row), self._key("person", tie.person, row)
        if connector is None or person is None:
            return False
        if connector == person:
            row.fault("person", Wrong("Connector and person are the same", "Name two people"))
            return False
        line, facts = self.seen.setdefault((connector, person), (tie.line, hash(tie.facts())))
        if line == tie.line:
            return True
        if facts == hash(tie.facts()):
            row.notice(None, Wrong(f"This row says the same as line {line}", "It was read once"))
        else:
            row.fault(
                None, Wrong(f"Line {line} has the same two people and says something else", "Keep one of the two rows")
            )
        return False

    def _key(self, column: str, named: Named, row: Row) -> str | None:
        key = key_of(named)
        if self.directory is None:
            return key
        found = self.directory.find(named)
        if found is None:
            row.fault(
                column,
                Wrong(f"Nobody in the people file is “{shown(key)}”", "Add a row for them there, or correct it here"),
            )
        return found
