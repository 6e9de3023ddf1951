"""Processes to be measured. In processes of its own, so that whoever measures does not count."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from benchmarks.floor import Floor
from settings import child_environment
from tests.support.world import World
from worker import POLLS_FOR_NEW, STICKY, WORKFLOW_POLLS

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


@contextlib.asynccontextmanager
async def product_worker(here: World, folder: Path) -> AsyncIterator[int]:
    """`introbroker worker` as it is run; gives its process id."""
    told = child_environment(
        TEMPORAL_ADDRESS=_address(here.env), INTROBROKER_DATABASE_URL=here.url, INTROBROKER_DATA=str(folder)
    )
    async with _running("cli", "worker", environment=told) as process:
        yield process.pid


@contextlib.asynccontextmanager
async def floor_worker(env: WorkflowEnvironment, queue: str) -> AsyncIterator[int]:
    """The same polls, cache and sandbox, and nothing to do; gives its process id."""
    async with _running("benchmarks.workers", _address(env), queue) as process:
        yield process.pid


def cpu(*processes: int) -> float:
    """Seconds of processor these have taken so far."""
    return sum(_ticks(each) for each in processes) / TICKS


def server_pid() -> int:
    """The Temporal server started by this process, found among its children."""
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"temporal" in Path(f"/proc/{child}/cmdline").read_bytes().partition(b"\0")[0]:
                return int(child)
    raise LookupError("no Temporal server among our children")


async def run_floor(address: str, queue: str) -> None:
    """Until this process is told to end."""
    worker = Worker(
        await Client.connect(address),
        task_queue=queue,
        workflows=[Floor],
        max_concurrent_workflow_task_polls=WORKFLOW_POLLS,
        nonsticky_to_sticky_poll_ratio=POLLS_FOR_NEW,
        sticky_queue_schedule_to_start_timeout=STICKY,
    )
    await worker.run()


@contextlib.asynccontextmanager
async def _running(*words: str, environment: dict[str, str] | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *words, cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


def _address(env: WorkflowEnvironment) -> str:
    return env.client.service_client.config.target_host


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    asyncio.run(run_floor(*sys.argv[1:]))
