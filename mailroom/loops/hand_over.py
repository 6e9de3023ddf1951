"""News handed over. What lies in the inbox reaches its workflow, some introductions at a time, to the last."""

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection

from mailroom.loops.begin_anew import Starting, begin_anew
from mailroom.room import Room, log
from models.ids import IntroductionId
from models.news import Envelope
from models.process.verdict import Reason, Refused, Taken
from store.asks import late_reports
from store.engine.database import Work
from store.journal import inbox
from store.journal.inbox import LONGEST_WAIT, Inboxed
from store.steps import unclaimed
from store.views import stalled_workflows
from workflows.client import Away, NotRunning

AT_ONCE = 16  # introductions handed news, or begun, at the same time
NOBODY_HEARS = timedelta(seconds=15)  # until what was tried is tried again, where Temporal or every worker is away

T = TypeVar("T")


class SweptIntroductions(Starting, Protocol):
    """The running introductions, as far as the sweep needs them."""

    async def deliver(
        self, introduction: IntroductionId, envelope: Envelope
    ) -> Taken | Refused | Away | NotRunning: ...

    async def steps(self, introduction: IntroductionId) -> int | None: ...


@dataclass
class Handed:
    """What came of one introduction's news: what is to be written down, and what nobody heard."""

    notes: list[Work[Any]] = field(default_factory=list)
    unheard: Inboxed | None = None
    heard: bool = False  # somebody answered, be it with a refusal
    busy: bool = False


async def hand_over_news(room: Room, introductions: SweptIntroductions, stop: asyncio.Event | None = None) -> bool:
    """Each piece of news that is due, oldest first, until none is left or nobody hears. True: somebody was only busy.

    Where Temporal is away, or all workers are, one batch shows it, and the many that wait are not tried one by one.
    """
    busy = False
    while not (stop and stop.is_set()):
        now = room.clock()
        if not await room.database.read(partial(unclaimed.is_unheard, now=now)):
            break
        some = await room.database.write(partial(unclaimed.claim_unheard, now=now))
        handed = await side_by_side(_hand_over(room, introductions, news) for news in some.values())
        await room.database.write(partial(_write_down, handed=handed, now=room.clock()))
        busy = busy or any(each.busy for each in handed)
        if not any(each.heard for each in handed):
            break
    return busy


async def side_by_side(work: Iterable[Awaitable[T]]) -> list[T]:
    """So many at a time, in their order."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(each: Awaitable[T]) -> T:
        async with places:
            return await each

    return await asyncio.gather(*(one(each) for each in work))


async def _hand_over(room: Room, introductions: SweptIntroductions, news: Sequence[Inboxed]) -> Handed:
    """The news of one introduction; what cannot be heard now holds up what came after it."""
    handed = Handed()
    for kept in news:
        verdict = await introductions.deliver(kept.introduction, kept.envelope)
        if await _is_settled(room, kept, verdict):
            said = verdict if isinstance(verdict, Taken | Refused) else None
            handed.notes.append(partial(_settle, kept=kept, verdict=said, now=room.clock()))
        else:
            handed.unheard, handed.busy = kept, isinstance(verdict, Refused)
            handed.heard = handed.heard or handed.busy
            if isinstance(verdict, Refused):
                await _remind(room, introductions, kept.introduction)
            elif isinstance(verdict, NotRunning):
                handed.heard = await begin_anew(room, introductions, kept.introduction)
            return handed
        handed.heard = True
    return handed


def _write_down(connection: Connection, handed: Sequence[Handed], now: datetime) -> None:
    """In one transaction for all of a batch. Who alone does not hear is tried ever more seldom, until the monitor sees
    that they go on; where nobody heard, it is not theirs."""
    nobody_heard = not any(each.heard for each in handed)
    for each in handed:
        for note in each.notes:
            note(connection)
        if each.unheard:
            it_is_theirs = not nobody_heard or stalled_workflows.is_stalled(connection, each.unheard.introduction)
            inbox.try_again(connection, each.unheard, now, LONGEST_WAIT if it_is_theirs else NOBODY_HEARS)


async def _is_over(room: Room, kept: Inboxed) -> bool:
    """It is over, and nobody hears any more; else Temporal has never had it, or lost it, and then it is begun."""
    return await room.database.read(lambda connection: unclaimed.is_over(connection, kept.introduction))


async def _remind(room: Room, introductions: SweptIntroductions, introduction: IntroductionId) -> None:
    """Where the ledger is ahead of a workflow, the first thing it has forgotten; the rest follows from there."""
    known = await introductions.steps(introduction)
    if known is not None:
        forgotten = await room.database.read(lambda connection: unclaimed.forgotten(connection, introduction, known))
        if forgotten:
            await introductions.deliver(introduction, forgotten)


async def _is_settled(room: Room, kept: Inboxed, verdict: Taken | Refused | Away | NotRunning) -> bool:
    """Whether nothing of it has to be told to anybody any more."""
    if isinstance(verdict, Taken):
        return True
    if (isinstance(verdict, NotRunning) or verdict == Refused(reason=Reason.CLOSED)) and await _is_over(room, kept):
        return True
    return isinstance(verdict, Refused) and verdict.stands and kept.state == "waiting"


def _settle(connection: Connection, kept: Inboxed, verdict: Taken | Refused | None, now: datetime) -> None:
    if kept.state == "taken":  # the step that heard it has marked it so
        inbox.confirm(connection, kept.key)
        return
    settled = late_reports.settle(connection, kept, verdict, now)
    if isinstance(settled, Refused):
        log.info("news.refused key=%s reason=%s", kept.key, settled.reason)
