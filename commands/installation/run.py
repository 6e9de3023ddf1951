"""`introbroker run`. It starts everything on this machine, in a world that can be played in at once."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import typer

from commands.installation.loading import loading
from commands.installation.processes import OpenSocket, socket_of

if TYPE_CHECKING:
    from settings import Settings

LOOKED_AT_EVERY = 3.0  # seconds: whether this is still a place to be played in


def run(fd: OpenSocket = None) -> None:
    """Start everything on this machine, and print the one address to open."""
    with loading():
        import settings
        from embedded.installation import run_embedded

    told = settings.load()
    listening = socket_of(told, fd)
    say(f"Starting: {'Temporal, ' if told.is_embedded else ''}worker, mailroom and web …")
    asyncio.run(run_embedded(told, prepare_to_be_played_in, say, tell_its_end, listening))


async def tell_its_end(told: "Settings") -> None:
    """Says once that letters stay where they are, when real people or another process's relay ended the mail page."""
    from settings import why_no_letter_leaves
    from store.audit import exposure
    from store.engine.database import DatabaseAway, database

    if not told.shows_mail_page:
        return
    async with database(told.database_url) as opened:
        while True:
            with suppress(DatabaseAway):
                if found := await opened.read(exposure.found):
                    say(f"The mail page is closed, and its sign-in: {why_no_letter_leaves(found)}.")
                    return
            await asyncio.sleep(LOOKED_AT_EVERY)


async def prepare_to_be_played_in(told: "Settings") -> None:
    """The same, with something under way in the sample programme where it is new."""
    if await prepared(told):
        await bring_sample_to_life(told.database_url)


async def prepare(told: "Settings") -> None:
    """Tables first; then, where there is nobody yet and no letter can leave this machine, the sample programme."""
    await prepared(told)


async def prepared(told: "Settings") -> bool:
    """Whether there is a sample programme that was not there before."""
    from commands.installation.migrate import bring_up_to_date
    from commands.installation.processes import refuse_strangers

    await bring_up_to_date(told, say)
    await refuse_strangers(told)
    if is_a_playground(told) and await seed_sample(told.database_url):
        say("A sample programme of fictional people is ready to be played in.")
        return True
    return False


def is_a_playground(told: "Settings") -> bool:
    """Fictional people live only where no letter can leave this machine, and nobody else can come in."""
    from loopback import is_loopback

    return not told.is_open_to_others and (told.relay is None or is_loopback(told.relay.host))


async def seed_sample(database_url: str) -> bool:
    from datetime import UTC, datetime

    import policies
    from store.engine.database import database
    from store.sample import world

    rules, now = policies.shipped("demo"), datetime.now(UTC)
    async with database(database_url) as opened:
        return await opened.write(lambda connection: world.seed(connection, rules, now))


async def bring_sample_to_life(database_url: str) -> None:
    from datetime import UTC, datetime

    from store.engine.database import database
    from store.sample import life

    now = datetime.now(UTC)
    async with database(database_url) as opened:
        await opened.write(lambda connection: life.bring_to_life(connection, now))


def say(line: str) -> None:
    typer.echo(line)
