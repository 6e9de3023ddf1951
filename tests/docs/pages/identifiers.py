"""Names the project has given. Files, classes, functions, arguments and variables, with where they stand."""

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
NOT_OURS = ("__pycache__", "build", "mutants")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


class Given(NamedTuple):
    name: str
    file: str
    line: int

    @property
    def words(self) -> set[str]:
        """Its words: `ask_again` and `AskAgain` both have two."""
        return {part.lower() for part in _PARTS.findall(self.name)}


def given_names() -> Iterator[Given]:
    for path in sources():
        file = str(path.relative_to(ROOT))
        yield Given(path.stem, file, 1)
        for node in ast.walk(parsed(path)):
            yield from (Given(name, file, getattr(node, "lineno", 1)) for name in _names(node))


def sources() -> Iterator[Path]:
    """Our own code: no environment, no build, nothing hidden."""
    return (path for path in files() if path.suffix == ".py")


@cache
def files() -> tuple[Path, ...]:
    """All that is ours, in order. What is hidden, the environment above all, is not even looked into."""
    found: list[Path] = []
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [each for each in inside if not each.startswith(".") and each not in NOT_OURS]
        found += [Path(folder, name) for name in names if not name.startswith(".")]
    return tuple(sorted(found))


@cache
def parsed(path: Path) -> ast.Module:
    """Read apart once for all the tests of documents, which run in one process."""
    return ast.parse(path.read_text(encoding="utf-8"))


def _names(node: ast.AST) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
            return [name]
        case ast.Attribute(attr=name, ctx=ast.Store()):
            return [name]
        case _:
            return []
