"""Names the project has given. Files, classes, functions, arguments and variables, with where they stand."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
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
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from (Given(name, file, getattr(node, "lineno", 1)) for name in _names(node))


def sources() -> Iterator[Path]:
    """Our own code: no environment, no build, nothing hidden."""
    for path in sorted(ROOT.rglob("*.py")):
        inside = path.relative_to(ROOT).parts
        if not any(part.startswith(".") or part in ("build", "mutants") for part in inside):
            yield path


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
