"""A run that has grown long begins anew, at whatever stage, and nobody can tell: the same story comes out of it."""

import asyncio
from collections.abc import AsyncIterator
from itertools import zip_longest
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from models.ids import InboxKey
from models.news import Envelope, Held, Resumed, Withdrew
from models.process.verdict import Reason, Refused, Taken
from models.record.ledger import Moved
from models.record.play import Course
from tests.cast import CARL, OLIVE, ROSA, opening, policy
from tests.support.news_phrases import approves
from tests.support.world import Life, world
from tests.workflows.stories.stories import STORIES
from tests.workflows.test_stories import no_rule_is_broken, the_ledger_says_the_same_as_the_pages
from workflows import runs
from workflows.client import Gone
from workflows.plugin import plugin

SHORT = 1  # turn of a run: any step or alarm makes it full
AT_EVERY_STAGE = ("later_and_back", "two_lines", "a_need", "another_address", "sent_back", "happy")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.soak] * (name not in AT_EVERY_STAGE)) for name in STORIES]
)
async def test_a_story_comes_out_the_same_whose_every_step_begins_a_new_run(
    name: str, temporal_env: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story, told = STORIES[name], []
    for turns in (runs.TURNS, SHORT):
        monkeypatch.setattr(runs, "TURNS", turns)
        folder = tmp_path / str(turns)
        folder.mkdir()
        async with world(temporal_env, folder, story.rules(), story.connectors, slow_step=story.slow_step) as here:
            here.alarm_by_alarm = True
            life = await story.tell(here)
            assert await life.handle.result() == story.ending
            told.append((await what_happened(life), await life.letters()))
            await the_ledger_says_the_same_as_the_pages(life)
            await no_rule_is_broken(life)
            if turns == SHORT:
                lived = [run async for run in all_runs(life)]
                assert len(lived) > 1  # how many depends on how much one task of a busy machine takes together
                for run in lived:
                    await Replayer(plugins=[plugin()], workflows=[]).replay_workflow(run)
    (one, letters), (many, letters_of_many) = told
    assert one == many, [pair for pair in zip_longest(one, many) if pair[0] != pair[1]][:2]
    assert letters == letters_of_many


async def test_an_answer_heard_by_the_run_before_is_not_heard_again(
    temporal_env: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update's id protects one run only."""
    monkeypatch.setattr(runs, "TURNS", SHORT)
    async with world(temporal_env, tmp_path, policy("demo")) as here:
        life = await here.asked()
        held = Envelope(key=InboxKey("inb_held"), news=Held(by=OLIVE.id))
        first = await here.introductions.deliver(life.opening.id, held)
        await life.hear(Resumed(by=OLIVE.id), approves(CARL))
        assert len([run async for run in all_runs(life)]) > 2
        assert await here.introductions.deliver(life.opening.id, held) == first
        assert (await life.state()).held_at is None
        other = held.model_copy(update={"key": InboxKey("inb_other")})
        assert isinstance(await here.introductions.deliver(life.opening.id, other), Taken)
        third = held.model_copy(update={"key": InboxKey("inb_third")})
        assert await here.introductions.deliver(life.opening.id, third) == Refused(reason=Reason.NOT_NOW)


async def test_of_what_is_forgotten_no_run_stays_behind(
    temporal_env: WorkflowEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "TURNS", SHORT)
    async with world(temporal_env, tmp_path, policy("demo")) as here:
        life = await here.asked()
        await life.hear(approves(CARL), Withdrew(by=ROSA.id))
        await life.handle.result()
        lived = [run.run_id async for run in all_runs(life)]
        async with asyncio.timeout(60):
            while await here.introductions.forget(life.opening.id) != Gone():
                await asyncio.sleep(0.1)
        for run in lived:
            with pytest.raises(RPCError, match="not found"):
                await here.client.get_workflow_handle(life.opening.id, run_id=run).fetch_history()


def test_a_run_hands_on_the_newest_answers_and_no_more_than_a_full_one_can_have_taken() -> None:
    rules = policy("demo")
    begun = opening(rules)
    stands = Course(begun, begun.asked_at).introduction
    heard = {f"inb_{number}": Taken(step=number, stage="finding") for number in range(1_000)}
    following = runs.RunStart.first(begun).carrying(stands, heard)
    assert list(following.heard.items()) == list(heard.items())[-runs.KEYS :]
    assert runs.KEYS >= runs.TURNS, "each answer is a turn"
    again = runs.RunStart.model_validate_json(following.model_dump_json())
    assert again == following
    assert again.stands == stands


async def what_happened(life: Life) -> list[tuple[str, ...]]:
    """Step by step: what was heard, what it caused, where it stood."""
    events = [entry.event for entry in await life.ledger() if isinstance(entry.event, Moved)]
    return [(each.news.kind, *(effect.kind for effect in each.effects), each.standing.stage) for each in events]


async def all_runs(life: Life) -> AsyncIterator[WorkflowHistory]:
    """From the newest to the first."""
    run: str | None = None
    while True:
        history = await life.world.client.get_workflow_handle(life.opening.id, run_id=run).fetch_history()
        yield history
        run = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if not run:
            return
