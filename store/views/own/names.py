"""The other side of an introduction, by the name under which somebody may know it."""

from typing import Any

from sqlalchemy import Connection, Row

from models.letters import Role
from models.record.disclosure import is_unnamed
from store.requests.words import as_typed


def other_of(row: Row[Any], this: str, role: str, asker: str, asked: str, typed: dict[str, str]) -> str:
    """The one this person would meet. A requester sees whom they asked for as they typed it themselves."""
    if role == Role.TARGET:
        return "" if is_without_a_name(row, role) else asker
    return typed.get(this, asked) if role == Role.REQUESTER else asked


def is_without_a_name(row: Row[Any], role: str) -> bool:
    blind = bool(row.opening.get("blind"))
    return role == Role.TARGET and is_unnamed(blind=blind, target_progress=row.target_progress)


def typed_names(connection: Connection, introductions: set[str]) -> dict[str, str]:
    """What requesters called somebody outside: whether we knew them never shows."""
    return {each: typed.name for each, typed in as_typed(connection, introductions).items()}
