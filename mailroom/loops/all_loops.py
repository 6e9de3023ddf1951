"""All loops of a mailroom. It drains the outbox, sweeps up what was left lying, looks for what came back."""

import asyncio
from datetime import timedelta
from typing import Protocol

from mailroom.inbound.mailbox import Mailbox, look_in
from mailroom.loops.drain import drain
from mailroom.loops.staff_letters import tell_staff
from mailroom.loops.sweep import SELDOM, Everything, sweep
from mailroom.loops.workflow_monitor import Hearing, look_out
from mailroom.room import Room


class Running(Everything, Hearing, Protocol):
    """All that a mailroom needs of Temporal."""


async def run(
    room: Room,
    introductions: Running,
    stop: asyncio.Event,
    *,
    every: timedelta = SELDOM,
    mailbox: Mailbox | None = None,
) -> None:
    """All of it until `stop` is set. What is being carried then is carried to its end."""
    try:
        async with asyncio.TaskGroup() as work:
            work.create_task(drain(room, stop))
            work.create_task(sweep(room, introductions, every, stop))
            work.create_task(look_out(room, introductions, stop))
            work.create_task(tell_staff(room, stop))
            if mailbox:
                work.create_task(look_in(room, mailbox, stop))
    finally:
        await room.relay.close()
