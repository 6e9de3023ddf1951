"""What may operators do to a running introduction? Lives told on the real server, as those of `stories`."""

from collections.abc import Callable
from datetime import timedelta

from models.introduction import Introduction
from models.news import Extended, Held, News, Resumed
from tests.cast import CARL, OLIVE, ROSA, TOMOKO
from tests.saying import approves, opts_in
from tests.world import Life, World

MINUTE = timedelta(minutes=1)
LONG = timedelta(days=400)


async def held(world: World) -> Life:
    """Held while Carl is asked: he answers all the same, and once it is resumed nobody has lost any time."""
    life = await world.asked()
    await life.hear(Held(by=OLIVE.id))
    await life.time_passes(15 * MINUTE)
    await life.hear(approves(CARL), Resumed(by=OLIVE.id))
    await life.time_passes(9 * MINUTE)
    await life.hear(opts_in(ROSA), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


async def held_for_good(world: World) -> Life:
    """Nobody ever lifts the hold: Rosa hears on the promised day, and it is over."""
    life = await world.asked()
    await life.hear(approves(CARL), opts_in(TOMOKO), opts_in(ROSA), Held(by=OLIVE.id))
    await life.time_passes(LONG)
    return life


async def extended(world: World) -> Life:
    """Carl gets nine more minutes, and needs them."""
    life = await world.asked()
    await life.hear(_more_time(9 * MINUTE))
    await life.time_passes(18 * MINUTE)
    await life.hear(approves(CARL), opts_in(ROSA), opts_in(TOMOKO))
    await life.time_passes(LONG)
    return life


def _more_time(time: timedelta) -> Callable[[Introduction], News]:
    return lambda i: Extended(ask=i.asks[-1].number, by=OLIVE.id, until=i.asks[-1].due_at + time)
