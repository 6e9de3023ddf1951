"""What does a step have done? It is recorded, in one transaction; nothing outside the database is called."""

from temporalio import activity

from models.recording import Recorded, Recording
from store.database import Database
from store.recording import record


class Recorder:
    """Records steps. Local while the database is quick; the same activity runs with long retries where it is not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="record")
    async def record(self, recording: Recording) -> Recorded:
        return await self._database.write(lambda connection: record(connection, recording))
