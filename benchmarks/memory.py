"""Memory of cached introductions (goal G6). Measured on `introbroker worker`, in its own process.

Each is real: asked for at the door, begun, recorded in the database, its connector's yes heard. What the process takes
once it works is its own affair; what counts is how it grows from one crowd to the next.
"""

import asyncio
import resource
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from benchmarks.gates import Gate
from benchmarks.rates import PATIENCE, asked, connector_is_asked, said
from benchmarks.workers import product_worker
from models.ids import InboxKey
from models.news import Envelope
from models.policy.policy import Policy
from tests.support.world import World, peopled
from worker import CACHED
from workflows.client import TASK_QUEUE, Away

WARM = 100
CROWDS = (CACHED // 2, CACHED)  # as many as a worker keeps: beyond that, memory stops growing
AT_ONCE = 4  # so that no step runs into its two seconds: it would be recorded, and kept, twice
GOAL = 100  # MiB for each 1,000


async def memory(env: WorkflowEnvironment, folder: Path, rules: Policy) -> Gate:
    """MiB for each 1,000 introductions between the first crowd and the last; the range is over the two halves."""
    sizes = [WARM, *CROWDS]
    async with peopled(env, folder, rules, TASK_QUEUE) as here, product_worker(here, folder) as pid:
        taken = []
        for before, size in zip([0, *sizes], sizes, strict=False):
            await _bring_in(here, size - before)
            taken.append(_resident_mib(pid))
    halves = [_slope(taken[i : i + 2], sizes[i : i + 2]) for i in range(len(CROWDS))]
    name = f"G6 MiB a worker takes for each 1,000 cached ({taken[0]:.0f} with {WARM})"
    return Gate(name, _slope(taken, sizes), GOAL, hard=False, low=min(halves), high=max(halves))


def _slope(taken: list[float], sizes: list[int]) -> float:
    return (taken[-1] - taken[0]) / (sizes[-1] - sizes[0]) * 1_000


async def _bring_in(here: World, count: int) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> None:
        async with gate:
            opening, target = await asked(here)
            await here.introductions.start(opening, PATIENCE)
            await connector_is_asked(here, opening.id)
            yes = Envelope(key=InboxKey("inb_0"), news=said(target)[0])
            while isinstance(await here.introductions.deliver(opening.id, yes, PATIENCE), Away):
                continue  # a busy machine; the key makes it safe to say again

    await asyncio.gather(*(one() for _ in range(count)))
    await asyncio.sleep(1)  # what is being recorded still


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024**2
