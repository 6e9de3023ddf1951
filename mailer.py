"""The mailroom, put together: its store, its relay, its keys, and what stands on every letter."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from commands.databases import opened, refuse_lost_letters
from commands.installation.heartbeat import beating
from embedded.keys import key_ring
from loopback import is_loopback
from mailroom.age_kept import AGE, AgeKept
from mailroom.compose.stationery import Stationery
from mailroom.inbound.mailbox import Box, Mailbox
from mailroom.loops import age
from mailroom.loops.all_loops import run
from mailroom.loops.erasure_journal import JOURNAL, noted_in
from mailroom.loops.sweep import OFTEN, SELDOM
from mailroom.room import Room
from mailroom.transport.mail_page import MailPage
from mailroom.transport.relay import Relay
from mailroom.transport.return_addresses import ReturnAddresses
from mailroom.transport.smtp import RelayAddress, SmtpRelay
from settings import Settings
from store.engine.database import Database
from store.engine.secrets import Keys
from store.installation.namespace import recogniser
from store.privacy.erasure.after_restore import Replayed, replay
from workflows.client import IntroductionClient
from workflows.connection import connect
from workflows.plugin import plugin

log = logging.getLogger("introbroker.mailroom")


async def carry(told: Settings) -> None:
    """Carry letters until told to stop. Temporal may be away: it is reached when first needed."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    client = await connect(told.temporal, [plugin()], lazy=True)
    async with ready(told) as database, beating(database, told, "mailroom") as heart:
        introductions = IntroductionClient(client, recognise=recogniser(database, now))
        await forget_again(database, keys_of(told), told.data / JOURNAL)
        here = room(told, database, lambda: heart.may_send)
        await age.look(here)  # before anything leaves
        log.info("mailroom.began")
        await run(here, introductions, stop, every=how_often(told), mailbox=mailbox(told))


@asynccontextmanager
async def ready(told: Settings) -> AsyncIterator[Database]:
    """The database, up to date, where the letters carried from here go where they should."""
    async with opened(told) as database:
        await refuse_lost_letters(database, told)
        yield database


def room(told: Settings, database: Database, may_send: Callable[[], bool] = lambda: True) -> Room:
    stationery = Stationery(sender=told.sender, reply_to=told.reply_to or told.sender, public_url=told.public_url)
    return Room(
        database=database,
        relay=relay(told, database),
        keys=keys_of(told),
        write=stationery.write,
        clock=now,
        domain=stationery.domain,
        journal=told.data / JOURNAL,
        age=AgeKept(told.data / AGE),
        returns=return_addresses(told),
        may_send=may_send,
    )


def return_addresses(told: Settings) -> ReturnAddresses | None:
    return ReturnAddresses(keys_of(told), told.bounces) if told.bounces else None


def mailbox(told: Settings) -> Mailbox | None:
    """Where one is named, what came back is looked for there; `introbroker receive` is handed it otherwise."""
    named = told.mailbox
    if named is None:
        return None
    return Mailbox(
        Box(
            host=named.host,
            port=named.port,
            security=named.security,
            login=named.login,
            password=named.password,
            folder=named.folder,
        )
    )


def keys_of(told: Settings) -> Keys:
    return Keys((key.id, key.secret) for key in key_ring(told.data))


async def forget_again(database: Database, keys: Keys, journal: Path) -> Replayed:
    """Whoever has been forgotten stays so, also where a backup has brought them back."""
    noted = list(noted_in(journal))
    at = now()
    replayed, _ = await database.write(lambda connection: replay(connection, keys, noted, at))
    if replayed.people or replayed.marks:
        log.warning("erasure.replayed people=%s marks=%s", len(replayed.people), replayed.marks)
    return replayed


def relay(told: Settings, database: Database) -> Relay:
    """A mail server, where one is named; else every letter stays here."""
    if told.relay is None:
        return MailPage(database, now)
    named = told.relay
    address = RelayAddress(
        host=named.host, port=named.port, security=named.security, login=named.login, password=named.password
    )
    return SmtpRelay(address, told.sender)


def how_often(told: Settings) -> timedelta:
    """One machine is looked over all the time; many sweeps of one cluster would only meet each other."""
    temporal = str((told.temporal or {}).get("target_host", "")).rpartition(":")[0]
    on_one_machine = told.database_url.startswith("sqlite:") or is_loopback(temporal)
    return OFTEN if on_one_machine else SELDOM


def now() -> datetime:
    return datetime.now(UTC)
