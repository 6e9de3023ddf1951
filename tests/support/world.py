"""A whole introduction played on real parts. A real database, a real worker, a server with movable clocks."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from calendars.clocks import clocks_of
from models.ids import IntroductionId
from models.news import News
from models.policy.lifetime import lifetime
from models.policy.policy import Policy
from models.process.state.introduction import Introduction
from models.process.state.opening import MadeBy, Opening
from models.process.verdict import Refused, Taken
from models.record.ledger import Entry
from models.time.clocks import Clocks
from models.time.open_hours import Days
from models.time.patience import due
from store.boundaries import conflicts
from store.boundaries.conflicts import ConflictSide
from store.engine.database import Database, T, Work, database
from store.journal import inbox
from store.journal.ledger import entries
from store.tables import introduction as introduction_table
from store.tables import letter
from tests.cast import CARL, CLEO, OLIVE, PROGRAMME, ROSA, ROSAS_MAIL, TOMOKO, Person
from tests.support import rows
from tests.support.play import Said
from tests.support.services.databases import migrated_copy
from tests.support.services.temporal_env import client_with, clock_of, pass_time
from worker import build
from workflows.client import Away, IntroductionClient, NotRunning
from workflows.introduction import IntroductionWorkflow
from workflows.plugin import plugin


@dataclass
class World:
    """One programme on real parts; letters are accepted as soon as they are planned, unless a test says otherwise."""

    env: WorkflowEnvironment
    client: Client
    url: str
    database: Database
    introductions: IntroductionClient
    rules: Policy
    relay_works: bool = True
    alarm_by_alarm: bool = False  # no clock moves past an instant that is due, as it may while a run begins anew

    async def asked(
        self,
        target: Person | None = TOMOKO,
        made_by: MadeBy = MadeBy.REQUESTER,
        *,
        track: str = "",
        blind: bool = False,
        clocks: Clocks | None = None,
    ) -> "Life":
        """Rosa has asked, and the workflow has begun."""
        opening = new_opening(self.rules.on_track(track), target, made_by)
        opening = opening.model_copy(update={"track": track, "blind": blind, "clocks": clocks or opening.clocks})
        await self.database.write(lambda connection: rows.ask_at_the_door(connection, opening))
        assert await self.introductions.start(opening)
        life = Life(self, opening)
        await life.settled()
        return life


@dataclass
class Life:
    """One introduction under way on the real server."""

    world: World
    opening: Opening

    @property
    def handle(self) -> WorkflowHandle[IntroductionWorkflow, str]:
        return self.world.client.get_workflow_handle_for(IntroductionWorkflow.run, self.opening.id)

    async def state(self) -> Introduction:
        return await self.handle.query(IntroductionWorkflow.state)

    async def hear(self, *said: Said) -> Taken | Refused | Away | NotRunning:
        """Each is kept in the inbox first, then handed over; what the store replies is heard before the next."""
        verdict: Taken | Refused | Away | NotRunning = Away()
        for each in said:
            verdict = await self._hear(each(await self.state()) if callable(each) else each)
            await self.settled()
        return verdict

    async def are_kept_apart(self, one: Person, other: Person) -> None:
        """Staff mark a conflict, and what is under way hears of it, as from the console."""
        first, second = ConflictSide(person=one.id), ConflictSide(person=other.id)
        told = await self.world.database.write(
            lambda connection: conflicts.mark(
                connection, self.opening.programme, first, second, "console", OLIVE.id, datetime.now(UTC)
            )
        )
        assert told
        for each in told:
            await self.world.introductions.deliver(self.opening.id, each.envelope, timedelta(seconds=10))
        await self.settled()

    async def time_passes(self, time: timedelta) -> None:
        if self.world.alarm_by_alarm:
            until = await clock_of(self.world.env, self.handle) + time
            while (due := (await self.row()).due_at) and due <= until:
                await self.next_comes_due()
            time = until - await clock_of(self.world.env, self.handle)
        await self._clock_moves(time)

    async def next_comes_due(self) -> None:
        """Until the next instant for which it has set its alarm, wherever in people's days that lies.

        Nothing comes due any more where it has ended by itself since somebody looked.
        """
        before = await self.row()
        if before.due_at is None:
            await self.settled()
            return
        left = before.due_at - await clock_of(self.world.env, self.handle)
        if left > timedelta():
            await self._clock_moves(left)
        async with asyncio.timeout(60):
            while (await self.row()).step == before.step:
                await asyncio.sleep(0.01)
        await self.settled()

    async def _clock_moves(self, time: timedelta) -> None:
        if time > timedelta():
            await pass_time(self.world.env, self.handle, time)
        await self.settled()

    async def settled(self) -> None:
        """Every step the workflow has taken is recorded, and the letters of those are with their readers."""
        state = await self.state()
        while (await self.row()).step < state.step or _mid_step(state):
            await asyncio.sleep(0.01)  # each look is a task for server and worker
            state = await self.state()
        if self.world.relay_works:
            await self.world.database.write(lambda connection: rows.deliver_letters(connection, datetime.now(UTC)))

    async def row(self) -> Row[Any]:
        query = select(introduction_table).where(introduction_table.c.id == self.opening.id)
        return await self.world.database.read(lambda connection: connection.execute(query).one())

    async def ledger(self) -> list[Entry]:
        return await self.world.database.read(lambda connection: entries(connection, self.opening.id))

    async def letters(self) -> list[tuple[str, str]]:
        """Who was sent what, in order."""
        query = select(letter.c.kind, letter.c.person).where(
            letter.c.introduction == self.opening.id, letter.c.state == "accepted"
        )
        found = await self.world.database.read(
            lambda connection: connection.execute(query.order_by(letter.c.step, letter.c.number)).all()
        )
        return [(row.kind, row.person) for row in found]

    async def _hear(self, news: News) -> Taken | Refused | Away | NotRunning:
        kept = await self.world.database.write(
            lambda connection: inbox.put(
                connection,
                introduction_id=self.opening.id,
                news=news,
                via="link",
                nonce=secrets.token_hex(8),
                now=datetime.now(UTC),
            )
        )
        verdict = await self.world.introductions.deliver(self.opening.id, kept.envelope, timedelta(seconds=10))
        if isinstance(verdict, Refused):
            reason = verdict.reason
            await self.world.database.write(lambda connection: inbox.mark_refused(connection, kept.key, reason))
        return verdict


class SlowOnce:
    """A database whose nth write takes longer than a local activity may."""

    def __init__(self, inner: Database, slow: int) -> None:
        self._inner, self._slow, self._writes = inner, slow, 0

    async def read(self, work: Work[T]) -> T:
        return await self._inner.read(work)

    async def write(self, work: Work[T]) -> T:
        self._writes += 1
        if self._writes == self._slow:
            await asyncio.sleep(3)
        return await self._inner.write(work)

    async def forget(self) -> None:
        await self._inner.forget()

    async def close(self) -> None:
        await self._inner.close()


def new_opening(rules: Policy, target: Person | None = TOMOKO, made_by: MadeBy = MadeBy.REQUESTER) -> Opening:
    now = datetime.now(UTC)
    return Opening(
        id=IntroductionId(f"int_{secrets.token_hex(8)}"),
        programme=PROGRAMME,
        policy=rules,
        requester=ROSA.somebody,
        target=target.somebody if target else None,
        made_by=made_by,
        asked_at=now,
        promised_at=due(now, rules.requester.promised_answer, rules.calendar(ROSA.clock, Days())),
        channels=(ROSAS_MAIL,),
        wording="wording-1",
        zone=OLIVE.zone,
        clocks=clocks_of((ROSA.zone, TOMOKO.zone, OLIVE.zone), now, now + lifetime(rules)),
        later_keeps_its_time=True,
        hears_second_thoughts=True,
        ends_as_silence_would=True,
        bounded=True,
        caps_hold_at_delivery=True,
        rings_in_time=True,
        route_may_be_named=True,
    )


@asynccontextmanager
async def world(
    env: WorkflowEnvironment,
    folder: Path,
    rules: Policy,
    connectors: Sequence[Person] = (CARL, CLEO),
    max_cached_workflows: int = 100,
    slow_step: int | None = None,
) -> AsyncIterator[World]:
    """A fresh database and a worker of its own on the shared server."""
    queue = f"world-{secrets.token_hex(6)}"
    async with peopled(env, folder, rules, queue, connectors) as here:
        recording = SlowOnce(here.database, slow_step) if slow_step else here.database
        async with build(here.client, recording, queue, max_cached_workflows=max_cached_workflows):
            yield here


@asynccontextmanager
async def peopled(
    env: WorkflowEnvironment, folder: Path, rules: Policy, queue: str, connectors: Sequence[Person] = (CARL, CLEO)
) -> AsyncIterator[World]:
    """The same without a worker: whoever comes brings one."""
    url = f"sqlite:///{await migrated_copy(folder)}"
    client = client_with(env, [plugin()])
    async with database(url, durable=False) as opened:
        await opened.write(lambda connection: rows.settle_in(connection, rules, datetime.now(UTC), connectors))
        yield World(env, client, url, opened, IntroductionClient(client, queue), rules)


def _mid_step(state: Introduction) -> bool:
    return state.stage.kind == "finding" or getattr(state.stage, "handing_over", False) or _is_checking(state)


def _is_checking(state: Introduction) -> bool:
    return any(ask.checking and ask.is_open for ask in state.asks)
