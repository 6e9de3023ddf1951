"""Thirty rounds of kills on a machine that changes: another zone law, another build, strangers of another namespace.

Between two rounds everything is stopped, wherever it stands, and started again as something else; the address and the
folder stay. Beside each round a worker and a mailroom come up that were told of another namespace of the same Temporal.
"""

import asyncio
import random
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from embedded.ports import any_port
from store.audit.verify import verify
from store.engine.database import database
from tests.killing.background_load import Desk, Readers, child
from tests.killing.test_kills import (
    EACH_ROUND,
    PATIENCE,
    VICTIMS,
    kill,
    no_letter_is_doubled,
    nothing_is_lost,
    reading,
    running_on,
    settled,
    works_again,
)
from tests.killing.test_several_of_each import surroundings_of
from tests.support.later_version import ROOT, make_later
from tests.support.services.databases import Place
from tests.support.services.sink import Sink
from tests.workflows.stories.other_laws import LAWS, lay_before

ROUNDS = 30
STRANGE = "another"  # a namespace in which nothing of ours runs
REFUSED = 1  # how a process ends that finds itself told something else than the others


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_thirty_rounds_while_the_machine_changes(sink: Sink, place: Place, tmp_path: Path) -> None:
    (folder := tmp_path / "here").mkdir()
    desk, readers, dice = Desk(place), Readers(sink), random.Random(40)
    await desk.open()
    machines: list[dict[str, str]] = [
        {},
        _with_another_law(tmp_path / "law"),
        {"PYTHONPATH": str(make_later(tmp_path / "later"))},
    ]
    with any_port() as listening:
        async with reading(readers) as people:
            for number in range(ROUNDS):
                desk.ask(EACH_ROUND)
                before = desk.delivered()
                async with running_on(listening, folder, sink, desk, **machines[number % len(machines)]) as head:
                    strangers = asyncio.create_task(_told_of_another_namespace(folder, head))
                    for victim in dice.sample(VICTIMS, len(VICTIMS)):
                        await asyncio.sleep(dice.uniform(0.2, 1.5))
                        kill(head, victim)
                    await works_again(desk, people, before + EACH_ROUND // 2)
                    assert await strangers == [REFUSED, REFUSED]
            async with running_on(listening, folder, sink, desk):
                await settled(desk, people)
    nothing_is_lost(desk, readers)
    no_letter_is_doubled(desk, sink)
    assert len(sink.kept) >= 300
    async with database(desk.url) as opened:
        assert [fault async for each in verify(opened) for fault in each.faults] == []


def _with_another_law(folder: Path) -> dict[str, str]:
    """Every zone an hour ahead; the holidays stay as they are."""
    told = lay_before(folder, LAWS["an hour ahead"])
    (folder / "packages" / "holidays.py").unlink()
    return told | {"PYTHONPATH": f"{told['PYTHONPATH']}:{ROOT}"}


async def _told_of_another_namespace(folder: Path, head: int) -> list[int]:
    """A worker and a mailroom of the same database, and what they end with."""
    while not (beside := child(head, "web")):
        await asyncio.sleep(0.1)
    told = surroundings_of(beside) | {"TEMPORAL_NAMESPACE": STRANGE}
    await _namespace_is_there(told["TEMPORAL_ADDRESS"])
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "cli", name),
            cwd=ROOT,
            env=told,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        for name in ("worker", "mailroom")
    ]
    try:
        async with asyncio.timeout(PATIENCE):
            return [await each.wait() for each in started]
    finally:
        for each in started:
            if each.returncode is None:
                each.kill()


async def _namespace_is_there(address: str) -> None:
    """In the first round it is made; Temporal may be on its way up."""
    request = RegisterNamespaceRequest(namespace=STRANGE)
    request.workflow_execution_retention_period.FromTimedelta(timedelta(days=1))
    async with asyncio.timeout(120):
        while True:
            try:
                await (await Client.connect(address)).workflow_service.register_namespace(request)
                return
            except RPCError as error:
                if error.status == RPCStatusCode.ALREADY_EXISTS:
                    return
            except RuntimeError:
                pass
            await asyncio.sleep(0.5)
