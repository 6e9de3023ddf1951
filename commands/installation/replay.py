"""`introbroker replay --open`: before this version takes over, it replays what is under way."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands import clock
from commands.options import JsonOption
from commands.output import as_json, table

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from temporalio.client import Client, WorkflowHistory

    from settings import Settings
    from store.views.introductions import UnderWay

Open = Annotated[bool, typer.Option("--open", help="All introductions under way.")]
AT_ONCE = 100  # asked of the database together


@dataclass
class OpenReplayed:
    """How many at each stage, and what stands in the way of which: a sentence each."""

    stages: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)

    def as_facts(self) -> dict[str, Any]:
        return {"replayed": dict(self.stages), "failures": self.failures}


def replay(open_: Open = False, json: JsonOption = False) -> None:
    """Replay the introductions under way with this version's code. Ends with 1 where one would stand still."""
    import settings
    from commands.errors import CommandRefusal

    if not open_:
        raise CommandRefusal("Say what to replay: introbroker replay --open")
    found = asyncio.run(replay_open(settings.load()))
    if json:
        as_json(found.as_facts())
    else:
        tell(found)
    if found.failures:
        raise typer.Exit(1)


def tell(found: OpenReplayed) -> None:
    table(("Stage", "Under way"), ((stage, str(many)) for stage, many in sorted(found.stages.items())))
    for introduction, sentence in found.failures.items():
        typer.echo(f"{introduction}: {sentence}")
    if found.failures:
        typer.echo(f"{len(found.failures)} of {found.stages.total()} would stand still: keep the version that runs.")
    else:
        typer.echo(f"All {found.stages.total()} go on with this version.")


async def replay_open(told: "Settings") -> OpenReplayed:
    """The histories come from the installation's own Temporal; nothing is changed there or in the database."""
    from temporalio.worker import Replayer

    from commands.databases import refuse_missing, refuse_unready
    from commands.errors import CommandRefusal
    from commands.temporal import reached
    from store.engine.database import database
    from store.engine.schema_version import Shape, shape
    from workflows.plugin import plugin

    client = await reached(told, (plugin(),))
    if client is None:
        raise CommandRefusal(
            "The Temporal server of this folder does not run: start the version that is to be replaced."
        )
    found = OpenReplayed()
    refuse_missing(told.database_url)
    async with database(told.database_url) as kept:
        if (of := await kept.read(shape)) is not Shape.OLDER:  # it is not migrated before it is known what would follow
            refuse_unready(of)
        beyond = ""
        now = clock.now()
        while under_way := await kept.read(partial(_under_way, now=now, beyond=beyond)):
            beyond = under_way[-1].id
            found.stages.update(each.stage for each in under_way)
            replayer = Replayer(workflows=[], plugins=[plugin()])
            histories = _histories(client, under_way, found)
            async with replayer.workflow_replay_iterator(histories) as results:
                async for result in results:
                    if result.replay_failure:
                        found.failures[result.history.workflow_id] = sentence_for(result.replay_failure)
    return found


def sentence_for(failure: BaseException) -> str:
    from temporalio.workflow import NondeterminismError

    if isinstance(failure, NondeterminismError):
        return "this version does otherwise than what has happened already"
    return f"this version fails on it ({type(failure).__name__})"


async def _histories(
    client: "Client", under_way: "Sequence[UnderWay]", found: OpenReplayed
) -> "AsyncIterator[WorkflowHistory]":
    """Of what is over without the knowledge of staff too: else its stage would be counted once less at once."""
    from temporalio.service import RPCError, RPCStatusCode

    for each in under_way:
        try:
            yield await client.get_workflow_handle(each.id).fetch_history()
        except RPCError as refusal:
            if refusal.status is not RPCStatusCode.NOT_FOUND:
                raise
            if not each.is_over:
                found.failures[each.id] = "Temporal holds nothing of it"


def _under_way(connection: "Connection", now: datetime, beyond: str) -> "list[UnderWay]":
    """As staff may know them. A database of before that is not migrated yet cannot tell, so no stage is told of it."""
    from sqlalchemy import inspect, select

    from store.tables import introduction
    from store.views import introductions

    if any(each["name"] == "kept_until" for each in inspect(connection).get_columns("introduction")):
        return introductions.under_way(connection, now, beyond, AT_ONCE)
    begun = (introduction.c.closed_at.is_(None), introduction.c.started_at.is_not(None), introduction.c.id > beyond)
    ids = connection.execute(select(introduction.c.id).where(*begun).order_by(introduction.c.id).limit(AT_ONCE))
    return [introductions.UnderWay(each, "under_way", is_over=False) for each in ids.scalars()]
