"""Rows of ties.csv: one connector's tie to one person each."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import NamedTuple, cast

from intake.cells import fields
from intake.duplicates import FileDirectory, FilePairs
from intake.fault_reports import Checked, FileReport, Findings, Wrong, check, shown
from intake.files.columns import Column, lay_out
from intake.files.rows import ReportProgress, Row, rows, silent
from intake.files.sources import Source
from store.importing.parts.records import Named, TieRecord

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
    return check(source.name, partial(_ties, source, today, directory, FilePairs(), progress))


def _ties(
    source: Source,
    today: date,
    directory: FileDirectory | None,
    pairs: FilePairs,
    progress: ReportProgress,
    findings: Findings,
) -> Iterator[TieRecord]:
    layout = lay_out(source, COLUMNS, findings)
    if layout is None:
        return
    readers = _Readers(fields.since(today), fields.past_day(today))
    for row in rows(source, layout, findings, progress):
        tie = _tie(row, readers)
        if tie is None:
            continue
        connector, person = _key("connector", tie.connector, directory, row), _key("person", tie.person, directory, row)
        if connector and person and pairs.takes(connector, person, tie, row) and row.sound:
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
    return cast("Named | None", row.need(column, fields.person_named))  # mypy widens the two kinds to their base


def _key(column: str, named: Named, directory: FileDirectory | None, row: Row) -> str | None:
    if directory is None:
        return named.key
    found = directory.find(named)
    if found is None:
        row.fault(
            column,
            Wrong(f"Nobody in the people file is “{shown(named.key)}”", "Add a row for them there, or correct it here"),
        )
    return found
