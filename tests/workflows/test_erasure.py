"""Temporal lets go of a closed introduction, and of no other, when a person in it is forgotten."""

import asyncio
from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from models.ids import IntroductionId
from models.news import Withdrew
from tests.cast import CARL, CLEO, ROSA, TOMOKO, policy
from tests.support.world import world
from workflows.client import Gone, StillThere

PATIENCE = timedelta(seconds=5)


async def test_a_closed_execution_goes_with_its_history_and_a_running_one_stays(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with world(temporal_env, tmp_path, policy("demo"), (CARL, CLEO)) as here:
        over = await here.asked()
        await over.hear(Withdrew(by=ROSA.id))
        assert await over.handle.result()
        running = await here.asked()
        assert isinstance(await here.introductions.forget(running.opening.id), StillThere)
        assert isinstance(await here.introductions.forget(IntroductionId("int_never")), Gone)
        async with asyncio.timeout(90):
            while not isinstance(await here.introductions.forget(over.opening.id), Gone):
                await asyncio.sleep(0.1)
        assert (await running.state()).stage.kind == "with_connector"
        async with asyncio.timeout(30):  # lists are a moment behind
            while running.opening.id not in (found := await here.introductions.with_person(TOMOKO.id)):
                await asyncio.sleep(0.1)
        assert isinstance(found, tuple)
