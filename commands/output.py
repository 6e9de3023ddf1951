"""Output of commands. Tables for people, JSON for programs."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import typer


def as_json(found: Any) -> None:
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


def table(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        drawn.add_column(heading, no_wrap=place == 0, overflow="fold")  # ids stand there, to be copied whole
    for line in lines:
        drawn.add_row(*(Text(cell) for cell in line))  # people's own words: nothing in them is markup
    if drawn.row_count:
        Console().print(drawn)
    else:
        typer.echo("Nothing here.")


def moment(at: datetime | None) -> str:
    """By the clock of this machine, whose zone is said."""
    return at.astimezone().strftime("%d %b %Y %H:%M %Z") if at else "–"
