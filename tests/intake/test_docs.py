"""docs/running/imports.md tells every column, and its examples are files that can be imported."""

import re
from pathlib import Path

from intake import conflicts as conflicts_csv
from intake import people as people_csv
from intake import ties as ties_csv
from intake.duplicates import FileDirectory
from intake.fault_reports import Checked
from intake.files.columns import Column, fold
from tests.intake.sample_files import people, source, ties

PAGE = (Path(__file__).parents[2] / "docs" / "running" / "imports.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_are_imported_without_a_fault() -> None:
    everybody = people(EXAMPLES[0])
    assert len(everybody) == 3
    assert len(ties(EXAMPLES[1], FileDirectory.of(everybody))) == 2
    marked = conflicts_csv.read_conflicts(source(EXAMPLES[2]))
    assert isinstance(marked, Checked)
    assert marked.count == 2


def test_every_column_is_told_and_each_other_name_is_understood() -> None:
    told = {cells[0].strip(" *"): cells[1].split(",") for cells in table_rows()}
    columns = {column.name: column for column in (*people_csv.COLUMNS, *ties_csv.COLUMNS, *conflicts_csv.COLUMNS)}
    assert set(told) == set(columns)
    for name, others in told.items():
        assert {fold(other) for other in others} <= names_of(columns[name])


def table_rows() -> list[list[str]]:
    rows = (line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| "))
    return [row for row in rows if row[0].strip() != "column"]


def names_of(column: Column) -> set[str]:
    return {fold(name) for name in (column.name, *column.aliases)}
