"""A step whose activity has lost patience. It is recorded all the same."""

import asyncio
from typing import Any

import pytest

from activities.record_step import Recorder
from models.record.step_record import Recorded


class Slow:
    """A database that takes its time."""

    def __init__(self) -> None:
        self.may_go_on, self.recorded = asyncio.Event(), asyncio.Event()

    async def write(self, work: Any) -> Recorded:
        await self.may_go_on.wait()
        self.recorded.set()
        return Recorded()


async def test_a_step_that_outlives_its_patience_is_recorded_all_the_same() -> None:
    database: Any = Slow()
    asking = asyncio.create_task(Recorder(database).record(None))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    database.may_go_on.set()
    async with asyncio.timeout(60):
        await database.recorded.wait()
