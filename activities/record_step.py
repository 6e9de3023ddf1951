"""The record of a step as Temporal calls it: never broken off under way, so that asking again finds it.

One transaction of the store for each; nothing outside the database is called.
"""

import asyncio

from temporalio import activity

from models.record.step_record import Recorded, Recording
from store.engine.database import Database
from store.steps.step_recorder import record


class Recorder:
    """Records steps. Local while the database is quick; the same activity runs with long retries where it is not.

    Whoever loses patience does not break off what is under way: the step is recorded all the same, and whoever asks
    again finds it there. Broken off, it would cost its connection and be begun anew, the more often the busier it is.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._under_way: set[asyncio.Future[Recorded]] = set()

    @activity.defn(name="record")
    async def record(self, recording: Recording) -> Recorded:
        step = asyncio.ensure_future(self._database.write(lambda connection: record(connection, recording)))
        self._under_way.add(step)
        step.add_done_callback(self._done)
        return await asyncio.shield(step)

    def _done(self, step: asyncio.Future[Recorded]) -> None:
        self._under_way.discard(step)
        if not step.cancelled():
            step.exception()  # told to whoever still waits; nobody else has to hear of it
