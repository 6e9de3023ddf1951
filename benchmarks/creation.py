"""The cost of bringing one introduction into a worker (goal G6). Compared with the smallest workflow."""

import asyncio
import gc
import secrets
import statistics
import time

from temporalio import activity
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer, Worker

from benchmarks.empty import Empty
from benchmarks.gates import Gate
from models.process.state.opening import Opening
from models.record.step_record import Recorded, Recording
from workflows.introduction import IntroductionWorkflow
from workflows.plugin import plugin

REPLAYS = 30
ROUNDS = 5
FIRST_TASK = 4  # a history's events up to the first completed task


async def creation(client: Client, opening: Opening) -> Gate:
    """CPU of replaying a history of one task: ours through the empty workflow's, median and range over rounds."""
    ours = await _history_of_a_start(client, "introduction", opening)
    smallest = await _history_of_a_start(client, "empty", opening)
    ratios = []
    for _ in range(ROUNDS):
        base = await _cpu(smallest)
        ratios.append(await _cpu(ours) / base)
    return Gate(
        "G6 creation: CPU through an empty workflow's", statistics.median(ratios), 2, low=min(ratios), high=max(ratios)
    )


async def _history_of_a_start(client: Client, kind: str, opening: Opening) -> WorkflowHistory:
    queue = f"creation-{kind}-{secrets.token_hex(4)}"
    workflows = [Empty, IntroductionWorkflow]
    async with Worker(_plain(client), task_queue=queue, workflows=workflows, activities=[_record]):
        handle = await client.start_workflow(kind, opening, id=queue, task_queue=queue)
        history = await handle.fetch_history()
        while len(history.events) < FIRST_TASK:
            await asyncio.sleep(0.02)
            history = await handle.fetch_history()
    await handle.terminate("measured")
    return WorkflowHistory(handle.id, list(history.events)[:FIRST_TASK])


@activity.defn(name="record")
async def _record(recording: Recording) -> Recorded:
    """The first task is measured; what it asks for is answered with nothing."""
    return Recorded()


def _plain(client: Client) -> Client:
    """The same client without our plugin, so that a worker may hold other workflows too."""
    config = client.config(active_config=True)
    config["plugins"] = []
    return Client(**config)


async def _cpu(history: WorkflowHistory) -> float:
    replayer = Replayer(workflows=[Empty], plugins=[plugin()])
    gc.collect()
    started = time.process_time()
    for _ in range(REPLAYS):
        await replayer.replay_workflow(history)
    return (time.process_time() - started) / REPLAYS
