"""`introbroker people`: corrections of a person's record. Two of one human being put together; a way back."""

from typing import Annotated

import typer

from commands import clock
from commands.options import JsonOption
from commands.output import as_json

people = typer.Typer(help="People's records.", no_args_is_help=True)
WHY = {
    "same": "Both are the same record.",
    "gone": "One of them is forgotten, or was put together with another already.",
    "other_tenant": "They belong to different houses, which share nothing.",
    "kinds": "They are of two kinds here, neither of which is the stricter in all: give both the same kind first.",
    "under_way": "The record to give up is part of an introduction under way: wait for its end, or keep that record.",
}


@people.command("merge")
def merge(
    kept: Annotated[str, typer.Argument(help="The record that stays: its id (per_…) or an e-mail address.")],
    given_up: Annotated[str, typer.Argument(help="The one that is given up.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
) -> None:
    """Put two records of one human being together. What they may do is the stricter of both."""

    from sqlalchemy import Connection

    from commands.databases import read, write
    from commands.errors import CommandRefusal
    from commands.lookup import anybody_meant
    from store.privacy import merge_people

    one, other = read(lambda connection: (anybody_meant(connection, kept), anybody_meant(connection, given_up)))
    if not yes:
        typer.confirm(f"{other} becomes part of {one}. It cannot be undone. Go on?", abort=True, err=True)
    now = clock.now()

    def join(connection: Connection) -> merge_people.MergeRefusal | None:
        return merge_people.join(connection, one, other, now)

    why = write(join)
    if why:
        raise CommandRefusal(WHY[why])
    typer.echo(f"{other} is part of {one} now.")


@people.command("kind")
def kind(
    person: Annotated[str, typer.Argument(help="Whose: their id (per_…) or an e-mail address.")],
    kind: Annotated[str, typer.Argument(help="A kind of the programme's policy; “none” for the general caps.")],
    programme: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    json: JsonOption = False,
) -> None:
    """Say of which kind somebody is: how often they are asked goes by it."""

    from sqlalchemy import Connection

    from commands.databases import write
    from commands.errors import CommandRefusal
    from commands.lookup import anybody_meant, programme_meant
    from store.programmes import kinds

    now, wanted = clock.now(), None if kind == "none" else kind

    def give(connection: Connection) -> dict[str, str | None]:
        where, who = programme_meant(connection, programme).id, anybody_meant(connection, person)
        known = kinds.known(connection, where)
        if wanted is not None and wanted not in known:
            listed = ", ".join(sorted(known)) or "none at all"
            raise CommandRefusal(f"{kind} is no kind that the policy in force knows; it knows {listed}.")
        if not kinds.give(connection, where, who, wanted, None, now):
            raise CommandRefusal(f"{person} is not a member of this programme.")
        return {"programme": where, "person": who, "kind": wanted}

    given = write(give)
    if json:
        as_json(given)
    else:
        typer.echo(f"{given['person']} is {wanted or 'of no kind'} now.")


@people.command("invite")
def invite(
    who: Annotated[list[str] | None, typer.Argument(help="Whom: ids (per_…) or e-mail addresses; or --all.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Everybody whom a file brought and who waits.")] = False,
    programme: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    json: JsonOption = False,
) -> None:
    """Write one welcome to members whom a file brought. Until then nobody writes to them, or is told of them."""
    from sqlalchemy import Connection

    from commands.databases import read, write
    from commands.errors import CommandRefusal
    from commands.lookup import anybody_meant, programme_meant
    from store.boundaries import invitations
    from store.programmes.policies import policy_in_force

    if bool(who) == everybody:
        raise CommandRefusal("Say whom to invite, or --all.")
    where = read(lambda connection: programme_meant(connection, programme).id)
    waiting = sum(each.waiting for each in read(lambda connection: invitations.brought(connection, where)))
    if everybody and not yes:
        typer.confirm(f"One welcome letter goes to each of {waiting}. Go on?", abort=True, err=True)
    now = clock.now()

    def press(connection: Connection) -> invitations.Invited:
        these = None if everybody else [anybody_meant(connection, each) for each in who or ()]
        return invitations.invite(connection, where, policy_in_force(connection, where), None, now, these)

    done = write(press)
    if json:
        as_json({"programme": where, **done.model_dump()})
    else:
        typer.echo(f"{done.people} invited; {done.letters} of them get a letter.")


@people.command("readmit")
def readmit(
    address: Annotated[str, typer.Argument(help="An address of somebody who was forgotten.")],
    programme: Annotated[str | None, typer.Option(help="Its id or name, where there are several.")] = None,
) -> None:
    """Let an address in again whose owner was forgotten, on their own word."""
    from sqlalchemy import Connection

    import settings
    from commands.databases import write
    from commands.lookup import programme_meant
    from mailer import keys_of
    from store.boundaries import suppressions

    keys = keys_of(settings.load())

    def lift(connection: Connection) -> None:
        tenant = programme_meant(connection, programme).tenant
        suppressions.lift(connection, keys, tenant, address, "erased")

    write(lift)
    typer.echo(f"{address} may come in again.")
