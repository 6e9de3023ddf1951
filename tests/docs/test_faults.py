"""Each fault of docs/faults.md names tests that are there."""

import re
from pathlib import Path

import pytest

from tests.docs_in_step import DOCS

ROOT = Path(DOCS).parent
TEXT = (DOCS / "faults.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (F\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", TEXT, re.MULTILINE)


@pytest.mark.parametrize(("number", "shown"), [(row[0], row[3]) for row in ROWS])
def test_what_shows_a_fault_is_there(number: str, shown: str) -> None:
    named = re.findall(r"`([^`:]+)::(?:\w+::)?(\w+)`", shown)
    assert named, f"{number} names no test"
    for file, test in named:
        body = (ROOT / file).read_text(encoding="utf-8")
        found = re.search(rf"((?:^ *@.*\n)*)^ *(?:async )?def {test}\(", body, re.MULTILINE)
        assert found, f"{number}: {file} has no {test}"
        assert ("@pytest.mark.soak\n" in found[1]) == (f"{test}` (*soak*)" in shown)


def test_no_fault_stands_twice() -> None:
    numbers = [row[0] for row in ROWS]
    assert len(numbers) == len(set(numbers)) > 10
