"""The law of clocks changes while an introduction waits. Told on the real server, without a cache."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select, update
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

import policies
from calendars.clocks import clock_of, law
from models.letters import DELIVERY, LetterKind
from models.process.introduction import Closed
from models.time.clocks import Clock, Clocks
from models.time.open_hours import Days
from store.journal import inbox
from store.steps import clock_law
from store.tables import introduction, letter
from tests.cast import CARL, CLEO, OLIVE, ROSA, TOMOKO
from tests.support import rows
from tests.support.news_phrases import approves, opts_in
from tests.support.world import Life, World, new_opening, world
from workflows.plugin import plugin

ZONES = {each.zone for each in (CARL, CLEO, OLIVE, ROSA, TOMOKO)}
OLD_LAW = "2020a"
RULES = policies.shipped("community")


async def test_people_are_asked_at_their_new_hour_and_before_the_promise(
    temporal_env: WorkflowEnvironment, tmp_path: Path
) -> None:
    async with world(temporal_env, tmp_path, RULES, max_cached_workflows=0) as here:
        here.relay_works = False
        life = await _asked_under_another_law(here)
        before = (await life.state()).asks[-1]
        await _the_law_changes(life)
        after = (await life.state()).asks[-1]
        assert after.remind_at and before.remind_at
        told = dict(life.opening.clocks)[CARL.zone]
        assert clock_of(CARL.zone, after.remind_at).wall(after.remind_at) == told.wall(before.remind_at)
        here.relay_works = True
        await life.next_comes_due()
        await life.hear(approves(CARL))
        await life.next_comes_due()
        await life.hear(opts_in(TOMOKO))
        while not isinstance((await life.state()).stage, Closed):
            await life.next_comes_due()
        for each in await _letters(life):
            assert _is_open(each), f"{each.kind} to {each.person} at {each.not_before}"
        await Replayer(workflows=[], plugins=[plugin()]).replay_workflow(await life.handle.fetch_history())


async def test_what_nobody_answers_ends_on_the_promised_day(temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    async with world(temporal_env, tmp_path, RULES, max_cached_workflows=0) as here:
        life = await _asked_under_another_law(here)
        await _the_law_changes(life)
        while not isinstance((await life.state()).stage, Closed):
            await life.next_comes_due()
        ended = (await life.ledger())[-1]
        assert timedelta() <= ended.at - life.opening.promised_at < timedelta(minutes=1)


async def _asked_under_another_law(here: World) -> Life:
    """All it was told of clocks is an hour ahead of what they show."""
    opening = new_opening(here.rules)
    clocks: Clocks = tuple((zone, _an_hour_ahead(zone)) for zone in sorted(ZONES))
    life = Life(here, opening.model_copy(update={"clocks": clocks}))
    await here.database.write(lambda connection: rows.ask_at_the_door(connection, life.opening))
    await here.database.write(lambda connection: connection.execute(update(introduction).values(clock_law=OLD_LAW)))
    assert await here.introductions.start(life.opening)
    await life.settled()
    return life


def _an_hour_ahead(zone: str) -> Clock:
    shown = clock_of(zone, datetime.now(UTC))
    return Clock(offset=shown.offset + 60, changes=tuple((at, offset + 60) for at, offset in shown.changes))


async def _the_law_changes(life: Life) -> None:
    """As the sweep of a mailroom with a newer `tzdata` tells it, once."""
    database, which = life.world.database, life.opening.id
    assert await database.read(clock_law.behind) == [which]
    assert await database.write(lambda connection: clock_law.tell(connection, which, datetime.now(UTC)))
    assert not await database.write(lambda connection: clock_law.tell(connection, which, datetime.now(UTC)))
    (kept,) = await database.read(lambda connection: inbox.waiting(connection, datetime.now(UTC) + timedelta(days=1)))
    await life.world.introductions.deliver(which, kept.envelope, timedelta(seconds=10))
    await life.settled()
    assert (await life.row()).clock_law == law()
    assert not await database.read(clock_law.behind)


async def _letters(life: Life) -> list[Row[Any]]:
    query = select(letter.c.kind, letter.c.person, letter.c.not_before).where(letter.c.introduction == life.opening.id)
    return list(await life.world.database.read(lambda connection: connection.execute(query).all()))


def _is_open(planned: Row[Any]) -> bool:
    zone = next(each.zone for each in (CARL, CLEO, ROSA, TOMOKO) if each.id == planned.person)
    calendar = RULES.calendar(clock_of(zone, planned.not_before), Days())
    return LetterKind(planned.kind) in DELIVERY or calendar.is_open(planned.not_before)
