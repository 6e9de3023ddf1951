"""The list of costly tests: what it names is there, and what it leaves is something of every room."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.run.quick_set import AT_MOST, costs, write_costs

TESTS = Path(__file__).parents[2]
LONG = {"tests/killing"}  # kills processes again and again, which takes its time


def test_each_costly_test_is_there() -> None:
    assert not [name for name in costs() if name not in _all()], "measure anew: tests/support/run/quick_set.py says how"


def test_something_of_every_room_is_quick() -> None:
    rooms, quick = ({_room(name) for name in names} for names in (_all(), _all() - {*costs()}))
    assert rooms - quick <= LONG, "mark a test there `quick`, or make one that costs less"


def test_what_costs_little_is_not_listed(tmp_path: Path) -> None:
    file = tmp_path / "costly.txt"
    write_costs({"tests/a.py::test_of_little": AT_MOST, "tests/a.py::test_of_much": 1.26}, file)
    assert costs(file) == {"tests/a.py::test_of_much": 1.3}


def _room(name: str) -> str:
    """`tests/store`, `tests/web`: a folder right below tests."""
    return "/".join(name.split("/")[:2])


@cache
def _all() -> frozenset[str]:
    return frozenset(
        f"{file.relative_to(TESTS.parent).as_posix()}::{name}"
        for file in TESTS.rglob("test_*.py")
        for name in _tests(ast.parse(file.read_text(encoding="utf-8")))
    )


def _tests(within: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in within.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield from (f"{node.name}::{name}" for name in _tests(node))
