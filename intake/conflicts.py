"""conflicts.csv: who is to be kept apart.

One row of conflicts.csv, two sides: each somebody, or everybody of an organisation.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from intake.cells import fields
from intake.fault_reports import Checked, FileReport, Findings, Wrong, check
from intake.files.columns import Column, lay_out
from intake.files.rows import ReportProgress, Row, rows, silent
from intake.files.sources import Source
from store.importing.parts.records import ConflictRecord, Named

COLUMNS = (
    Column(name="one", aliases=("person", "una persona", "uma pessoa")),
    Column(name="one organisation", aliases=("organisation", "una organización", "uma organização")),
    Column(name="other", aliases=("other person", "otra persona", "outra pessoa")),
    Column(name="other organisation", aliases=("otra organización", "outra organização")),
)
EITHER = "Fill in one of the two: a person, or an organisation"


def read_conflicts(source: Source, progress: ReportProgress = silent) -> Checked[ConflictRecord] | FileReport:
    return check(source.name, partial(_conflicts, source, progress))


def _conflicts(source: Source, progress: ReportProgress, findings: Findings) -> Iterator[ConflictRecord]:
    layout = lay_out(source, COLUMNS, findings)
    if layout is None:
        return
    for row in rows(source, layout, findings, progress):
        one, other = _side(row, "one"), _side(row, "other")
        if row.sound:
            yield ConflictRecord(
                line=row.line,
                one=one.person,
                one_organisation=one.organisation,
                other=other.person,
                other_organisation=other.organisation,
            )


class _Side(NamedTuple):
    person: Named | None
    organisation: str


def _side(row: Row, name: str) -> _Side:
    at = f"{name} organisation"
    named: Callable[[str], Any] = fields.person_named
    person: Named | None = row.read(name, named, None)
    organisation = row.read(at, fields.organisation, "")
    if row.cells.get(name) and row.cells.get(at):
        row.fault(at, Wrong("This side names a person and an organisation", EITHER))
    if not row.cells.get(name) and not row.cells.get(at):
        row.fault(name, Wrong("This side is empty", EITHER))
    return _Side(person, organisation)
