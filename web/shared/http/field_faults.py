"""Faults of fields in a body. A validation error in our own words: what was sent is never repeated."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

PLACES = frozenset({"body", "query", "path", "header"})
KINDS = frozenset({"by_id", "by_name", "by_need"})  # the branches of a target, which are no fields

# By pydantic's type of error: our name for it, and what to say. %(…)s are numbers of ours.
_SAID = {
    "missing": ("missing", "This is needed."),
    "extra_forbidden": ("unexpected", "There is no such field here."),
    "string_type": ("wrong_type", "This must be text."),
    "string_too_long": ("too_long", "At most %(max_length)s characters."),
    "string_too_short": ("missing", "This is needed."),
    "string_pattern_mismatch": ("malformed", "This is not written as it must be."),
    "string_unicode": ("unreadable", "This holds letters that were damaged on the way."),
    "model_type": ("wrong_type", "This must be an object."),
    "model_attributes_type": ("wrong_type", "This must be an object."),
    "dict_type": ("wrong_type", "This must be an object."),
    "union_tag_not_found": (
        "wrong_type",
        "This must be an id, or an object with `name` and `organisation`, or `need`.",
    ),
    "int_parsing": ("wrong_type", "This must be a whole number."),
    "greater_than_equal": ("out_of_range", "At least %(ge)s."),
    "less_than_equal": ("out_of_range", "At most %(le)s."),
    "enum": ("unknown", "This is none of the values that there are."),
}
_ELSE = ("malformed", "This is not written as it must be.")


def field_errors(errors: Sequence[Any]) -> Iterator[dict[str, str]]:
    """One entry for each field and fault."""
    said: set[tuple[str, str]] = set()
    for error in errors:
        field = field_name(error["loc"])
        name, words = _SAID.get(error["type"], _ELSE)
        if (field, name) not in said:
            said.add((field, name))
            yield {"field": field, "name": name, "detail": _filled(words, error.get("ctx") or {})}


def field_name(location: Iterable[str | int]) -> str:
    """ "target.name" for ("body", "target", "by_name", "name")."""
    kept = [str(each) for each in location if each not in PLACES | KINDS]
    return ".".join(kept)[:100] or "body"


def _filled(words: str, facts: Mapping[str, Any]) -> str:
    numbers = {name: value for name, value in facts.items() if isinstance(value, int)}
    return words % numbers if "%" in words and numbers else words.split(" %", maxsplit=1)[0]
