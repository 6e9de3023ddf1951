"""The embedded installation that `introbroker run` starts.

Temporal, then worker, mailroom and web: one tree, one folder, one address.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from embedded.child import Child
from embedded.folder import HeldFolder, hold
from embedded.keys import key_ring
from embedded.ports import held
from embedded.supervisor import EndedAtOnce, Say, StopAsked, Supervisor
from embedded.temporal import EmbeddedTemporal, prepare_embedded
from embedded.who_answers import we_answer
from settings import Settings, child_environment
from store.engine.secrets import Keys

TRIES = 5
UNVERSIONED = {"INTROBROKER_BUILD": ""}

Prepare = Callable[[Settings], Awaitable[None]]
Children = Callable[[Settings, dict[str, str], int], Sequence[Child]]  # the number is of the web's open socket


@dataclass(frozen=True)
class Stack:
    """The running tree; `settings` now name the Temporal server that belongs to it."""

    settings: Settings
    supervisor: Supervisor


async def run_embedded(
    settings: Settings, prepare: Prepare, say: Say, beside: Prepare, opened: socket.socket | None = None
) -> None:
    """Runs until Ctrl-C or SIGTERM; `beside` is done meanwhile, for as long as it takes."""
    with suppress(StopAsked):
        async with embedded_stack(settings, prepare, say, opened=opened) as stack:
            say(f"Open {settings.public_url} (all is kept in {settings.data}; Ctrl-C ends it).")
            looking = asyncio.ensure_future(beside(settings))
            try:
                await stack.supervisor.watch()
            finally:
                looking.cancel()


def our_children(settings: Settings, environment: dict[str, str], listening: int) -> list[Child]:
    """In the order of starting; they end the other way round."""

    return [
        # A step or a letter that has begun is let finish: these two have a graceful stop of 30 seconds.
        # The only worker of all works unversioned: nobody would make its build the current one.
        Child(name="worker", argv=ours("worker"), environment=environment | UNVERSIONED, stop_within=35.0),
        Child(name="mailroom", argv=ours("mailroom"), environment=environment, stop_within=35.0),
        Child(
            name="web",
            argv=ours("web", "--fd", str(listening)),
            environment=environment,
            is_ready=lambda _: pages_answer(settings),
            sockets=(listening,),
        ),
    ]


async def pages_answer(settings: Settings) -> bool:
    """Pages of this installation, and nobody else's."""
    keys = Keys((key.id, key.secret) for key in key_ring(settings.data))
    return await we_answer(settings.host, settings.port, urlsplit(settings.public_url).netloc, keys)


@asynccontextmanager
async def embedded_stack(
    settings: Settings,
    prepare: Prepare,
    say: Say,
    children: Children = our_children,
    opened: socket.socket | None = None,
) -> AsyncIterator[Stack]:
    """The tree, up and ready. `prepare` (migrations, the sample programme) is done once Temporal answers and
    before anything of ours runs; Ctrl-C at any time raises StopAsked, and everything has ended by then.

    The web's port is ours from before anything starts until everything has ended: nobody can take it meanwhile, and
    whoever comes while the web is started again waits. `opened`: somebody who started us holds it already.
    """
    with hold(settings.data) as folder, opened or held(settings.host, settings.port, "INTROBROKER_HTTP") as listening:
        supervisor = Supervisor(folder, say)
        with supervisor.listening_for_ctrl_c():
            try:
                reached = await supervisor.unless_stopped(reach_temporal(settings, folder, supervisor))
                await supervisor.unless_stopped(prepare(reached))
                environment = child_environment(**variables_of(reached))
                await supervisor.unless_stopped(supervisor.start(*children(reached, environment, listening.fileno())))
                yield Stack(reached, supervisor)
            finally:
                await supervisor.stop()


async def reach_temporal(settings: Settings, folder: HeldFolder, supervisor: Supervisor) -> Settings:
    """The cluster that was named, or a server of our own, started now."""
    if not settings.is_embedded:
        return settings
    temporal = await start_temporal(folder, supervisor)
    await prepare_embedded(await temporal.connect())
    return replace(settings, temporal={"target_host": temporal.address, "namespace": temporal.namespace})


async def start_temporal(folder: HeldFolder, supervisor: Supervisor) -> EmbeddedTemporal:
    """It is another program, which cannot be handed a socket: where one of its ports was taken, it looks again."""
    for left in reversed(range(TRIES)):
        temporal = EmbeddedTemporal(folder)
        try:
            await supervisor.start(temporal.as_child(child_environment()))
            break
        except EndedAtOnce:
            if not left:
                raise
    return temporal


def variables_of(settings: Settings) -> dict[str, str]:
    """How the children find Temporal; a cluster they find as we did, which says more than address and name."""
    told = settings.temporal or {}
    found = {"TEMPORAL_ADDRESS": told.get("target_host"), "TEMPORAL_NAMESPACE": told.get("namespace")}
    return {variable: text for variable, text in found.items() if text}


def ours(*words: str) -> list[str]:
    # -P: a folder in which somebody types `introbroker run` may hold a cli.py or worker.py of its own.
    return [sys.executable, "-P", "-m", "cli", *words]
