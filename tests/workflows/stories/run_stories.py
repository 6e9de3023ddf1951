"""A story that outlives a run of its workflow, and is gone on with by the next. Told on the real server."""

import asyncio
from datetime import timedelta

from models.outcomes import Met
from tests.cast import CARL, ROSA, TOMOKO
from tests.support.news_phrases import approves, opts_in, reports, thanks
from tests.support.world import Life, World
from workflows import runs

MINUTE = timedelta(minutes=1)


async def renewed(world: World) -> Life:
    """Carl's yes makes the first run full; the second hears all the rest, and is as long as it takes."""
    life = await world.asked()
    await _in_a_new_run(life)
    await life.hear(opts_in(ROSA), opts_in(TOMOKO))
    await life.time_passes(MINUTE / 10)
    await life.time_passes(MINUTE)
    await life.hear(reports(ROSA, Met(useful=True)))
    await life.time_passes(MINUTE / 2)
    await life.hear(thanks(ROSA), reports(TOMOKO, Met(useful=True)))
    return life


async def _in_a_new_run(life: Life) -> None:
    turns, runs.TURNS = runs.TURNS, 1
    try:
        first = (await life.handle.describe()).run_id
        await life.hear(approves(CARL))
        async with asyncio.timeout(30):
            while (await life.handle.describe()).run_id == first:
                await asyncio.sleep(0.01)
    finally:
        runs.TURNS = turns
    await life.settled()
