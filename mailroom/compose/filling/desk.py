"""The letter of an operator's desk, filled: ids become links into the console, and nothing else is told."""

from typing import Any

from mailroom.compose.views.desk import SHOWN, DeskLine, DeskNews
from models.desk import DeskKind
from store.letters.staff_letters import ToldItem
from store.letters.start_letter import Started


def desk_letter(started: Started, public_url: str, common: dict[str, Any]) -> DeskNews:
    console, told = f"{public_url}/console", started.desk
    several = len({each.programme for each in told if each.programme}) > 1
    lines = tuple(
        DeskLine(
            kind=each.kind,
            link=_where(each, console),
            programme=(each.programme_name or "") if several else "",
            due_at=each.due_at,
        )
        for each in told[:SHOWN]
    )
    more = len(told) - len(lines)
    return DeskNews(**common, lines=lines, many=len(told), more=more, console=console, choose=f"{console}/hearing")


def _where(item: ToldItem, console: str) -> str:
    if item.introduction is None:
        return f"{console}/letters" if item.programme else console
    return f"{console}/introductions/{item.introduction}{'#letters' if item.kind == DeskKind.LETTER else ''}"
