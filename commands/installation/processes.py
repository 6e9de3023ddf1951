"""`introbroker worker`, `mailroom` and `web`: the processes of an installation.

Worker, mailroom and web: any number of each, on one database.
"""

import asyncio
import signal
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.installation.loading import loading
from embedded.ports import handed_down, held

if TYPE_CHECKING:
    import socket

    from settings import Settings

HTTP = "INTROBROKER_HTTP"
OpenSocket = Annotated[
    int | None, typer.Option("--fd", help="Number of an open socket that listens on INTROBROKER_HTTP, handed down.")
]


def worker() -> None:
    """Work for Temporal: hear the news of introductions and record their steps."""
    with loading():
        told = told_of_a_cluster("worker")
        from worker import run

    asyncio.run(leave_marks(told))
    asyncio.run(run(told))


def mailroom() -> None:
    """Carry letters to the relay, and hand over what Temporal has not taken yet."""
    with loading():
        told = told_of_a_cluster("mailroom")
        from mailer import carry

    asyncio.run(carry(told))


def web(fd: OpenSocket = None) -> None:
    """Serve the pages and the API."""
    with loading():
        told = told_of_a_cluster("web")
        listening = socket_of(told, fd) or held(told.host, told.port, HTTP)
        from server import serve

    asyncio.run(refuse_strangers(told))
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, leave)  # uvicorn ends in its own time, then lets this handler have the signal
    asyncio.run(serve(told, listening))


def socket_of(told: "Settings", fd: int | None) -> "socket.socket | None":
    """The open socket of whoever started us, where they handed one down."""
    return handed_down(fd, told.host, told.port, HTTP) if fd is not None else None


def leave(*_: Any) -> None:
    sys.exit(0)


def told_of_a_cluster(name: str) -> "Settings":
    """The settings of one process by itself. It brings no Temporal server, so one has to be named."""
    import settings
    from commands.errors import CommandRefusal
    from commands.installation.logs import log_as_json
    from embedded.folder import prepare

    told = settings.load()
    if told.temporal is None:
        raise CommandRefusal(
            f"`introbroker {name}` needs a Temporal server: set TEMPORAL_ADDRESS, "
            "or type `introbroker run`, which brings one and everything else."
        )
    prepare(told.data)
    log_as_json()
    return told


async def leave_marks(told: "Settings") -> None:
    """The database is up to date, and has seen what this process was told."""
    from commands.databases import opened

    async with opened(told):
        pass


async def refuse_strangers(told: "Settings") -> None:
    """The database is up to date; whoever lets other machines in has somebody who answers for it, and a relay."""
    from commands.databases import opened, refuse_lost_letters
    from settings import refuse_without_operator
    from store.people import operators

    async with opened(told) as database:
        await refuse_lost_letters(database, told)
        refuse_without_operator(told, await database.read(operators.count))
