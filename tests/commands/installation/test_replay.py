"""`introbroker replay --open`: what is under way, replayed with the code at hand, and what would stand still named."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.testing import WorkflowEnvironment
from temporalio.workflow import NondeterminismError

import settings
from commands.installation.replay import OpenReplayed, replay_open, sentence_for, tell
from store.engine.schema_version import Shape, shape
from store.steps import unclaimed
from tests.cast import CARL, policy
from tests.commands.terminal import Terminal
from tests.support import rows
from tests.support.news_phrases import approves
from tests.support.world import Life, World, new_opening, world

OLDER_SHAPE = text("UPDATE alembic_version SET version_num = '0018'")


async def test_what_is_under_way_is_replayed_and_what_temporal_lacks_is_named(
    temporal_env: WorkflowEnvironment, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data := tmp_path / "data").mkdir()
    async with world(temporal_env, tmp_path, policy("demo")) as here:
        told = settings.load(
            {
                "INTROBROKER_DATA": str(data),
                "INTROBROKER_DATABASE_URL": here.url,
                "TEMPORAL_ADDRESS": temporal_env.client.service_client.config.target_host,
                "TEMPORAL_NAMESPACE": temporal_env.client.namespace,
            }
        )
        first = await here.asked()
        await started(here, first)
        await first.hear(approves(CARL))
        found = await replay_open(told)
        assert (dict(found.stages), found.failures) == ({"with_parties": 1}, {})
        tell(found)
        assert "All 1 go on with this version." in capsys.readouterr().out

        await here.database.write(lambda connection: connection.execute(OLDER_SHAPE))
        assert (await replay_open(told)).failures == {}, "before it is migrated, as it says"
        assert await here.database.read(shape) is Shape.OLDER

        now = datetime.now(UTC)
        target = await here.database.write(lambda connection: rows.somebody_new(connection, CARL, now))
        lost = Life(here, new_opening(here.rules, target))
        await here.database.write(lambda connection: rows.ask_at_the_door(connection, lost.opening))
        await started(here, lost)
        found = await replay_open(told)
    assert found.failures == {lost.opening.id: "Temporal holds nothing of it"}
    tell(found)
    assert "1 of 2 would stand still" in capsys.readouterr().out


def test_each_failure_is_a_sentence_without_its_message() -> None:
    assert sentence_for(NondeterminismError("per_rosa")) == "this version does otherwise than what has happened already"
    assert sentence_for(ValueError("rosa@example.org")) == "this version fails on it (ValueError)"


def test_it_says_what_to_type(terminal: Terminal) -> None:
    typed = terminal.type("replay")
    assert (typed.code, typed.err.strip()) == (1, "Say what to replay: introbroker replay --open")
    assert terminal.type("migrate").code == 0
    assert "does not run" in terminal.type("replay", "--open").err
    assert OpenReplayed().as_facts() == {"replayed": {}, "failures": {}}


async def started(here: World, life: Life) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    await here.database.write(lambda connection: unclaimed.mark_started(connection, life.opening.id, before))
