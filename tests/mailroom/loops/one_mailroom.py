"""A mailroom in a process of its own, with a lease so short that the next one need not wait for it."""

import asyncio
import random
import sys
from datetime import UTC, datetime, timedelta

from mailroom.loops import sweep
from mailroom.loops.drain import Hands
from mailroom.room import Room
from mailroom.transport.mail_page import MailPage
from mailroom.transport.relay import RelayAnswer
from store.engine.database import Database, DatabaseAway, open_database
from store.letters.outbox import Retries
from tests.cast import policy
from tests.mailroom.desk import Desk

LEASE = timedelta(seconds=3)
PATIENT = Retries(first=timedelta(seconds=0.2), longest=timedelta(seconds=1), tries=1_000)


class Slow(MailPage):
    """Takes its time before and after, so that a kill finds something to interrupt."""

    async def send(self, message: bytes, to: str, message_id: str, sender: str = "") -> RelayAnswer:
        await asyncio.sleep(random.uniform(0, 0.1))
        outcome = await super().send(message, to, message_id)
        await asyncio.sleep(random.uniform(0, 0.1))
        return outcome


def clock() -> datetime:
    return datetime.now(UTC)


async def main(url: str) -> None:
    database = open_database(url, durable=False)
    room = Desk(database, policy("demo")).room(Slow(database, clock), clock=clock, lease=LEASE, retries=PATIENT)
    async with Hands(room) as hands:
        while await _has_more(database, room, hands):
            await asyncio.sleep(0.05)
    await database.close()


async def _has_more(database: Database, room: Room, hands: Hands) -> bool:
    """One round. Where the database is too busy for it, the next one does it, as in the product."""
    try:
        await hands.take()
        await sweep.resolve_letters(room)
        return await _left(database) > 0
    except DatabaseAway:
        return True


async def _left(database: Database) -> int:
    letters = await Desk(database, policy("demo")).outbox()
    return sum(letter.state not in ("accepted", "failed", "dropped") for letter in letters)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
