"""Several act in the same instant, and it is decided once, by whichever was heard first (F30 and F31)."""

import asyncio
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from models.ids import InboxKey
from models.news import Envelope, News, Stopped, Withdrew
from models.process.verdict import Taken
from models.record.ledger import Moved
from store.audit.verify import verify
from tests.cast import CARL, OLIVE, ROSA, STAN, TOMOKO, policy
from tests.support.news_phrases import approves, opts_in
from tests.support.play import Said
from tests.support.services.temporal_env import pass_time
from tests.support.world import Life, World, world

RULES = policy("demo", {"undo_for": "0 s", "connector.candidates": 1, "order": "together"})


async def test_two_operators_the_connector_and_the_deadline_have_one_winner(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with world(temporal_env, tmp_path, RULES) as here:
        life = await here.asked()
        state = await life.state()
        at_the_deadline = asyncio.create_task(
            pass_time(temporal_env, life.handle, state.asks[0].due_at - state.asked_at)
        )
        said = await at_once(life, Stopped(by=OLIVE.id), approves(CARL), Stopped(by=STAN.id))
        await at_the_deadline
        await life.settled()
        ends = [kind for kind in await heard(life) if kind in ("stopped", "silent")]
        assert ends, "somebody or something ended it; a stop after that is taken and changes nothing"
        assert ends.count("silent") <= 1
        assert [type(said[0]), type(said[2])].count(Taken) == ends.count("stopped")
        assert (isinstance(said[1], Taken)) == ("connector_approved" in await heard(life))
        await holds(here)


async def test_two_yeses_at_once_are_one_introduction(temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    async with world(temporal_env, tmp_path, RULES) as here:
        life = await here.asked()
        await life.hear(approves(CARL))
        said = await at_once(life, opts_in(ROSA), opts_in(TOMOKO))
        await life.settled()
        assert list(map(type, said)) == [Taken, Taken]
        assert (await heard(life)).count("introduced") == 1
        assert sorted(kind for kind, _ in await life.letters() if kind.startswith("introduction_")) == [
            "introduction_to_requester",
            "introduction_to_target",
        ]
        await holds(here)


@pytest.mark.parametrize("turned", [False, True])
async def test_a_yes_and_a_withdrawal_at_once_disclose_to_both_or_to_nobody(
    temporal_env: WorkflowEnvironment, tmp_path: Path, turned: bool
) -> None:
    async with world(temporal_env, tmp_path, RULES) as here:
        life = await here.asked()
        await life.hear(approves(CARL), opts_in(ROSA))
        both: list[Said] = [opts_in(TOMOKO), Withdrew(by=ROSA.id)]
        said = await at_once(life, *(reversed(both) if turned else both))
        withdrawn = isinstance(said[0 if turned else 1], Taken)
        if not withdrawn:
            await life.settled()
        assert ("introduced" in await heard(life)) is not withdrawn
        assert len([kind for kind, _ in await life.letters() if kind.startswith("introduction_")]) in (0, 2)
        await holds(here)


async def at_once(life: Life, *said: Said) -> list[object]:
    """All of it handed over side by side, each under a key of its own."""
    state = await life.state()
    news: list[News] = [each(state) if callable(each) else each for each in said]
    keys = [InboxKey(f"inb_{life.opening.id}_{number}") for number in range(len(news))]
    deliver = life.world.introductions.deliver
    envelopes = [Envelope(key=key, news=each) for key, each in zip(keys, news, strict=True)]
    return list(await asyncio.gather(*(deliver(life.opening.id, each) for each in envelopes)))


async def heard(life: Life) -> list[str]:
    return [entry.event.news.kind for entry in await life.ledger() if isinstance(entry.event, Moved)]


async def holds(here: World) -> None:
    """Every rule of the process, over the whole ledger."""
    found = {fault.rule async for each in verify(here.database) for fault in each.faults}
    assert found <= {"S36 letters"}, "letters arrive here without a mailroom; all else is whole"
