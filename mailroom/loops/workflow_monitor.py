"""The workflow monitor. Temporal is asked about those that may be stalled, and about who works for it.

A workflow whose code raises is tried again and again, one whose step cannot be recorded records it again and again, one
that missed its alarm sleeps on: each runs, and nothing happens. One that was ended from outside is gone. None of them
says so by itself, and the pages, which read the store, go on as if all were well (L9, F33).
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from mailroom.loops.begin_anew import Starting, begin_anew
from mailroom.room import Room, log, pause
from models.ids import IntroductionId
from store.engine.database import DatabaseAway
from store.journal import inbox
from store.views import stalled_workflows as standings
from store.views.installation import alarms
from store.views.stalled_workflows import Suspect, What
from workflows.client import WorkflowHealth

EVERY = timedelta(minutes=1)
OFTEN = timedelta(seconds=10)  # those known to be stalled: what goes on again shows at once
ROUND = timedelta(seconds=45)  # of looking; who was not looked at by then is the first of the next round
SLEPT = timedelta(minutes=2)  # overdue for so long, and nothing is being done: it was not only about to be
SOME = 1_000  # looked up together
KNOWN = 200  # looked at that often; of more, all are looked at in each round
AT_ONCE = 8  # asked about at the same time


class Hearing(Starting, Protocol):
    """The running introductions, as far as the monitor needs them."""

    async def ended_from_outside(self) -> Sequence[IntroductionId]: ...

    async def has_worker(self, now: datetime) -> bool | None: ...


async def look_out(room: Room, introductions: Hearing, stop: asyncio.Event, every: timedelta = OFTEN) -> None:
    """Look again and again until told to stop."""
    rotation, looked_at = Rotation(room, introductions), None
    while not stop.is_set():
        try:
            if looked_at is None or room.clock() - looked_at >= EVERY:
                is_first, looked_at = looked_at is None, room.clock()
                await once(room, introductions, rotation, is_first=is_first)
            else:
                await look_at_known(room, introductions)
        except DatabaseAway:
            pass  # the sweep says so
        except Exception as bug:
            log.exception("workflow_monitor.stumbled error=%s", type(bug).__name__)
        await pause(stop, every)


class Rotation:
    """Goes round all that may be stalled, however many, and begins each time where it came to the last."""

    def __init__(self, room: Room, introductions: Hearing, some: int = SOME) -> None:
        self._room, self._introductions, self._limit = room, introductions, some
        self._behind = ""

    async def go_round(self) -> None:
        begun = asyncio.get_running_loop().time()
        while await self.go_on() and asyncio.get_running_loop().time() - begun < ROUND.total_seconds():
            pass

    async def go_on(self) -> bool:
        """The next of them; False where there were no more."""
        now, behind, limit = self._room.clock(), self._behind, self._limit
        some = await self._room.database.read(lambda connection: standings.suspects(connection, now, behind, limit))
        await look_at(self._room, self._introductions, some)
        self._behind = some[-1].id if some else ""
        return bool(some)


async def once(room: Room, introductions: Hearing, rotation: Rotation | None = None, *, is_first: bool = False) -> None:
    """One round: whoever works for Temporal, those it says were ended, and those that may be stalled.

    `is_first`: this mailroom has just begun, and the worker beside it may be about to.
    """
    await _look_for_workers(room, introductions, is_first=is_first)
    ended = await introductions.ended_from_outside()
    still_open = await room.database.read(lambda connection: standings.still_open(connection, ended))
    await look_at(room, introductions, (Suspect(each, None) for each in still_open))
    await (rotation or Rotation(room, introductions)).go_round()


async def look_at_known(room: Room, introductions: Hearing) -> None:
    """Whether those that were stalled go on."""
    now = room.clock()
    some = await room.database.read(lambda connection: standings.suspects(connection, now, limit=KNOWN, known=True))
    await look_at(room, introductions, some)


async def look_at(room: Room, introductions: Hearing, suspects: Iterable[Suspect]) -> None:
    places = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_look_at(room, introductions, each, places) for each in suspects))


async def _look_at(room: Room, introductions: Hearing, suspect: Suspect, places: asyncio.Semaphore) -> None:
    introduction = suspect.id
    async with places:
        standing = await introductions.standing(introduction)
        if standing == "missing" and await begin_anew(room, introductions, introduction):
            standing = await introductions.standing(introduction)
    now = room.clock()
    if standing == "away":
        return
    what = _trouble(suspect, standing, now)
    in_vain = what in ("asleep", None) and await room.database.read(partial(_fails_on_news, introduction=introduction))
    if what == "asleep" and in_vain:
        what = "stands_still"
    if what:
        if await room.database.write(lambda connection: standings.note(connection, introduction, what, now)):
            log.error("introduction.%s id=%s", what, introduction)
    elif not in_vain and await room.database.write(partial(_goes_on, introduction=introduction, now=now)):
        log.info("introduction.goes_on id=%s", introduction)


def _trouble(suspect: Suspect, standing: WorkflowHealth, now: datetime) -> What | None:
    match standing:
        case "idle":
            return "asleep" if suspect.overdue_since and now - suspect.overdue_since >= SLEPT else None
        case "well" | "away":
            return None
        case _:
            return standing


def _fails_on_news(connection: Connection, introduction: IntroductionId) -> bool:
    """Temporal drops an update on which a task failed, and the rest of the task with it: then nothing is pending."""
    return inbox.is_tried_in_vain(connection, introduction) and not alarms.raised(connection)


def _goes_on(connection: Connection, introduction: IntroductionId, now: datetime) -> bool:
    """Whoever said something meanwhile is heard now, and not when it would have been tried next."""
    if not standings.clear(connection, introduction):
        return False
    inbox.try_now(connection, introduction, now)
    return True


async def _look_for_workers(room: Room, introductions: Hearing, *, is_first: bool) -> None:
    now = room.clock()
    has_worker = await introductions.has_worker(now)
    if has_worker is None or (is_first and not has_worker):
        return
    if has_worker:
        if await room.database.write(lambda connection: alarms.end_alarm(connection, "no_worker")):
            log.info("worker.found")
    elif await room.database.write(lambda connection: alarms.raise_alarm(connection, "no_worker", now)):
        log.error("worker.none")
