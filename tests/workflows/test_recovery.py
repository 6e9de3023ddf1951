"""Recovery of a step that was recorded and that Temporal lost: in a crash, or with its disk.

Then the ledger is ahead of the workflow. It is told again what it forgot, in order, and decides nothing before.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import Connection, func, select, update
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.testing import WorkflowEnvironment

from mailroom.loops.hand_over import hand_over_news
from mailroom.room import Room
from models.asks import AskKind
from models.news import News, TimeIsUp, Withdrew
from models.outcomes import Met
from models.process.state.introduction import Introduction
from models.process.story import decide
from models.process.timetable import next_wake
from models.process.verdict import Reason, Refused, Step, Taken
from models.record.ledger import Moved
from models.record.step_record import Recording
from store.asks import late_reports
from store.audit.verify import verify
from store.journal import inbox
from store.journal.inbox import Inboxed
from store.steps import unclaimed
from store.steps.step_recorder import record
from store.tables import inbox as inbox_table
from store.tables.letters import UNHEARD
from tests.cast import CARL, ROSA, TOMOKO, policy
from tests.support.news_phrases import approves, opts_in, reports
from tests.support.play import Said
from tests.support.services.temporal_env import pass_time
from tests.support.world import Life, World, world
from workflows.client import Gone, NotRunning

CONFIRMED = {"heard_step": None, "heard_at": None}  # Temporal had said that it holds them
RULES = policy("demo", {"undo_for": "0 s", "connector.candidates": 1, "order": "together"})


async def test_who_answers_what_the_workflow_forgot_is_heard_once_it_has_been_told(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with world(temporal_env, tmp_path, RULES) as here:
        life = await here.asked()
        asked_both = await lost(life, approves(CARL)(await life.state()))
        assert await said(life, opts_in(TOMOKO)(asked_both)) == Refused(reason=Reason.BUSY)
        await swept(here)
        assert await heard(life) == ["connector_approved", "opted_in"]
        assert await unconfirmed(here) == 0
        await is_whole(here, life)


async def test_time_that_is_up_before_it_has_been_told_takes_no_step_of_the_ledger(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with world(temporal_env, tmp_path, RULES) as here:
        life = await here.asked()
        await lost(life, approves(CARL)(await life.state()))
        await pass_time(temporal_env, life.handle, timedelta(minutes=1, seconds=5))
        async with asyncio.timeout(60):
            while (await life.state()).step < (await life.row()).step:
                await asyncio.sleep(0.05)
        await is_whole(here, life)
        assert (await heard(life))[0] == "connector_approved"
        assert (await life.state()).stage.kind == "with_parties", "they have time of their own"
        await swept(here)
        assert await unconfirmed(here) == 0, "told again what it knows, it says so"
        await is_whole(here, life)


async def test_several_steps_lost_together_are_told_one_after_the_other_each_as_of_its_instant(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with world(temporal_env, tmp_path, RULES) as here:
        life = await here.asked()
        stood = await lost(life, approves(CARL)(await life.state()))
        stood = await lost(life, opts_in(TOMOKO)(stood), stood)
        await here.database.write(lambda connection: connection.execute(update(inbox_table).values(CONFIRMED)))
        assert await said(life, opts_in(ROSA)(stood)) == Refused(reason=Reason.BUSY)
        await swept_until(here, life, lambda state: state.step >= stood.step)
        assert times_of(await life.state()) == times_of(stood), "due when it was said to be"
        await swept_until(here, life, lambda state: state.stage.kind != "with_parties")
        assert await heard(life) == ["connector_approved", "opted_in", "opted_in"]
        await is_whole(here, life)


async def test_an_introduction_of_which_temporal_holds_nothing_is_begun_anew_from_the_ledger(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with world(temporal_env, tmp_path, RULES) as here:
        life = await here.asked()
        await life.hear(approves(CARL))
        await life.time_passes(timedelta(minutes=1, seconds=5))  # both are reminded
        stood, ledger, letters = await life.state(), await life.ledger(), await life.letters()
        await wiped(life)
        assert isinstance(await said(life, opts_in(TOMOKO)(stood)), NotRunning)
        await swept_until(here, life, lambda state: state.step >= stood.step)
        assert times_of(await life.state()) == times_of(stood)
        assert (await life.ledger())[: len(ledger)] == ledger
        assert await life.letters() == letters, "nothing twice"
        await swept_until(here, life, lambda state: state.step > stood.step)
        await life.hear(opts_in(ROSA))
        await life.time_passes(timedelta(seconds=6))
        assert (await life.row()).delivered_at
        await is_whole(here, life)


async def test_what_was_told_after_an_end_that_temporal_lost_is_not_told_to_it(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with world(temporal_env, tmp_path, RULES) as here:
        life = await here.asked()
        await life.hear(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
        while not any(ask.kind == AskKind.MEET for ask in (await life.state()).asks):
            await life.next_comes_due()
        ended_at = await lost_to_the_end(life)
        report = reports(ROSA, Met(useful=True))(await life.state())
        late = await here.database.write(lambda connection: put(connection, life, report, ended_at))
        heard_late = await here.database.write(lambda connection: late_reports.hear(connection, late, ended_at))
        assert isinstance(heard_late, Taken)
        ledger = await life.ledger()
        await pass_time(temporal_env, life.handle, timedelta(days=1))
        async with asyncio.timeout(60):
            assert await life.handle.result() == "delivered_without_report"
        assert await life.ledger() == ledger


@pytest.mark.parametrize("last", [approves(CARL), Withdrew(by=ROSA.id)], ids=["running", "over"])
async def test_what_temporal_holds_is_confirmed_and_not_told_again(
    temporal_env: WorkflowEnvironment, tmp_path: Path, last: Said
) -> None:
    async with world(temporal_env, tmp_path, RULES) as here:
        life = await here.asked()
        await life.hear(last)
        assert await unconfirmed(here) == 1  # whoever handed it over has not written yet that it arrived
        told = await heard(life)
        await swept(here)
        assert await unconfirmed(here) == 0
        assert await heard(life) == told
        await is_whole(here, life)


async def lost(life: Life, news: News, before: Introduction | None = None) -> Introduction:
    """Kept and recorded by a worker that was killed, with its server, before anything was written down there."""
    now = datetime.now(UTC)
    step = decide(before or await life.state(), news, now)
    assert isinstance(step, Step)

    def keep(connection: Connection) -> None:
        record(connection, Recording.of(step, put(connection, life, news, now).key, now))

    await life.world.database.write(keep)
    assert (await life.row()).step == step.after.step > (await life.state()).step
    return step.after


async def lost_to_the_end(life: Life) -> datetime:
    """Whatever came due until the end, recorded, and lost by Temporal; when it ended."""
    stood, at = await life.state(), datetime.now(UTC)
    while wake := next_wake(stood):
        at = wake.at
        step = decide(stood, TimeIsUp(), at)
        assert isinstance(step, Step)
        this = Recording.of(step, None, at)
        await life.world.database.write(lambda connection, this=this: record(connection, this))  # type: ignore[misc]
        stood = step.after
    assert stood.closed
    return at


async def wiped(life: Life) -> None:
    """Temporal holds nothing of it any more."""
    request = DeleteWorkflowExecutionRequest(
        namespace=life.world.client.namespace, workflow_execution=WorkflowExecution(workflow_id=life.opening.id)
    )
    await life.world.client.workflow_service.delete_workflow_execution(request)
    async with asyncio.timeout(90):
        while await life.world.introductions.forget(life.opening.id) != Gone():
            await asyncio.sleep(0.1)


async def swept_until(here: World, life: Life, so: Callable[[Introduction], bool]) -> None:
    """The sweep comes round until the workflow stands there, and its ledger with it."""
    rounds = 0
    async with asyncio.timeout(90):
        while await here.introductions.steps(life.opening.id) is None or not so(await life.state()):
            rounds += 1
            await swept(here, timedelta(hours=rounds))
            await asyncio.sleep(0.05)
    await life.settled()


def times_of(introduction: Introduction) -> list[tuple[int, datetime, datetime]]:
    return [(ask.number, ask.opened_at, ask.due_at) for ask in introduction.asks]


async def said(life: Life, news: News) -> object:
    """As a page does it: kept, then handed over with how much of the story the ledger holds."""

    def keep(connection: Connection) -> Inboxed:
        kept = put(connection, life, news, datetime.now(UTC))
        return kept.behind(unclaimed.steps_known(connection, [life.opening.id])[life.opening.id])

    kept = await life.world.database.write(keep)
    return await life.world.introductions.deliver(life.opening.id, kept.envelope)


def put(connection: Connection, life: Life, news: News, now: datetime) -> Inboxed:
    nonce = f"page-{news.kind}-{getattr(news, 'ask', 0)}"
    return inbox.put(connection, introduction_id=life.opening.id, news=news, via="link", nonce=nonce, now=now)


async def swept(here: World, after: timedelta = timedelta(minutes=30)) -> None:
    later = datetime.now(UTC) + after
    room = SimpleNamespace(database=here.database, clock=lambda: later)
    await hand_over_news(cast(Room, room), here.introductions)


async def unconfirmed(here: World) -> int:
    query = select(func.count()).select_from(inbox_table).where(UNHEARD)
    return await here.database.read(lambda connection: connection.execute(query).scalar_one())


async def heard(life: Life) -> list[str]:
    """What the ledger heard from people, and of their silence."""
    moved = [entry.event.news.kind for entry in await life.ledger() if isinstance(entry.event, Moved)]
    return [kind for kind in moved if kind in ("connector_approved", "opted_in", "silent", "withdrew")]


async def is_whole(here: World, life: Life) -> None:
    """The workflow stands where the ledger says, and the ledger holds."""
    await life.settled()
    row, state = await life.row(), await life.state()
    assert (row.step, row.stage) == (state.step, state.stage.kind)
    found = {fault.rule async for each in verify(here.database) for fault in each.faults}
    assert found <= {"S36 letters"}, "letters arrive here without a mailroom; all else is whole"
