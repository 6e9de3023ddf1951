"""`introbroker key`: API keys. Keys are made here, shown once, listed by their first letters, and revoked."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import JsonOption, OfProgramme
from commands.output import as_json, moment, table

if TYPE_CHECKING:
    from store.access.api_keys import ApiKey

key = typer.Typer(help="Keys of the HTTP API.", no_args_is_help=True)


class May(StrEnum):
    READ = "read"
    WRITE = "write"
    STAFF = "staff"
    PEOPLE = "people"


@key.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What it is for, such as the name of the system that will hold it.")],
    may: Annotated[
        list[May] | None,
        typer.Option(
            help="read, write, staff (act for operators), people (export and erase somebody); give it again for more."
        ),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="It ends by itself after so many days.")] = None,
    programme: OfProgramme = None,
    json: JsonOption = False,
) -> None:
    """Make a key. It is shown this once; we keep only what recognises it."""
    from datetime import UTC, timedelta

    import settings
    from commands.databases import write
    from commands.lookup import programme_meant
    from embedded.keys import key_ring
    from store.access.api_keys import Scope, make_key
    from store.engine.secrets import Keys

    ring = Keys((each.id, each.secret) for each in key_ring(settings.load().data))
    scopes = [Scope[each.name] for each in may or (May.READ,)]
    now = datetime.now(UTC)
    until = now + timedelta(days=days) if days else None
    raw = write(
        lambda connection: make_key(
            connection, ring, programme_meant(connection, programme).id, name, scopes, now, until
        )
    )
    if json:
        as_json({"key": raw, "scopes": sorted(scopes), "expires_at": until.isoformat() if until else None})
    else:
        typer.echo(raw)
        typer.echo("Keep it now: it is not shown again.", err=True)


@key.command("list")
def list_keys(programme: OfProgramme = None, json: JsonOption = False) -> None:
    """Every key of a programme; what opens the door is not among what is shown."""
    from commands.databases import read
    from commands.lookup import programme_meant
    from store.access.api_keys import keys_of

    found = read(lambda connection: keys_of(connection, programme_meant(connection, programme).id))
    if json:
        as_json([each.model_dump(mode="json") | {"scopes": sorted(each.scopes)} for each in found])
    else:
        table(("Key", "Begins", "For", "May", "Ends"), [line(each) for each in found])


@key.command("revoke")
def revoke(
    which: Annotated[str, typer.Argument(help="Its id (key_…), as `key list` shows it.")], programme: OfProgramme = None
) -> None:
    """From now on it opens nothing."""
    from datetime import UTC

    from commands.databases import write
    from commands.errors import CommandRefusal
    from commands.lookup import programme_meant
    from store.access import api_keys

    now = datetime.now(UTC)
    if not write(lambda connection: api_keys.revoke(connection, programme_meant(connection, programme).id, which, now)):
        raise CommandRefusal(f"There is no live key {which} in this programme: `introbroker key list` shows them.")
    typer.echo(f"{which} opens nothing any more.")


def line(found: "ApiKey") -> tuple[str, ...]:
    may = ", ".join(sorted(each.rpartition(":")[2] for each in found.scopes))
    ends = f"revoked {moment(found.revoked_at)}" if found.revoked_at else moment(found.expires_at)
    return found.id, found.prefix, found.name, may, ends
