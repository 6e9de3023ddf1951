"""`introbroker conflict`: whom a programme keeps apart.

Marked, listed, taken away again; `introbroker import conflicts` brings many.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from commands import clock
from commands.options import JsonOption, OfProgramme
from commands.output import as_json, table

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from store.boundaries.conflicts import Conflict, ConflictSide

conflict = typer.Typer(help="Pairs that are not to be introduced to one another.", no_args_is_help=True)
SIDE = "Somebody's id (per_…) or e-mail address; anything else is the name of an organisation."


@conflict.command("add")
def add(
    one: Annotated[str, typer.Argument(help=SIDE)],
    other: Annotated[str, typer.Argument(help=SIDE)],
    programme: OfProgramme = None,
    json: JsonOption = False,
) -> None:
    """Keep two apart from now on. What is under way between them ends, and looks like any other end."""

    from sqlalchemy import Connection

    from commands.databases import write
    from commands.errors import CommandRefusal
    from commands.lookup import programme_meant
    from store.boundaries import conflicts

    now = clock.now()

    def keep(connection: Connection) -> bool:
        where = programme_meant(connection, programme)
        first, second = (meant(connection, where.id, named) for named in (one, other))
        if first.key == second.key:
            raise CommandRefusal("Both sides are the same.")
        return conflicts.mark(connection, where.id, first, second, "terminal", None, now) is not None

    is_new = write(keep)
    if json:
        as_json({"marked": is_new})  # how many end is not told: of one that somebody has declined it would be none
    elif is_new:
        typer.echo(
            "They are kept apart from now on. What is under way between them ends as any other, at its promised time."
        )
    else:
        typer.echo("They are kept apart already.")


def meant(connection: "Connection", programme: str, named: str) -> "ConflictSide":
    from commands.errors import CommandRefusal
    from commands.lookup import choice_of
    from store.boundaries import conflicts

    found = conflicts.side_meant(connection, programme, named)
    if found:
        return found
    near = conflicts.choice_of(connection, programme, named)
    if near:
        raise CommandRefusal(f"{named} names nobody in particular: say by the id which is meant, {choice_of(near)}.")
    raise CommandRefusal(f"{named} is nobody here: give an id (per_…), an address of theirs, or an organisation.")


@conflict.command("list")
def list_conflicts(programme: OfProgramme = None, json: JsonOption = False) -> None:
    """Everybody who is kept apart, the newest first."""
    from commands.databases import read
    from commands.lookup import programme_meant
    from store.boundaries import conflicts

    found = read(lambda connection: conflicts.listed(connection, programme_meant(connection, programme).id))
    if json:
        as_json([each.model_dump(mode="json") for each in found])
    else:
        table(("One", "Other", "Since", "Id"), [(*sides(each), f"{each.at:%Y-%m-%d}", each.id) for each in found])


def sides(found: "Conflict") -> Iterator[str]:
    """An organisation is told with how many people here it means: none, where they write it otherwise."""
    for name, side, people in zip((found.one, found.other), found.sides, found.people, strict=True):
        yield f"{name} (organisation, people here: {people})" if side.organisation else name


@conflict.command("remove")
def remove(
    which: Annotated[str, typer.Argument(help="Its id (cnf_…), as `conflict list` tells it.")],
    programme: OfProgramme = None,
    json: JsonOption = False,
) -> None:
    """They may be introduced to one another again. What had ended stays ended."""

    from commands.databases import write
    from commands.errors import CommandRefusal
    from commands.lookup import programme_meant
    from store.boundaries import conflicts

    now = clock.now()
    done = write(
        lambda connection: conflicts.lift(connection, (programme_meant(connection, programme).id,), which, None, now)
    )
    if not done:
        raise CommandRefusal(f"{which} is no pair that is kept apart here: `introbroker conflict list` tells them.")
    if json:
        as_json({"removed": which})
    else:
        typer.echo("They may be introduced to one another again.")
