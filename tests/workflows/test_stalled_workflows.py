"""Stalled workflows: our own code raises for one shape of news, or one is ended from outside. (F27, F33)

Only those stand still, the console says which, nothing of them is lost, and they go on once the fault is mended.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.record_step import Recorder
from models.ids import AskNumber, InboxKey
from models.news import ConnectorApproved, Envelope
from models.process.verdict import Taken
from store.audit.verify import verify
from store.engine.database import Database, DatabaseAway, T, Work
from tests.cast import CARL, ROSA, TOMOKO, policy
from tests.support import rows
from tests.support.news_phrases import approves, opts_in
from tests.support.run.docs_in_step import DOCS
from tests.support.services.temporal_env import server_binary
from tests.support.world import Life, SlowOnce, World, new_opening, peopled, world
from tests.workflows.misbehaving.failing_workflow import Faulty
from worker import build
from workflows.client import Away
from workflows.plugin import RESTRICTIONS

ROOM = {"connector.cap": 20, "undo_for": "0 s"}
A_MOMENT = timedelta(milliseconds=300)
PATIENCE = timedelta(seconds=30)
OPERATING = (DOCS / "operating.md").read_text(encoding="utf-8")


@pytest.mark.timeout(240)
async def test_only_what_raises_stands_still_and_goes_on_once_mended(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    queue = f"faulty-{secrets.token_hex(6)}"
    async with peopled(temporal_env, tmp_path, policy("demo", ROOM), queue) as here:
        async with with_the_fault(here, queue):
            unlucky, lucky = await asked(here), await asked(here)
            assert isinstance(await approve(unlucky, "vouch", A_MOMENT), Away)
            assert isinstance(await approve(lucky, "introduce"), Taken)
            await until(here, unlucky, "stands_still")
            assert await here.introductions.standing(lucky.opening.id) == "idle"
            assert (await unlucky.row()).stage == "with_connector", "pages show what was decided"
            assert await here.introductions.steps(lucky.opening.id) is None, (
                "it cannot say, and nobody stumbles over it"
            )
        async with build(here.client, here.database, queue):
            async with asyncio.timeout(90):
                while not isinstance(await approve(unlucky, "vouch"), Taken):  # as the sweep hands it over
                    await asyncio.sleep(0.2)
            await until(here, unlucky, "idle")
            assert (await unlucky.row()).approved


async def test_one_that_was_terminated_is_found_and_taken_up_by_a_reset(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with world(temporal_env, tmp_path, policy("demo", ROOM)) as here:
        life = await here.asked()
        await life.hear(approves(CARL))
        before = [await life.ledger(), await life.letters()]
        await life.handle.terminate("by hand")
        await until(here, life, "gone")
        async with asyncio.timeout(30):
            while life.opening.id not in await here.introductions.ended_from_outside():
                await asyncio.sleep(0.1)
        await reset(temporal_env, life)
        await until(here, life, "idle")
        await life.settled()
        assert [await life.ledger(), await life.letters()] == before, "nothing is recorded or written twice"
        assert isinstance(await life.hear(opts_in(TOMOKO), opts_in(ROSA)), Taken)
        await life.time_passes(timedelta(seconds=6))
        assert (await life.row()).delivered_at
        found = {fault.rule async for each in verify(here.database) for fault in each.faults}
        assert found == {"S36 letters"}, "letters arrive here without a mailroom; all else is whole"


async def test_a_step_that_cannot_be_recorded_is_seen_until_it_is(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    queue = f"unrecorded-{secrets.token_hex(6)}"
    async with peopled(temporal_env, tmp_path, policy("demo", ROOM), queue) as here:
        full = Full(here.database)
        async with build(here.client, full, queue):
            life = await asked(here)
            full.is_full = True
            assert isinstance(await approve(life, "vouch"), Taken)
            await until(here, life, "unrecorded")
            full.is_full = False
            await until(here, life, "idle")
            assert (await life.row()).approved


async def test_whether_anybody_works_on_the_queue_is_known(temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    queue = f"nobody-{secrets.token_hex(6)}"
    async with peopled(temporal_env, tmp_path, policy("demo", ROOM), queue) as here:
        assert await here.introductions.has_worker(datetime.now(UTC)) is False
        async with build(here.client, here.database, queue):
            async with asyncio.timeout(30):
                while not await here.introductions.has_worker(datetime.now(UTC)):
                    await asyncio.sleep(0.1)
        later = datetime.now(UTC) + timedelta(minutes=3)
        assert await here.introductions.has_worker(later) is False, "it has not asked for a task since"


class Full(SlowOnce):
    """A database that takes nothing for a while."""

    is_full = False

    def __init__(self, inner: Database) -> None:
        super().__init__(inner, slow=0)

    async def write(self, work: Work[T]) -> T:
        if self.is_full:
            raise DatabaseAway("the disk is full")
        return await super().write(work)


async def reset(env: WorkflowEnvironment, life: Life) -> None:
    """In the words of docs/operating.md."""
    told = re.search(r"`temporal (workflow reset --workflow-id) int_… (--type\s+\w+) --reason", OPERATING)
    assert told, "the advice has changed"
    words = (*told[1].split(), life.opening.id, *told[2].split(), "--reason", "ended by mistake")
    process = await asyncio.create_subprocess_exec(
        *(server_binary(), *words, "--address", env.client.service_client.config.target_host),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()


@asynccontextmanager
async def with_the_fault(here: World, queue: str) -> AsyncIterator[None]:
    config = here.client.config(active_config=True)
    config["plugins"] = []  # ours would bring the workflow without the fault
    worker = Worker(
        type(here.client)(**config),
        task_queue=queue,
        workflows=[Faulty],
        activities=[Recorder(here.database).record],
        workflow_runner=SandboxedWorkflowRunner(restrictions=RESTRICTIONS),
    )
    async with worker:
        yield


async def asked(here: World) -> Life:
    now = datetime.now(UTC)
    target = await here.database.write(lambda connection: rows.somebody_new(connection, CARL, now))
    life = Life(here, new_opening(here.rules, target))
    await here.database.write(lambda connection: rows.ask_at_the_door(connection, life.opening))
    assert await here.introductions.start(life.opening, PATIENCE)
    async with asyncio.timeout(60):
        while (await life.row()).stage != "with_connector":
            await asyncio.sleep(0.05)
    return life


async def approve(
    life: Life, vouch: Literal["introduce", "vouch"], patience: timedelta = timedelta(seconds=30)
) -> object:
    news = ConnectorApproved(ask=AskNumber(1), by=(await life.row()).connector, vouch=vouch)
    return await life.world.introductions.deliver(
        life.opening.id, Envelope(key=InboxKey("inb_the_yes"), news=news), patience
    )


async def until(here: World, life: Life, standing: str) -> None:
    async with asyncio.timeout(90):
        while await here.introductions.standing(life.opening.id) != standing:
            await asyncio.sleep(0.2)
