"""Functions of the project by name, each with its file: what a document refers to by name alone is found here."""

import re
from functools import cache
from typing import NamedTuple

from tests.docs.pages.identifiers import ROOT, sources

HEADING = re.compile(r"^class (\w+)|^((?:(?: {4})?@.*\n)*)((?: {4})?)(?:async )?def (\w+)\(", re.MULTILINE)


class Function(NamedTuple):
    file: str
    inside: str  # of a method: its class and "::"
    name: str
    soak: bool

    @property
    def sentence(self) -> str:
        """Of a test: what it says, and where."""
        said = self.name.removeprefix("test_").replace("_", " ")
        return f"{said} (`{self.file}`{', *soak*' if self.soak else ''})"


@cache
def functions() -> dict[str, tuple[Function, ...]]:
    """Every function and method by its name."""
    found: dict[str, tuple[Function, ...]] = {}
    for path in sources():
        file, inside = str(path.relative_to(ROOT)), ""
        for heading in HEADING.finditer(path.read_text(encoding="utf-8")):
            holder, marks, indent, name = heading.groups()
            if holder or not indent:
                inside = f"{holder}::" if holder else ""
            if name and (inside or not indent):
                function = Function(file, inside, name, "@pytest.mark.soak\n" in marks)
                found[name] = (*found.get(name, ()), function)
    return found


def the_test(name: str) -> Function:
    """The one test of this name."""
    return _only(name, [each for each in functions().get(name, ()) if each.file.startswith("tests/")])


def of_the_code(name: str) -> Function:
    """The one function of this name in the product."""
    return _only(name, [each for each in functions().get(name, ()) if not each.file.startswith("tests/")])


def _only(name: str, found: list[Function]) -> Function:
    if len(found) != 1:
        raise LookupError(f"{name}: {[each.file for each in found] or 'no such function'}")
    return found[0]
