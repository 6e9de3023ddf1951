"""The sweep of what was left lying. Answers Temporal has not taken, introductions not begun, letters nobody settled."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

from mailroom.loops import age
from mailroom.loops.begin_anew import Starting, begin_anew
from mailroom.loops.clock_law import tell_of_new_law
from mailroom.loops.erasure import Executions, carry_erasures
from mailroom.loops.retention import carry_out_retention
from mailroom.room import Room, log, pause
from models.ids import IntroductionId
from models.news import Envelope, Reported
from models.process.introduction import Opening
from models.process.verdict import Reason, Refused, Taken
from store.asks import late_reports
from store.engine.database import DatabaseAway
from store.journal import inbox
from store.journal.disclosure_columns import tell_again
from store.journal.inbox import Inboxed
from store.letters import delivery_results, outbox
from store.letters.outbox import Letter
from store.steps import unclaimed
from workflows.client import Away, NotRunning

OFTEN, SELDOM = timedelta(seconds=3), timedelta(minutes=1)  # in the embedded default, and beside a cluster
A_MOMENT = timedelta(seconds=1)
AT_ONCE = 8  # introductions handed news at the same time


class SweptIntroductions(Starting, Protocol):
    """The running introductions, as far as the sweep needs them."""

    async def deliver(
        self, introduction: IntroductionId, envelope: Envelope
    ) -> Taken | Refused | Away | NotRunning: ...

    async def steps(self, introduction: IntroductionId) -> int | None: ...


class Everything(SweptIntroductions, Executions, Protocol):
    """All that the sweep needs of Temporal."""


async def sweep(room: Room, introductions: Everything, every: timedelta, stop: asyncio.Event) -> None:
    """Look again and again until told to stop."""
    while not stop.is_set():
        try:
            await age.look(room)
            await tell_of_new_law(room)
            again_soon = await once(room, introductions)
            await tell_again(room.database)
            await carry_erasures(room, introductions)
            await carry_out_retention(room)
        except DatabaseAway:
            again_soon = False
        except Exception as bug:
            log.exception("sweep.stumbled error=%s", type(bug).__name__)
            again_soon = False
        await pause(stop, min(every, A_MOMENT) if again_soon else every)


async def once(room: Room, introductions: SweptIntroductions) -> bool:
    """One round; whether the next should follow at once, because somebody was only busy."""
    await resolve_letters(room)
    await begin_introductions(room, introductions)
    return await hand_over_news(room, introductions)


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
    """Each request taken at the door gets its workflow, whatever was down when it was made."""
    now = room.clock()
    for opening in await room.database.read(lambda connection: unclaimed.not_begun(connection, now)):
        await _begin(room, introductions, opening)


async def hand_over_news(room: Room, introductions: SweptIntroductions) -> bool:
    """Each piece of news that lies in the inbox, oldest first; several introductions at a time."""
    now = room.clock()
    unheard = await room.database.read(lambda connection: unclaimed.unheard(connection, now))
    places = asyncio.Semaphore(AT_ONCE)
    busy = await asyncio.gather(*(_hand_over(room, introductions, news, places) for news in unheard.values()))
    return any(busy)


async def _hand_over(
    room: Room, introductions: SweptIntroductions, unheard: list[Inboxed], places: asyncio.Semaphore
) -> bool:
    """The news of one introduction; what cannot be heard now holds up what came after it. True: it was only busy."""
    async with places:
        for kept in unheard:
            verdict = await introductions.deliver(kept.introduction, kept.envelope)
            if isinstance(verdict, Taken):  # the step that hears it marks it taken
                await room.database.write(lambda connection, key=kept.key: inbox.confirm(connection, key))  # type: ignore[misc]
            elif isinstance(verdict, Refused) and verdict.reason != Reason.BUSY and kept.state == "waiting":
                await _refuse(room, kept, verdict.reason)
            elif isinstance(verdict, NotRunning):
                await _not_running(room, introductions, kept)
            else:
                if isinstance(verdict, Refused):
                    await _remind(room, introductions, kept.introduction)
                await _try_again(room, kept)
                return isinstance(verdict, Refused)
    return False


async def _remind(room: Room, introductions: SweptIntroductions, introduction: IntroductionId) -> None:
    """Where the ledger is ahead of a workflow, the first thing it has forgotten; the rest follows from there."""
    known = await introductions.steps(introduction)
    if known is not None:
        forgotten = await room.database.read(lambda connection: unclaimed.forgotten(connection, introduction, known))
        if forgotten:
            await introductions.deliver(introduction, forgotten)


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


async def _begin(room: Room, introductions: SweptIntroductions, opening: Opening) -> None:
    if await introductions.start(opening):
        now = room.clock()
        await room.database.write(lambda connection: unclaimed.mark_started(connection, opening.id, now))


async def _refuse(room: Room, kept: Inboxed, reason: Reason) -> None:
    await room.database.write(lambda connection: inbox.mark_refused(connection, kept.key, reason))
    log.info("news.refused key=%s reason=%s", kept.key, reason)


async def _not_running(room: Room, introductions: SweptIntroductions, kept: Inboxed) -> None:
    """It is over, and nobody hears any more; or Temporal has never had it, or lost it, and then it is begun."""
    is_over = await room.database.read(lambda connection: unclaimed.is_over(connection, kept.introduction))
    if is_over and kept.state == "taken":
        await room.database.write(lambda connection: inbox.confirm(connection, kept.key))
    elif is_over and isinstance(kept.news, Reported):
        now = room.clock()
        await room.database.write(lambda connection: late_reports.hear(connection, kept, now))
    elif is_over:
        await _refuse(room, kept, Reason.CLOSED)
    else:
        await begin_anew(room, introductions, kept.introduction)
        await _try_again(room, kept)


async def _try_again(room: Room, kept: Inboxed) -> None:
    now = room.clock()
    await room.database.write(lambda connection: inbox.try_again(connection, kept, now))
