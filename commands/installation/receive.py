"""`introbroker receive`: returned mail handed over by a mail server.

One message on standard input, and an exit code it understands.

Whatever is not ours to act on ends with 0 all the same: any other code would make the mail server answer a message
that nobody should be answered. What is our own fault for now ends with 75, and the mail server tries again.
"""

import asyncio
import sys
from typing import Annotated, BinaryIO

import typer

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h
AT_A_TIME = 64 * 1024


def receive(
    to: Annotated[list[str] | None, typer.Option(help="The address it arrived at, as the mail server has it.")] = None,
) -> None:
    """Take in one message about a letter that came back, from a mail server's pipe. It never answers an ask."""
    try:
        word = asyncio.run(_receive(read_some(sys.stdin.buffer), tuple(to or ())))
    except Exception as problem:
        typer.echo(f"Not now ({type(problem).__name__}): {_sentence(problem)}", err=True)
        raise typer.Exit(TRY_AGAIN) from None
    typer.echo(word)


def read_some(source: BinaryIO) -> bytes:
    """As much as is looked at. The rest is read too, and dropped: who writes to us must not be cut off."""
    from mailroom.inbound.bounce_reports import LONGEST

    kept = b""
    while piece := source.read(AT_A_TIME):
        kept += piece[: max(0, LONGEST - len(kept))]
    return kept


async def _receive(raw: bytes, to: tuple[str, ...]) -> str:
    import settings
    from commands.databases import opened
    from commands.errors import CommandRefusal
    from mailer import now, return_addresses
    from mailroom.inbound.incoming_mail import receive as take_in

    told = settings.load()
    addresses = return_addresses(told)
    if addresses is None:
        raise CommandRefusal("INTROBROKER_BOUNCES names no address, so no letter has left that could come back here.")
    async with opened(told) as database:
        return await take_in(database, addresses, told.sender.rpartition("@")[2], raw, to, now())


def _sentence(problem: Exception) -> str:
    from commands.errors import sentence_for

    return sentence_for(problem) or "something is wrong here; the message is kept by the mail server"
