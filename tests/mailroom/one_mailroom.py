"""What does a mailroom do in a process of its own, with a lease so short that the next one need not wait for it?"""

import asyncio
import random
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from mailroom import drain, sweep
from mailroom.mail_page import MailPage
from mailroom.relay import Outcome
from store.database import Database, open_database
from tests.cast import policy
from tests.mailroom.desk import Desk

LEASE = timedelta(seconds=1)


class Slow(MailPage):
    """Takes its time before and after, so that a kill finds something to interrupt."""

    async def send(self, message: bytes, to: str, message_id: str) -> Outcome:
        await asyncio.sleep(random.uniform(0, 0.1))
        outcome = await super().send(message, to, message_id)
        await asyncio.sleep(random.uniform(0, 0.1))
        return outcome


def clock() -> datetime:
    return datetime.now(UTC)


async def main(file: str) -> None:
    database = open_database(f"sqlite:///{file}", durable=False)
    room: Any = replace(Desk(database, policy("demo")).room(Slow(database, clock), clock=clock), lease=LEASE)
    while await _left(database):
        await drain.once(room)
        await sweep.resolve_letters(room)
        await asyncio.sleep(0.05)
    await database.close()


async def _left(database: Database) -> int:
    letters = await Desk(database, policy("demo")).outbox()
    return sum(letter.state not in ("accepted", "failed", "dropped") for letter in letters)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
