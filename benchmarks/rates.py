"""How fast is an introduction, as a ratio to the bare floor on the same server (SPEED.md, G2-G5)?

Floor and product take turns, round by round; the ratio of each round counts, never an absolute time.
"""

import asyncio
import contextlib
import os
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from temporalio.client import Client
from temporalio.worker import Worker

from benchmarks.floor import Floor
from benchmarks.gates import Gate
from models.ids import AskNumber, ChannelId, InboxKey, IntroductionId
from models.introduction import Opening
from models.news import ConnectorApproved, Envelope, News, OptedIn, Withdrew
from models.verdict import Taken
from store.tables import introduction as table
from tests import rows
from tests.cast import CARL, ROSA, ROSAS_MAIL, Person
from tests.world import World, new_opening
from worker import POLLS_FOR_NEW, STICKY, WORKFLOW_POLLS

Times = list[float]  # seconds: the start, then each answer
PATIENCE = timedelta(seconds=30)
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Round:
    """One batch of introductions, or of floors."""

    seconds: float = 0
    cpu: float = 0
    starts: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)


@dataclass
class Rates:
    """Rounds of both, side by side, at one concurrency."""

    at_once: int
    floor: list[Round] = field(default_factory=list)
    product: list[Round] = field(default_factory=list)

    def gates(self) -> list[Gate]:
        alone = self.at_once == 1
        cpu = [p.cpu / f.cpu for p, f in zip(self.product, self.floor, strict=True)]
        rate = [f.seconds / p.seconds for p, f in zip(self.product, self.floor, strict=True)]
        answer = [_median(p.later) / _median(f.later) for p, f in zip(self.product, self.floor, strict=True)]
        found = [
            _ratio(f"G2 CPU through the floor's, {self.at_once} at a time", cpu, 1.5),
            _ratio(
                f"G3 rate through the floor's, {self.at_once} at a time", rate, 0.6 if alone else 0.7, at_least=True
            ),
            _ratio(f"G4 answer p50 through the floor's, {self.at_once} at a time", answer, 1.6 if alone else 1.8),
        ]
        if not alone:
            tail = [_p99(p.first) / _median(p.first) for p in self.product]
            found.append(_ratio("G5 first answer: p99 through p50", tail, 4))
        return found


async def measure(world: World, server: int, *, rounds: int, count: int, at_once: int) -> Rates:
    """Floor and product in turn, after a warm-up of each."""
    found = Rates(at_once)
    queue = f"floor-{secrets.token_hex(4)}"
    async with _floor_worker(world.client, queue):
        await _batch(lambda: _floor(world.client, queue), 20, at_once, server)
        await _batch(lambda: _introduction(world), 20, at_once, server)
        for _ in range(rounds):
            found.floor.append(await _batch(lambda: _floor(world.client, queue), count, at_once, server))
            found.product.append(await _batch(lambda: _introduction(world), count, at_once, server))
    return found


def server_pid() -> int:
    """The Temporal server started by this process, found among its children."""
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"temporal" in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
    raise LookupError("no Temporal server among our children")


async def _batch(one: Callable[[], Awaitable[Times]], count: int, at_once: int, server: int) -> Round:
    gate, found = asyncio.Semaphore(at_once), Round()

    async def within() -> None:
        async with gate:
            times = await one()
        found.starts.append(times[0])
        found.first.append(times[1])
        found.later.extend(times[2:])

    cpu, started = _cpu(server), time.perf_counter()
    await asyncio.gather(*(within() for _ in range(count)))
    found.seconds, found.cpu = time.perf_counter() - started, _cpu(server) - cpu
    return found


async def _floor(client: Client, queue: str) -> Times:
    times, started = [], time.perf_counter()
    handle = await client.start_workflow(Floor.run, "opening", id=f"floor-{secrets.token_hex(8)}", task_queue=queue)
    times.append(time.perf_counter() - started)
    for number in range(4):
        started = time.perf_counter()
        await handle.execute_update(Floor.deliver, "news", id=f"{number}")
        times.append(time.perf_counter() - started)
    await handle.result()
    return times


async def _introduction(world: World) -> Times:
    """Start, the connector's yes, both parties' yes, and a closing news: as many messages as the floor."""
    opening, target = await asked(world)
    times, started = [], time.perf_counter()
    await world.introductions.start(opening, PATIENCE)
    times.append(time.perf_counter() - started)
    handle = world.client.get_workflow_handle(opening.id)
    await connector_is_asked(world, opening.id)
    for number, news in enumerate(said(target)):
        started = time.perf_counter()
        await deliver(world, opening.id, news, number)
        times.append(time.perf_counter() - started)
    await handle.result()
    return times


async def asked(world: World) -> tuple[Opening, Person]:
    """One more request at the door, for somebody nobody has asked for yet."""
    now = datetime.now(UTC)
    target = await world.database.write(lambda connection: rows.somebody_new(connection, CARL, now))
    opening = new_opening(world.rules, target)
    await world.database.write(lambda connection: rows.ask_at_the_door(connection, opening))
    return opening, target


async def connector_is_asked(world: World, introduction: IntroductionId) -> None:
    # Nobody answers a letter that has not been written.
    query = select(table.c.stage).where(table.c.id == introduction)
    while await world.database.read(lambda connection: connection.execute(query).scalar_one()) != "with_connector":  # noqa: ASYNC110
        await asyncio.sleep(0.005)


def said(target: Person) -> tuple[News, ...]:
    return (
        ConnectorApproved(ask=_ask(1), by=CARL.id, vouch="introduce"),
        OptedIn(ask=_ask(2), by=target.id, channels=(ChannelId(f"cha_{target.name}_mail"),)),
        OptedIn(ask=_ask(3), by=ROSA.id, channels=(ROSAS_MAIL,)),
        Withdrew(by=ROSA.id),
    )


async def deliver(world: World, introduction: IntroductionId, news: News, number: int) -> None:
    envelope = Envelope(key=InboxKey(f"inb_{number}"), news=news)
    verdict = await world.introductions.deliver(introduction, envelope, PATIENCE)
    assert isinstance(verdict, Taken), verdict


@contextlib.asynccontextmanager
async def _floor_worker(client: Client, queue: str) -> AsyncIterator[None]:
    worker = Worker(
        client,
        task_queue=queue,
        workflows=[Floor],
        max_concurrent_workflow_task_polls=WORKFLOW_POLLS,
        nonsticky_to_sticky_poll_ratio=POLLS_FOR_NEW,
        sticky_queue_schedule_to_start_timeout=STICKY,
    )
    async with worker:
        yield


def _cpu(server: int) -> float:
    """CPU seconds of server, worker and driver together, so far."""
    fields = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / TICKS


def _ratio(name: str, values: list[float], goal: float, *, at_least: bool = False) -> Gate:
    return Gate(name, statistics.median(values), goal, hard=False, low=min(values), high=max(values), at_least=at_least)


def _median(values: list[float]) -> float:
    return statistics.median(values)


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def _ask(number: int) -> AskNumber:
    return AskNumber(number)
