"""The law of clocks changes while an introduction waits, and every task of it replays the whole of its history."""

from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

import policies
from tests.support.world import world
from tests.workflows.stories.clock_stories import asked_under_another_law, the_law_changes


async def test_what_nobody_answers_ends_on_the_promised_day(temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    async with world(temporal_env, tmp_path, policies.shipped("community"), max_cached_workflows=0) as here:
        life = await asked_under_another_law(here)
        await the_law_changes(life)
        while not (await life.state()).told:
            await life.next_comes_due()
        ended = (await life.ledger())[-1]
        assert timedelta() <= ended.at - life.opening.promised_at < timedelta(minutes=1)
