"""How is an installation brought up to date? Its tables, and on a cluster the words by which Temporal lists."""

import asyncio
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from settings import Settings
    from stack.supervisor import Say


def migrate() -> None:
    """Bring the database to its newest shape, and make a Temporal cluster ready. Safe to run again."""
    import settings
    from stack.folder import prepare

    told = settings.load()
    prepare(told.data)
    asyncio.run(bring_up_to_date(told, typer.echo))
    typer.echo("The database is in its newest shape.")


async def bring_up_to_date(told: "Settings", say: "Say") -> None:
    from store import migrating

    await migrating.migrate(told.database_url)
    if told.temporal:
        await register_words(told, say)


async def register_words(told: "Settings", say: "Say") -> None:
    """The search attributes. Temporal Cloud lets nobody register them this way: then they are named."""
    from temporalio.service import RPCError

    from stack.temporal import register_search_attributes
    from workflows.connecting import connect
    from workflows.search_attributes import SEARCH_ATTRIBUTES

    client = await connect(told.temporal, [])
    try:
        await register_search_attributes(client)
    except RPCError as refusal:
        wanted = " and ".join(f"{key.name} ({key.indexed_value_type.name.lower()})" for key in SEARCH_ATTRIBUTES)
        say(
            f"Temporal did not let us register search attributes here ({refusal.status.name}): "
            f"see that the namespace {client.namespace} has {wanted}."
        )
