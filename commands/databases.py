"""The database as commands reach it. Only one that is there and has the tables this version knows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import settings
from commands import clock
from commands.errors import CommandRefusal
from embedded.folder import prepare
from settings import Settings
from store.audit import exposure
from store.audit.exposure import Exposure
from store.engine.database import Database, T, Work, database
from store.engine.schema_version import Shape, shape
from store.installation import namespace
from store.journal.disclosure_columns import tell_again
from store.people.names.fold_again import fold_again
from store.views.introductions import how_many_under_way

if TYPE_CHECKING:
    from temporalio.client import Client


def read(work: Work[T]) -> T:
    """One look, by a command that does nothing else."""
    return asyncio.run(_run(settings.load(), work, changing=False))


def write(work: Work[T]) -> T:
    """One change, by a command that does nothing else."""
    return asyncio.run(_run(settings.load(), work, changing=True))


@asynccontextmanager
async def opened(told: Settings) -> AsyncIterator[Database]:
    """The database for as long as the block lasts; looking at one never makes one."""
    refuse_missing(told.database_url)
    async with database(told.database_url) as found:
        refuse_unready(await found.read(shape))
        await tell_again(found)  # an older version may have moved on what we know more of
        await fold_again(found)
        await leave_marks(found, told)
        yield found


async def leave_marks(found: Database, told: Settings) -> None:
    """Whatever this process was told that all others have to know: with a relay anywhere there is no mail page."""
    facts = {Exposure.RELAY: told.relay is not None, Exposure.PUBLIC: told.is_open_to_others}
    mine, now = frozenset(kind for kind, is_so in facts.items() if is_so), datetime.now(UTC)
    if await found.read(lambda connection: exposure.lacking(connection, mine)):
        await found.write(lambda connection: exposure.remember(connection, mine, now))


async def refuse_lost_letters(found: Database, told: Settings) -> None:
    """Whoever serves pages or carries letters without a relay does so where nobody outside has ever been let in."""
    settings.refuse_without_relay(told, await found.read(exposure.found))


async def refuse_another_namespace(found: Database, client: "Client") -> None:
    """Whoever works with Temporal does so in the namespace that holds what is under way."""
    from temporalio.service import RPCError, RPCStatusCode

    from workflows.client import namespace_id

    try:
        met = await namespace_id(client)
    except RPCError as refusal:
        if refusal.status is RPCStatusCode.NOT_FOUND:
            raise CommandRefusal(f"Temporal has no namespace {client.namespace}: look at TEMPORAL_NAMESPACE.") from None
        raise
    if met and not await namespace.recogniser(found, lambda: datetime.now(UTC))(met):
        under_way = await found.read(partial(how_many_under_way, now=clock.now()))
        raise CommandRefusal(another_namespace(client.namespace, under_way))


def another_namespace(name: str, under_way: int) -> str:
    return (
        f"Temporal's namespace {name} is not the one that holds the {under_way} introductions under way: look at "
        "TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE. If that one is gone for good, `introbroker begin-anew` begins them "
        "again from the ledger."
    )


def is_missing(url: str) -> bool:
    file = url.removeprefix("sqlite:///")
    return file != url and not Path(file).is_file()


def refuse_missing(url: str) -> None:
    if is_missing(url):
        file = url.removeprefix("sqlite:///")
        raise CommandRefusal(f"There is no database {file} yet: `introbroker run` or `introbroker migrate` makes it.")


def refuse_unready(found: Shape) -> None:
    """A newer shape is served on: while a new version is rolled out, the older one goes on working."""
    if found is Shape.EMPTY:
        raise CommandRefusal("The database has no tables yet: `introbroker migrate` makes them.")
    if found is Shape.OLDER:
        raise CommandRefusal(
            "The database has the shape of an older version: `introbroker migrate` brings it up to date."
        )


async def _run(told: Settings, work: Work[T], *, changing: bool) -> T:
    if changing:
        prepare(told.data)  # files that SQLite makes beside its own are their owner's alone
    async with opened(told) as found:
        return await (found.write(work) if changing else found.read(work))
