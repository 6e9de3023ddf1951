"""Folded columns: what is sought and compared of a person, in the one form `models.folding` gives it.

Written with the row itself; whatever changes a name or what stands beside it writes them again (`folded`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Column

from models.folding import fold
from store.engine.column_types import FoldedText


def folded(facts: Mapping[str, Any]) -> dict[str, str]:
    """The folded columns of somebody of whom all of this is known: name, headline, organisation, topics."""
    return {name: of(facts) for name, of in _FOLDED.items()}


def folded_columns() -> list[Column[str]]:
    return [Column(name, FoldedText, nullable=False, server_default="", default=_at_first(name)) for name in _FOLDED]


def _at_first(name: str) -> Callable[[Any], str]:
    return lambda context: _FOLDED[name](context.get_current_parameters())


def _entry(facts: Mapping[str, Any]) -> str:
    """Everything by which somebody is found, in one text."""
    words = (facts.get("name"), facts.get("headline"), facts.get("organisation"), *(facts.get("topics") or ()))
    return "\n".join(fold(each) for each in words if each)


_FOLDED: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "name_folded": lambda facts: fold(facts.get("name") or ""),
    "organisation_folded": lambda facts: fold(facts.get("organisation") or ""),
    "entry_folded": _entry,
}
