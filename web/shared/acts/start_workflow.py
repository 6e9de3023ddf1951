"""The start of a workflow for a request that was kept.

Its workflow is started at once; where it cannot be, the sweep does.
"""

import asyncio

from models.process.state.opening import Opening
from store.requests.new_requests import mark_started
from web.shared.house import House

PATIENCE = 2.5  # seconds; whoever asked has been taken at their word already


async def begin(house: House, opening: Opening) -> None:
    """Start it, once. Nothing is lost where this fails: the store knows what has not been started."""
    try:
        async with asyncio.timeout(PATIENCE):
            started = await house.introductions.start(opening)
    except TimeoutError:
        return
    if started:
        now = house.clock()
        await house.database.write(lambda connection: mark_started(connection, opening.id, now))
