"""The workflow monitor: overdue introductions looked up in Temporal, shown to operators where they stand still.

A workflow whose code raises is tried again and again: it runs, and nothing happens. One that was ended from outside is
gone. Neither says so by itself, and the pages, which read the store, go on as if all were well (L9, F33).
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from mailroom.loops.begin_anew import Starting, begin_anew
from mailroom.room import Room, log, pause
from models.ids import IntroductionId
from store.engine.database import DatabaseAway
from store.views import stalled_workflows as standings

EVERY = timedelta(minutes=1)
AT_ONCE = 8  # asked about at the same time


class Hearing(Starting, Protocol):
    """The running introductions, as far as the workflow monitor needs them."""

    async def ended_from_outside(self) -> Sequence[IntroductionId]: ...


async def look_out(room: Room, introductions: Hearing, stop: asyncio.Event, every: timedelta = EVERY) -> None:
    """Look again and again until told to stop."""
    while not stop.is_set():
        try:
            await once(room, introductions)
        except DatabaseAway:
            pass  # the sweep says so
        except Exception as bug:
            log.exception("workflow_monitor.stumbled error=%s", type(bug).__name__)
        await pause(stop, every)


async def once(room: Room, introductions: Hearing) -> None:
    """One round: those that may stand still, and those of which Temporal says that they were ended."""
    ended = await introductions.ended_from_outside()
    now = room.clock()
    suspects = await room.database.read(
        lambda connection: {*standings.suspects(connection, now), *standings.still_open(connection, ended)}
    )
    places = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_look_at(room, introductions, each, places) for each in sorted(suspects)))


async def _look_at(room: Room, introductions: Hearing, introduction: IntroductionId, places: asyncio.Semaphore) -> None:
    async with places:
        standing = await introductions.standing(introduction)
        if standing == "missing" and await begin_anew(room, introductions, introduction):
            standing = await introductions.standing(introduction)
    now = room.clock()
    if standing == "well":
        if await room.database.write(lambda connection: standings.clear(connection, introduction)):
            log.info("introduction.goes_on id=%s", introduction)
    elif standing != "away" and await room.database.write(
        lambda connection: standings.note(connection, introduction, standing, now)
    ):
        log.error("introduction.%s id=%s", standing, introduction)
