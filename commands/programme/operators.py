"""`introbroker operator`: accounts of staff, each bound to an address; they sign in by a letter to it."""

from typing import Annotated

import typer

from commands.options import JsonOption
from commands.output import as_json

operator = typer.Typer(help="Operators: the staff of a programme.", no_args_is_help=True)


@operator.command("add")
def add(
    name: Annotated[str, typer.Argument(help="As colleagues know them; letters never carry it.")],
    address: Annotated[str, typer.Argument(help="Their e-mail address.")],
    programme: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    json: JsonOption = False,
) -> None:
    """Give somebody an operator's account in a programme."""
    from datetime import UTC, datetime

    from sqlalchemy import Connection

    from commands.databases import write
    from commands.errors import CommandRefusal
    from commands.lookup import programme_meant
    from models.request.plain_text import Unfit, clean_name
    from store.people import operators
    from store.people.addresses import Flaw, canonical

    meant, called, now = canonical(address), clean_name(name), datetime.now(UTC)
    if isinstance(meant, Flaw):
        raise CommandRefusal(f"{address} is not one e-mail address, such as olive@example.org ({meant}).")
    if isinstance(called, Unfit):
        raise CommandRefusal(f"This name cannot be used ({called}): give one as people write it.")

    def give(connection: Connection) -> operators.OperatorAccount:
        return operators.add(connection, programme_meant(connection, programme).id, called, meant, now)

    made = write(give)
    if json:
        as_json(made.model_dump())
    else:
        typer.echo(f"{called if made.made else address} is an operator now; sign in at /me with {meant.written}.")
