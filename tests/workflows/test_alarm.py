"""The alarm of a sleeping introduction. One that rings too early is set again, and its time still comes."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.record_step import Recorder
from models.letters import LetterKind
from tests.cast import CARL, policy
from tests.support.world import Life, World, peopled
from tests.workflows.misbehaving.early_timers import EARLY, EarlyRunner
from workflows.introduction import IntroductionWorkflow
from workflows.plugin import RESTRICTIONS

MOMENT = timedelta(seconds=1)


async def test_an_alarm_that_rings_too_early_is_set_again(temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    queue = f"early-{secrets.token_hex(6)}"
    async with peopled(temporal_env, tmp_path, policy("demo"), queue) as here, where_timers_are_early(here, queue):
        life = await here.asked()
        reminded = (await life.state()).asks[-1].remind_at
        assert reminded
        await life.time_passes(reminded - life.opening.asked_at + MOMENT)
        assert [kind for kind, _ in await life.letters()] == [LetterKind.ASK_CONNECTOR]
        (again,) = (await _timers(life))[1:]
        assert timedelta() < again <= EARLY
        await life.time_passes(EARLY)
        assert await life.letters() == [(LetterKind.ASK_CONNECTOR, CARL.id)] * 2


@asynccontextmanager
async def where_timers_are_early(here: World, queue: str) -> AsyncIterator[None]:
    config = here.client.config(active_config=True)
    config["plugins"] = []  # ours would bring its own runner
    async with Worker(
        type(here.client)(**config),
        task_queue=queue,
        workflows=[IntroductionWorkflow],
        activities=[Recorder(here.database).record],
        workflow_runner=EarlyRunner(restrictions=RESTRICTIONS),
    ):
        yield


async def _timers(life: Life) -> list[timedelta]:
    """How long each was set for."""
    events = (await life.handle.fetch_history()).events
    started = (each for each in events if each.event_type == EventType.EVENT_TYPE_TIMER_STARTED)
    return [each.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta() for each in started]
