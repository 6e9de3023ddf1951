"""Rates, CPU and answer times as ratios to the bare floor on the same server (goals G2 to G5).

Floor and product take turns, round by round; the ratio of each round counts, never an absolute time. Each has a worker
in a process of its own: CPU is the server's and that worker's, not that of whoever asks and looks at the clock.
"""

import asyncio
import contextlib
import secrets
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.client import Client

from benchmarks.floor import Floor
from benchmarks.gates import Gate
from benchmarks.workers import cpu, floor_worker, product_worker, server_pid
from models.ids import AskNumber, ChannelId, InboxKey, IntroductionId
from models.news import ConnectorApproved, Envelope, News, OptedIn, Withdrew
from models.process.state.opening import Opening
from models.process.verdict import Taken
from tests.cast import CARL, ROSA, ROSAS_MAIL, Person
from tests.support import rows
from tests.support.world import World, new_opening

Times = list[float]  # seconds: the start, then each answer
PATIENCE = timedelta(seconds=30)


@dataclass
class Round:
    """One batch of introductions, or of floors."""

    seconds: float = 0
    cpu: float = 0
    starts: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)


@dataclass
class MeasuredRates:
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


async def measure(world: World, folder: Path, *, rounds: int, count: int, at_once: int) -> MeasuredRates:
    """Floor and product in turn, after a warm-up of each."""
    found, server = MeasuredRates(at_once), server_pid()
    queue = f"floor-{secrets.token_hex(4)}"
    async with floor_worker(world.env, queue) as floors, product_worker(world, folder) as products:
        for number in range(rounds + 1):
            floor = await _batch([_floor(world.client, queue) for _ in range(count)], at_once, (server, floors))
            asks = [await asked(world) for _ in range(count)]
            product = await _batch([_introduction(world, *each) for each in asks], at_once, (server, products))
            if number > 0:
                found.floor.append(floor)
                found.product.append(product)
    return found


async def _batch(each: Sequence[Awaitable[Times]], at_once: int, processes: tuple[int, int]) -> Round:
    gate, found = asyncio.Semaphore(at_once), Round()

    async def within(one: Awaitable[Times]) -> None:
        async with gate:
            times = await one
        found.starts.append(times[0])
        found.first.append(times[1])
        found.later.extend(times[2:])

    spent, started = cpu(*processes), time.perf_counter()
    await asyncio.gather(*map(within, each))
    found.seconds, found.cpu = time.perf_counter() - started, cpu(*processes) - spent
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


async def _introduction(world: World, opening: Opening, target: Person) -> Times:
    """Start, the connector's yes, both parties' yes, and a closing news: as many messages as the floor."""
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
    """Nobody answers a letter that has not been written. Looked for past the product, whose own cost is measured."""
    with contextlib.closing(sqlite3.connect(world.url.removeprefix("sqlite:///"))) as looking:
        while True:
            (stage,) = looking.execute("select stage from introduction where id = ?", (introduction,)).fetchone()
            if stage == "with_connector":
                return
            await asyncio.sleep(0.01)


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


def _ratio(name: str, values: list[float], goal: float, *, at_least: bool = False) -> Gate:
    return Gate(name, statistics.median(values), goal, hard=False, low=min(values), high=max(values), at_least=at_least)


def _median(values: list[float]) -> float:
    return statistics.median(values)


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def _ask(number: int) -> AskNumber:
    return AskNumber(number)
