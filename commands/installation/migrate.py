"""`introbroker migrate`: an installation brought up to date.

Its tables, and on a cluster the words by which Temporal lists.
"""

import asyncio
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from embedded.supervisor import Say
    from settings import Settings


def migrate() -> None:
    """Bring the database to its newest shape, and make a Temporal cluster ready. Safe to run again."""
    import settings
    from embedded.folder import prepare

    told = settings.load()
    prepare(told.data)
    if asyncio.run(bring_up_to_date(told, typer.echo)):
        typer.echo("The database is in its newest shape.")


async def bring_up_to_date(told: "Settings", say: "Say") -> bool:
    """Whether it is in our newest shape now; one that a newer version has shaped is left as it is."""
    from store.engine import migrate as migrating
    from store.engine.database import DatabaseAway, database
    from store.journal.disclosure_columns import tell_again
    from store.people.names.fold_again import fold_again

    try:
        newer = await is_newer(told.database_url)
        if newer:
            say("The database has the shape of a newer version, which this one works on in: nothing was migrated.")
        else:
            await migrating.migrate(told.database_url)
        async with database(told.database_url) as found:
            await tell_again(found)
            await fold_again(found)
    except OSError:
        raise DatabaseAway("the database cannot be reached") from None
    if told.temporal:
        await register_words(told, say)
    return not newer


async def is_newer(url: str) -> bool:
    """Whether somebody went back to this version: nothing of ours leads on from a shape only a newer one knows."""
    from commands.databases import is_missing
    from store.engine.database import database
    from store.engine.schema_version import Shape, shape

    if is_missing(url):
        return False
    async with database(url) as found:
        return await found.read(shape) is Shape.NEWER


async def register_words(told: "Settings", say: "Say") -> None:
    """The search attributes. Temporal Cloud lets nobody register them this way: then they are named."""
    from temporalio.service import RPCError, RPCStatusCode

    from commands.databases import refuse_another_namespace
    from commands.errors import CommandRefusal
    from embedded.temporal import register_search_attributes
    from store.engine.database import database
    from workflows.connection import connect

    client = await connect(told.temporal, [])
    try:
        await register_search_attributes(client)
    except RPCError as refusal:
        if refusal.status is RPCStatusCode.NOT_FOUND:
            raise CommandRefusal(f"Temporal has no namespace {client.namespace}: look at TEMPORAL_NAMESPACE.") from None
        if refusal.status not in (RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED):
            raise
        say(to_be_added_by_hand(client.namespace))
    async with database(told.database_url) as found:
        await refuse_another_namespace(found, client)


def to_be_added_by_hand(namespace: str) -> str:
    from workflows.search_attributes import SEARCH_ATTRIBUTES

    wanted = " and ".join(f"{key.name} ({key.indexed_value_type.name.lower()})" for key in SEARCH_ATTRIBUTES)
    return f"Temporal lets us register no search attributes in {namespace}: add {wanted} there with its own tools."
