"""The sweep of what was left lying. Answers Temporal has not taken, introductions not begun, letters nobody settled."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from mailroom.loops import age
from mailroom.loops.clock_law import tell_of_new_law
from mailroom.loops.erasure import Executions, carry_erasures
from mailroom.loops.hand_over import SweptIntroductions, hand_over_news, side_by_side
from mailroom.loops.retention import carry_out_retention
from mailroom.room import Room, log, pause
from models.process.bounds import SWEPT_EVERY
from store.engine.database import DatabaseAway
from store.journal.disclosure_columns import tell_again
from store.letters import delivery_results, outbox
from store.letters.outbox import Letter
from store.people.names.fold_again import fold_again
from store.steps import unclaimed

OFTEN, SELDOM = timedelta(seconds=3), SWEPT_EVERY  # in the embedded default, and beside a cluster
A_MOMENT = timedelta(seconds=1)


class Everything(SweptIntroductions, Executions, Protocol):
    """All that the sweep needs of Temporal."""


async def sweep(room: Room, introductions: Everything, every: timedelta, stop: asyncio.Event) -> None:
    """Look again and again until told to stop."""
    while not stop.is_set():
        try:
            await age.look(room)
            await tell_of_new_law(room)
            again_soon = await once(room, introductions, stop)
            await tell_again(room.database)
            await fold_again(room.database)
            await carry_erasures(room, introductions)
            await carry_out_retention(room)
        except DatabaseAway:
            again_soon = False
        except Exception as bug:
            log.exception("sweep.stumbled error=%s", type(bug).__name__)
            again_soon = False
        await pause(stop, min(every, A_MOMENT) if again_soon else every)


async def once(room: Room, introductions: SweptIntroductions, stop: asyncio.Event | None = None) -> bool:
    """One round; whether the next should follow at once, because somebody was only busy."""
    await resolve_letters(room)
    await begin_introductions(room, introductions)
    return await hand_over_news(room, introductions, stop)


async def resolve_letters(room: Room) -> None:
    """A letter nobody settled within its lease is unknown; where the relay can be asked, it says what it has."""
    now = room.clock()
    for left in await room.database.read(lambda connection: outbox.left_started(connection, now, room.lease)):
        await _to_unknown(room, left, now)
    for letter in await room.database.read(outbox.unknown):
        arrived = await room.relay.knows(letter.message_id or "")
        if arrived is not None:
            await _resolve(room, letter, arrived, room.clock())


async def begin_introductions(room: Room, introductions: SweptIntroductions) -> None:
    """Each request taken at the door gets its workflow, whatever was down when it was made: some at a time, to the
    last, unless Temporal takes none of them."""
    while await room.database.read(partial(unclaimed.is_not_begun, now=(now := room.clock()))):
        left = await room.database.write(partial(unclaimed.claim_not_begun, now=now))
        begun = await side_by_side(introductions.start(opening) for opening in left)
        back = [opening.id for opening, taken in zip(left, begun, strict=True) if not taken]
        if back:
            await room.database.write(partial(unclaimed.not_started, introductions=back, claimed_at=now))
        if not any(begun):
            return


async def _to_unknown(room: Room, left: Letter, now: datetime) -> None:
    if await room.database.write(
        lambda connection: delivery_results.unknown(connection, left, "nobody said what became of it", now)
    ):
        log.warning("letter.unknown id=%s kind=%s", left.id, left.kind)


async def _resolve(room: Room, letter: Letter, arrived: bool, now: datetime) -> None:
    if arrived:
        await room.database.write(
            lambda connection: delivery_results.accepted(connection, letter, "the relay has it", now)
        )
    else:
        said, retries = "the relay never had it", room.retries
        await room.database.write(lambda connection: delivery_results.not_sent(connection, letter, said, now, retries))
    log.info("letter.resolved id=%s arrived=%s", letter.id, arrived)
