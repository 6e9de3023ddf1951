"""Tables of docs/safety.md, made from tests/docs/pages/safety.toml, the invariants and what verify says."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from models.record.invariants import INVARIANTS
from tests.docs.pages import open_addresses
from tests.docs.pages.functions import Function, functions, of_the_code, the_test
from tests.docs.pages.identifiers import ROOT, parsed

NUMBERED = re.compile(r"[SLAFBN]\d+")
RULE = re.compile(r"([SN]\d+) ")
RULE_SAID = re.compile(r"\"[SN]\d+ ")
MARK = "<!-- written by `make docs` from here on, out of safety.toml -->\n"
CHAPTERS = {
    "S": ("Safety", "What must never be seen, whatever people, machines and time do.", "rule"),
    "L": ("Liveness", "What happens in time.", "promise"),
    "A": ("Threats", "Who or what may try, and what holds against it.", "threat"),
    "F": ("Faults", "Each was injected on purpose. Many run again under `make soak`, wider.", "fault"),
    "B": ("Bad input", "What somebody may send, and what they hear. A number stands for its group.", "sent"),
    "N": (
        "Norms of the field",
        "Those that hold whatever a policy says; what a policy chooses stands in its file.",
        "norm",
    ),
}


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid")

    what: str = ""  # the threat, the fault, what is sent
    holds: str
    to: int | None = None  # of a group: the last number in it
    kept_by: tuple[str, ...] = ()
    shown_by: tuple[str, ...] = ()
    open: str = ""  # what nothing holds yet


@cache
def entries() -> dict[str, Entry]:
    """Each entry by its number."""
    told = tomllib.loads(Path(__file__).with_name("safety.toml").read_text(encoding="utf-8"))
    return {number: Entry.model_validate(entry) for number, entry in told.items()}


@cache
def numbers() -> frozenset[str]:
    """Every number that means something, those inside a group among them."""
    return frozenset(
        f"{first[0]}{each}"
        for first, entry in entries().items()
        for each in range(int(first[1:]), (entry.to or int(first[1:])) + 1)
    )


def keepers(number: str) -> list[Function]:
    """What holds this in the code: checkers that bear its number, and functions that its entry names."""
    named = [of_the_code(name) for name in entries()[number].kept_by]
    return sorted({*_checkers().get(number, ()), *named})


def page(head: str) -> str:
    """The whole page: what was written by hand, and below it the tables."""
    return head.partition(MARK)[0] + MARK + "".join(_chapter(letter) for letter in CHAPTERS) + open_addresses.chapters()


def _chapter(letter: str) -> str:
    title, what, column = CHAPTERS[letter]
    rows = [_row(number, entry) for number, entry in entries().items() if number[0] == letter]
    if letter in "SLN":
        header = f"| # | {column} | kept by | shown by |\n|---|---|---|---|\n"
    else:
        header = f"| # | {column} | what follows | shown by |\n|---|---|---|---|\n"
    return f"\n## {title}\n\n{what}\n\n{header}" + "".join(rows)


def _row(number: str, entry: Entry) -> str:
    shown = "; ".join(the_test(name).sentence for name in entry.shown_by)
    shown = "<br>".join(filter(None, [shown, f"**Not held yet:** {entry.open}" if entry.open else ""]))
    name = f"{number}–{number[0]}{entry.to}" if entry.to else number
    if entry.what:
        cells = (name, entry.what, entry.holds, shown)
    else:
        kept = ", ".join(f"`{each.file}::{each.name}`" for each in keepers(number))
        cells = (name, entry.holds, kept, shown)
    return f"| {' | '.join(cells)} |\n"


@cache
def _checkers() -> dict[str, frozenset[Function]]:
    found: dict[str, set[Function]] = {}
    for number, function in (*_invariants(), *_verified()):
        found.setdefault(number, set()).add(function)
    return {number: frozenset(those) for number, those in found.items()}


def _invariants() -> Iterator[tuple[str, Function]]:
    for rule, checker in INVARIANTS.items():
        if numbered := RULE.match(rule):
            name = getattr(checker, "__name__", "")
            file = checker.__module__.replace(".", "/") + ".py"
            (found,) = [each for each in functions()[name] if each.file == file]
            yield numbered[1], found


def _verified() -> Iterator[tuple[str, Function]]:
    """Functions of the store that name a rule they find broken."""
    for path in sorted((ROOT / "store").rglob("*.py")):
        file = str(path.relative_to(ROOT))
        source = path.read_text(encoding="utf-8")
        for each in ast.walk(parsed(path)) if RULE_SAID.search(source) else ():
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                said = [node.value for node in ast.walk(each) if isinstance(node, ast.Constant)]
                for rule in filter(None, (RULE.match(word) for word in said if isinstance(word, str))):
                    yield rule[1], Function(file, "", each.name, soak=False)
