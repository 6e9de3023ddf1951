"""Faults of a policy file: what is wrong, where, and what would be right.

One fault per mistake, in words for an operator.
"""

import re
import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple, Self, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.policy.policy import Policy
from models.policy.questions import QUESTION
from models.time.patience import Patience
from policies.toml_lines import line_of

_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)")
_DURATION = 'a duration in quotes, like "30 s", "10 min", "4 h", "90 d", "3 bd" or "1 morning"'

_REMEDIES = {
    "missing": "missing; write a line for it",
    "string_pattern_mismatch": "must be small letters, digits and hyphens, two to 41 of them, a letter first",
    "too_short": "must name at least one",
    "string_type": "must be a text in quotes",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
}
_PATTERNS = {QUESTION: "must be small letters, digits and low lines, at most 24 of them, a letter first"}


class PolicyFault(NamedTuple):
    """One mistake: its line, the field as written with its table, and what would be right."""

    line: int
    field: str
    remedy: str

    @classmethod
    def of_syntax(cls, text: str, error: tomllib.TOMLDecodeError) -> Self:
        said = str(error)
        where = _AT_LINE.search(said)
        line = int(where[1]) if where else max(1, len(text.splitlines()))
        return cls(line, "", f"not valid TOML: {_AT_LINE.sub('', said)}")


class PolicyError(Exception):
    """A policy file that cannot be used: every fault, each on its own line, ready to be shown."""

    def __init__(self, path: Path, faults: list[PolicyFault]) -> None:
        self.path, self.faults = path, tuple(sorted(faults))
        super().__init__("\n".join(self._sentence(fault) for fault in self.faults))

    def _sentence(self, fault: PolicyFault) -> str:
        field = f"{fault.field}: " if fault.field else ""
        return f"{self.path}, line {fault.line}: {field}{fault.remedy}"


def faults_in(text: str, error: ValidationError) -> list[PolicyFault]:
    """Every fault the check of a whole policy has found in this text."""
    every = error.errors(include_url=False)
    below = {each["loc"][:-1] for each in every}  # a list is short only because what stands in it was refused
    found = [_fault(text, each) for each in every if each["type"] != "too_short" or each["loc"] not in below]
    return list(dict.fromkeys(found))


def _fault(text: str, error: ErrorDetails) -> PolicyFault:
    path = tuple(str(part) for part in error["loc"])
    remedy = _remedy(path, error)
    # A rule over several fields names the one to change first.
    named = tuple(remedy.split(" ", 1)[0].split(".")) if error["type"] == "value_error" else ()
    if named and _knows((*path, *named)):
        path, remedy = (*path, *named), remedy.split(" ", 1)[1]
    return PolicyFault(line_of(text, path), _as_written(path), remedy)


def _as_written(path: tuple[str, ...]) -> str:
    """The field with its table; of a list, which one it is, counted from one: request.questions[2].id."""
    return ".".join(path) if not any(map(str.isdigit, path)) else re.sub(r"\.(\d+)", _counted, ".".join(path))


def _counted(place: re.Match[str]) -> str:
    return f"[{int(place[1]) + 1}]"


def _remedy(path: tuple[str, ...], error: ErrorDetails) -> str:
    context, kind = error.get("ctx", {}), error["type"]
    match kind:
        case "extra_forbidden":
            return _unknown(path)
        case "model_type" if context["class_name"] == Patience.__name__:
            return f"must be {_DURATION}"
        case "model_type" | "model_attributes_type":
            return f"must be a table, written [{'.'.join(path)}]"
        case "enum" | "literal_error":
            return f"must be {context['expected']}"
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case "less_than_equal":
            return f"must be {context['le']} or less"
        case _:
            return (
                _PATTERNS.get(context.get("pattern", ""))
                or _REMEDIES.get(kind)
                or str(context.get("error") or error["msg"])
            )


def _unknown(path: tuple[str, ...]) -> str:
    table = _table(path[:-1])
    known = list(table.model_fields) if table else []
    near = get_close_matches(path[-1], known, n=1)
    return "there is no such field" + (f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}")


def _knows(path: tuple[str, ...]) -> bool:
    table = _table(path[:-1])
    return bool(table and path[-1] in table.model_fields)


def _table(path: tuple[str, ...]) -> type[BaseModel] | None:
    """The model behind a table of the file. Below tables that the operator names, any name stands."""
    found: type[BaseModel] = Policy
    names = iter(path)
    for name in names:
        field = found.model_fields.get(name)
        kinds = [field.annotation, *get_args(field.annotation)] if field else []
        models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if not models or (field and get_origin(field.annotation) in (dict, tuple) and next(names, None) is None):
            return None
        found = models[0]
    return found
