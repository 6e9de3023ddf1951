"""The map of the tests: those that notice faults of each file, by faults put in, name, import, and what they reach.

Asked in this order, and the first that answers is shown: `NOTICED_BY` of `tests/mutation.py`; a row in ELSEWHERE; the
test file of the same name in a folder of the same name, or above it; the test files that import the file, by themselves
or through one helper; the test files of the same folder that reach it through the code. No way leads through `cli.py`,
which imports every command: whoever types one says nothing of the others.
"""

import ast
import tomllib
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

from tests import mutation
from tests.docs.pages.identifiers import parsed

ROOT = Path(__file__).parents[3]
AT_MOST = 4  # test files named beside one file; the nearest of them
EVERY_COMMAND = "cli.py"
NEAR = 2  # imports between a test file and what it tests, at most, outside of the folder of its name

COMPARED_BY = {
    mutation.DECISIONS: "tests/models/process/test_decisions.py",
    mutation.LETTERS: "tests/models/record/test_warmth.py",
    mutation.STARTED: "tests/store/letters/test_letters_started.py",
    mutation.SHOWN: "tests/store/asks/test_pages_shown.py",
}
# By hand: what tests run without importing it, or know by another name.
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "commands/data/exports.py": (
        "tests/commands/data/test_erasure.py",
        "tests/commands/programme/test_who_is_meant.py",
    ),
    "commands/data/retention.py": ("tests/commands/data/test_erasure.py",),
    "commands/demo/*.py": ("tests/commands/demo/test_demo.py",),
    "commands/doctor/command.py": ("tests/commands/doctor/test_doctor.py",),
    "commands/installation/begin_anew.py": (
        "tests/commands/installation/test_cluster.py",
        "tests/killing/test_restore_drill.py",
    ),
    "commands/introductions/listing.py": ("tests/commands/data/test_rows.py", "tests/web/me/test_after_erasure.py"),
    "commands/introductions/requests.py": (
        "tests/commands/data/test_rows.py",
        "tests/commands/programme/test_who_is_meant.py",
    ),
    "commands/lookup.py": ("tests/commands/data/test_rows.py", "tests/commands/programme/test_conflicts.py"),
    "commands/output.py": ("tests/commands/data/test_rows.py",),
    "commands/programme/api_keys.py": ("tests/commands/data/test_rows.py",),
    "commands/programme/operators.py": (
        "tests/commands/data/test_rows.py",
        "tests/commands/programme/test_who_is_meant.py",
    ),
    "commands/programme/people.py": (
        "tests/commands/programme/test_kinds.py",
        "tests/commands/programme/test_who_is_meant.py",
        "tests/commands/test_twin_acts.py",
    ),
    "commands/programme/programmes.py": ("tests/commands/data/test_rows.py",),
    "models/policy/caps.py": ("tests/store/programmes/test_kinds.py", "tests/store/steps/test_races.py"),
    "store/views/letters/letters_held.py": ("tests/commands/installation/test_restored.py",),
    "store/migrations/env.py": ("tests/store/engine/test_migrate.py",),
    "store/migrations/versions/*.py": ("tests/store/engine/test_each_migration.py", "tests/store/test_releases.py"),
}


class Noticed(NamedTuple):
    file: str
    tests: tuple[str, ...]  # the nearest first
    known_by: str


def page() -> str:
    """docs/measured/tests.md."""
    return HEAD + "".join(f"| `{each.file}` | {_shown(each.tests)} | {each.known_by} |\n" for each in noticed())


def noticed() -> list[Noticed]:
    """Every file of ours that does anything, in order."""
    return [_noticed(file) for file in sorted(_production()) if _does_anything(file)]


HEAD = """# Which tests notice faults of which file

Written by `make docs` from `tests/docs/pages/noticed_by.py`; a file without a test fails one. Known by: *faults*, put
in on purpose (`docs/measured/mutation.md`); *name*, a test file of the same name; *import*, by a test file or by one
helper of it; *folder*, reached by the tests of the same folder; *hand*, a row in that file. The nearest come first.
Run what stands beside a file while you change it, `make quick` after each edit, `make test` before a commit.

| file | tests | known by |
|---|---|---|
"""


def _shown(tests: tuple[str, ...]) -> str:
    others = (f"{len(tests) - AT_MOST} more",) if len(tests) > AT_MOST else ()
    return ", ".join((*(f"`{each}`" for each in tests[:AT_MOST]), *others))


def _noticed(file: str) -> Noticed:
    asked = (
        (_by_faults, "faults"),
        (_by_hand, "hand"),
        (_by_name, "name"),
        (_by_import, "import"),
        (_by_folder, "folder"),
    )
    answers = ((tests, known_by) for ask, known_by in asked if (tests := ask(file)))
    return Noticed(file, *next(answers, ((), "nothing")))


def _by_faults(file: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(COMPARED_BY.get(each, each) for each in mutation.NOTICED_BY.get(file, ())))


def _by_hand(file: str) -> tuple[str, ...]:
    return next((tests for pattern, tests in ELSEWHERE.items() if fnmatch(file, pattern)), ())


def _by_name(file: str) -> tuple[str, ...]:
    path = Path(file)
    name = path.parent.name if path.stem == "__init__" else path.stem
    folders = (_of_tests(folder) for folder in (path.with_suffix(""), *path.parents))
    return tuple(str(found) for folder in folders if str(found := folder / f"test_{name}.py") in _tests())


def _by_import(file: str) -> tuple[str, ...]:
    return _nearest(file, {test: far for test, far in _reaching(file).items() if far <= NEAR})


def _by_folder(file: str) -> tuple[str, ...]:
    found = {test: far for test, far in _reaching(file).items() if _shared(file, test)}
    nearest = max((_shared(file, test) for test in found), default=0)
    return _nearest(file, {test: far for test, far in found.items() if _shared(file, test) == nearest})


def _nearest(file: str, found: Mapping[str, int]) -> tuple[str, ...]:
    """Those of its own folder first, then by how near, then those that import little else."""
    return tuple(sorted(found, key=lambda test: (-_shared(file, test), found[test], len(_imports()[test]), test)))


def _shared(file: str, test: str) -> int:
    """How many folders of their ways are the same."""
    ways = zip(_of_tests(Path(file).parent).parts[1:], Path(test).parent.parts[1:], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], ways))


def _of_tests(folder: Path) -> Path:
    return Path("tests", *folder.parts)


def _reaching(file: str) -> dict[str, int]:
    """Each test file from which imports lead here, and over how many of them."""
    far, queue = {file: 0}, deque([file])
    while queue:
        here = queue.popleft()
        if here == EVERY_COMMAND != file:
            continue
        for other in _imported_by()[here]:
            if other not in far:
                far[other] = far[here] + 1
                queue.append(other)
    return {each: distance for each, distance in far.items() if each in _tests()}


@cache
def _imported_by() -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file, imported in _imports().items():
        for each in sorted(imported):
            found[each].append(file)
    return found


@cache
def _imports() -> dict[str, set[str]]:
    files = {*_production(), *(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("*.py"))}
    modules = {file.removesuffix(".py").removesuffix("/__init__").replace("/", "."): file for file in files}
    return {file: {modules[name] for name in _names(file) if name in modules} - {file} for file in sorted(files)}


def _names(file: str) -> Iterator[str]:
    for node in ast.walk(_parsed(file)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


@cache
def _tests() -> frozenset[str]:
    return frozenset(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py"))


@cache
def _production() -> frozenset[str]:
    """What is installed, as pyproject.toml lists it."""
    told: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = [each.rstrip("*") for each in told["packages"]["find"]["include"] if each != "benchmarks*"]
    inside = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return frozenset(
        [*(f"{name}.py" for name in told["py-modules"]), *(str(path.relative_to(ROOT)) for path in inside)]
    )


def _does_anything(file: str) -> bool:
    """Whether there is more in it than a docstring."""
    return any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in _parsed(file).body)


@cache
def _parsed(file: str) -> ast.Module:
    return parsed(ROOT / file)
