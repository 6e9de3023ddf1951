"""No cell of a copy is worked out by a spreadsheet."""

import csv
import io

import pytest

from store.privacy.export.archive import table


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("https://example.test")', "+1 555", "-2", "@SUM(A1)", "\tx", " =1", "\x00="]
)
def test_what_would_be_worked_out_is_only_text(text: str) -> None:
    (_, (cell, plain)) = list(csv.reader(io.StringIO(table([{"said": text, "plain": 'a "b", c'}]))))
    assert cell == f"'{text}"
    assert plain == 'a "b", c'
