"""What does a mailroom do all day? It drains the outbox and sweeps up what was left lying, until told to stop."""

import asyncio
from datetime import timedelta

from mailroom.drain import drain
from mailroom.room import Room
from mailroom.sweep import SELDOM, Everything, sweep


async def run(room: Room, introductions: Everything, stop: asyncio.Event, *, every: timedelta = SELDOM) -> None:
    """Both until `stop` is set. What is being carried then is carried to its end."""
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(drain(room, stop))
            both.create_task(sweep(room, introductions, every, stop))
    finally:
        await room.relay.close()
