"""Every story, told on the real server with moved clocks and the real store, ends as it must, and replays."""

from functools import reduce
from pathlib import Path

import pytest
from sqlalchemy import select
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from models.record.invariants import violations
from models.record.invariants.course import letters_are_few
from models.record.invariants.facts import Facts, Happened
from models.record.ledger import Began, Moved, add_up
from store.tables import ask as ask_table
from tests.support.world import Life, world
from tests.workflows.stories.stories import STORIES
from workflows.plugin import plugin

# What a real server adds is the same for many of them: updates, timers, cancelled timers, a step that lasts, a new run.
# Here stands one of each kind (a policy in its hours, an edit, a hold, another address, a step sent again, an end at
# each stage); the others are told in `make soak`. The core explores all of them, and the history that each has left is
# replayed by every run (tests/workflows/replays/test_histories.py).
ENDS, STAGES = (
    ("withdrawn", "opted_out", "blocked", "erased", "stopped"),
    ("with_connector", "with_parties", "delivering"),
)
NOW = {f"{end}_{STAGES[turn % len(STAGES)]}" for turn, end in enumerate(ENDS)}
ALIKE = {
    *("alumni_as_a_term_ends", "venture_fundraising", "venture_kept_apart", "later_just_before", "edited_by_a_key"),
    *("sent_back_for_good", "held_for_good", "no_other_address", "three_silent_connectors", "connector_erased"),
    *("erased_following_up", "taken_back_delivering", "handed_over", "extended", "somebody_better_placed"),
}
SOAKED = {f"{end}_{stage}" for end in ENDS for stage in STAGES} - NOW | ALIKE


def marks_of(name: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.quick] * (name == "happy") + [pytest.mark.soak] * (name in SOAKED)


@pytest.mark.parametrize("name", [pytest.param(name, marks=marks_of(name)) for name in STORIES])
async def test_a_story_ends_as_it_must(name: str, temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    story = STORIES[name]
    async with world(temporal_env, tmp_path, story.rules(), story.connectors, slow_step=story.slow_step) as here:
        life = await story.tell(here)
        assert await life.handle.result() == story.ending
        await the_ledger_says_the_same_as_the_pages(life)
        await no_rule_is_broken(life)
        await Replayer(plugins=[plugin()], workflows=[]).replay_workflow(await life.handle.fetch_history())


@pytest.mark.parametrize("name", ["happy", pytest.param("rough", marks=pytest.mark.soak)])
async def test_a_story_is_told_the_same_without_a_cache(
    name: str, temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    """With no cache every task replays the whole history: a hidden clock or die would show."""
    story = STORIES[name]
    async with world(temporal_env, tmp_path, story.rules(), story.connectors, max_cached_workflows=0) as here:
        life = await story.tell(here)
        assert await life.handle.result() == story.ending


async def no_rule_is_broken(life: Life) -> None:
    """None of the invariants, and nobody got more letters than their policy allows."""
    entries = await life.ledger()
    history = [Happened(entry.at, entry.event) for entry in entries if isinstance(entry.event, Began | Moved)]
    assert list(violations(history)) == []
    began = history[0].event
    assert isinstance(began, Began)
    facts = reduce(Facts.after, history, Facts.before(began))
    assert letters_are_few(facts, life.opening.policy.letters) is None


async def the_ledger_says_the_same_as_the_pages(life: Life) -> None:
    added_up = add_up([entry.event for entry in await life.ledger()])
    row = await life.row()
    assert added_up is not None
    assert (added_up.standing.stage, added_up.standing.ending, added_up.step) == (row.stage, row.ending, row.step)
    query = select(ask_table).where(ask_table.c.introduction == life.opening.id).order_by(ask_table.c.number)
    asks = await life.world.database.read(lambda connection: connection.execute(query).all())
    assert [(each.number, each.state, each.due_at) for each in added_up.asks] == [
        (each.number, each.state, each.due_at) for each in asks
    ]
