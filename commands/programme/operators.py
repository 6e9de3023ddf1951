"""`introbroker operator`: accounts of staff, each bound to an address; they sign in by a letter to it."""

from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import JsonOption
from commands.output import as_json
from models.ids import PersonId

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from store.people.addresses import Address

operator = typer.Typer(help="Operators: the staff of a programme.", no_args_is_help=True)


@operator.command("add")
def add(
    name: Annotated[str, typer.Argument(help="As colleagues know them; letters never carry it.")],
    address: Annotated[str, typer.Argument(help="Their e-mail address; of somebody on file, their id does as well.")],
    programme: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    new: Annotated[bool, typer.Option("--new", help="None of those with nearly this address is meant.")] = False,
    real_people: Annotated[
        bool, typer.Option("--real-people", help="Meant, even where it ends a trial for good.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Give somebody an operator's account in a programme: exactly whoever has this address, or somebody new."""
    from datetime import UTC, datetime

    from sqlalchemy import Connection

    from commands.databases import write
    from commands.errors import CommandRefusal
    from commands.lookup import programme_meant
    from models.request.plain_text import Unfit, clean_name
    from settings import refuse_real_people
    from store.audit import exposure
    from store.people import operators

    called, now = clean_name(name), datetime.now(UTC)
    if isinstance(called, Unfit):
        raise CommandRefusal(f"This name cannot be used ({called}): give one as people write it.")

    def give(connection: Connection) -> operators.OperatorAccount:
        was_tried_out, where = exposure.is_tried_out(connection), programme_meant(connection, programme)
        meant = on_file_or_new(connection, where.tenant, address, new=new)
        if isinstance(meant, str):
            return operators.add(connection, where.id, meant, now)
        given = operators.add_new(connection, where.id, called, meant, now)
        if was_tried_out and exposure.found(connection):
            refuse_real_people(are_meant=real_people)
        return given

    made = write(give)
    if json:
        as_json(made.model_dump())
    else:
        typer.echo(f"{called if made.made else address} is an operator now; they sign in at /me with their address.")


def on_file_or_new(connection: "Connection", tenant: str, named: str, *, new: bool) -> "PersonId | Address":
    """Somebody with exactly this address, or with this id; else the address, for an account of somebody new."""
    from commands.errors import CommandRefusal
    from commands.lookup import choice_of
    from store.people.addresses import Flaw, canonical
    from store.people.lookup import reached_under
    from store.people.person import person_named

    address = canonical(named)
    if isinstance(address, Flaw):
        by_id = person_named(connection, PersonId(named))
        if by_id and by_id.tenant == tenant:
            return by_id.id
        raise CommandRefusal(f"{named} is not one e-mail address, such as olive@example.org ({address}).")
    found = reached_under(connection, address, tenant)
    if found.choice and (found.people or not new):
        hint = "." if found.people else ", or that somebody new is (--new)."
        raise CommandRefusal(
            f"Nobody in particular has {named}. Say by the id who is meant: {choice_of(found.choice)}{hint}"
        )
    return found.only or address
