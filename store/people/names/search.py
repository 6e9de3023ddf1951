"""Search for people: words folded, sought in folded columns, alike on every page, database and locale."""

from typing import Any

from sqlalchemy import ColumnElement

from models.folding import fold
from store.tables import person

WORDS, LONGEST = 12, 1000  # of what somebody typed


def sought(typed: str, column: Any = person.c.entry_folded) -> list[ColumnElement[bool]]:
    """Every word stands somewhere in what is told of them. Signs of patterns are only themselves."""
    return [column.contains(word, autoescape=True) for word in fold(typed[:LONGEST]).split()[:WORDS]]
