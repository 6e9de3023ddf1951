"""A worker with a fault for two minutes, then the one before again: what stands still shows, and all is heard soon."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from temporalio.testing import WorkflowEnvironment

from embedded.folder import hold
from embedded.installation import start_temporal
from embedded.supervisor import Supervisor
from embedded.temporal import prepare_embedded
from models.ids import AskNumber
from models.news import ConnectorApproved
from store.journal import inbox
from store.steps import unclaimed
from store.tables import inbox as inbox_table
from store.views.stalled_workflows import counted
from tests.cast import CARL, policy
from tests.support.later_version import ROOT, program, surroundings
from tests.support.world import Life, World, peopled
from tests.workflows.test_stalled_workflows import asked, with_the_fault
from workflows.client import TASK_QUEUE

MANY = 12
FAULTY_FOR = 120.0  # seconds
SHOWN_WITHIN, HEARD_WITHIN = 300.0, 60.0
RULES = policy("demo", {"connector.cap": 100, "undo_for": "0 s"})


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_after_a_faulty_worker_is_rolled_back_all_is_heard_within_a_minute(tmp_path: Path) -> None:
    (folder := tmp_path / "here").mkdir()
    async with temporal_alone(tmp_path / "temporal") as env, peopled(env, folder, RULES, TASK_QUEUE, (CARL,)) as here:
        told = told_of(here, folder)
        async with process("mailroom", told):
            async with with_the_fault(here, TASK_QUEUE):
                lives = [await begun(here) for _ in range(MANY)]
                began = time.monotonic()
                for life in lives:
                    await says_yes(life)
                shown = await seconds_until(lambda: stand_still(here, MANY), began, SHOWN_WITHIN)
                found = await doctor(told)
                assert [each["do"] for each in found if f"our program fails on it: {MANY}" in each["said"]]
                await asyncio.sleep(max(0.0, FAULTY_FOR - (time.monotonic() - began)))
            began = time.monotonic()
            async with process("worker", told):  # of the version before
                heard = await seconds_until(lambda: are_heard(here), began, HEARD_WITHIN)
                cleared = await seconds_until(lambda: stand_still(here, 0), began, HEARD_WITHIN)
        assert [bool((await life.row()).approved) for life in lives] == [True] * MANY
    print(
        f"\nshown after {shown:.0f} s, all {MANY} heard {heard:.0f} s after the roll-back, shown so after {cleared:.0f}"
    )


@asynccontextmanager
async def temporal_alone(folder: Path) -> AsyncIterator[WorkflowEnvironment]:
    """The server that `introbroker run` brings, as patient with what fails as it is there."""
    mask = os.umask(0o077)
    with hold(folder) as held:
        supervisor = Supervisor(held, print)
        try:
            client = await (await start_temporal(held, supervisor)).connect()
            await prepare_embedded(client)
            yield WorkflowEnvironment.from_client(client)
        finally:
            await supervisor.stop()
            os.umask(mask)


def told_of(here: World, folder: Path) -> dict[str, str]:
    return {
        "TEMPORAL_ADDRESS": here.client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": here.client.namespace,
        "INTROBROKER_DATABASE_URL": here.url,
        "INTROBROKER_DATA": str(folder),
    }


@asynccontextmanager
async def process(name: str, told: dict[str, str]) -> AsyncIterator[None]:
    started = await asyncio.create_subprocess_exec(
        *program(name), cwd=ROOT, env=surroundings(ROOT, **told), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
        assert started.returncode is None
    finally:
        started.terminate()
        await started.wait()


async def doctor(told: dict[str, str]) -> Sequence[dict[str, str]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "cli", "doctor", "--json"),
        cwd=ROOT,
        env=surroundings(ROOT, **told),
        stdout=asyncio.subprocess.PIPE,
    )
    found: Sequence[dict[str, str]] = json.loads((await process.communicate())[0])
    return found


async def begun(here: World) -> Life:
    life, now = await asked(here), datetime.now(UTC)
    await here.database.write(lambda connection: unclaimed.mark_started(connection, life.opening.id, now))
    return life


async def says_yes(life: Life) -> None:
    """On its page: kept first, and handed over by the mailroom."""
    news = ConnectorApproved(ask=AskNumber(1), by=(await life.row()).connector, vouch="vouch")
    which, now = life.opening.id, datetime.now(UTC)
    await life.world.database.write(
        lambda connection: inbox.put(connection, introduction_id=which, news=news, via="link", nonce="yes", now=now)
    )


async def stand_still(here: World, many: int) -> bool:
    """As the console and the doctor count them."""
    found = await here.database.read(lambda connection: counted(connection, datetime.now(UTC)))
    return (found["stands_still"][0] if "stands_still" in found else 0) == many


async def are_heard(here: World) -> bool:
    waiting = select(func.count()).select_from(inbox_table).where(inbox_table.c.state == "waiting")
    return bool(await here.database.read(lambda connection: connection.execute(waiting).scalar_one()) == 0)


async def seconds_until(so: Callable[[], Awaitable[bool]], began: float, within: float) -> float:
    while not await so():
        passed = time.monotonic() - began
        assert passed < within, f"not so after {passed:.0f} s"
        await asyncio.sleep(0.5)
    return time.monotonic() - began
