"""A backup of the database is enough. Temporal's own is thrown away with introductions under way, and all go on once
an operator has said so."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.audit.verify import verify
from store.engine.database import database
from store.installation import namespace
from tests.killing.background_load import Desk, Readers
from tests.killing.test_kills import no_letter_is_doubled, nothing_is_lost, reading, running, settled, works_again
from tests.support.services.databases import Place
from tests.support.services.sink import Sink

AT_ONCE = 10


@pytest.mark.soak
@pytest.mark.timeout(1_200)
async def test_without_temporals_database_everything_goes_on_from_the_ledger(
    sink: Sink, place: Place, tmp_path: Path
) -> None:
    desk, readers = Desk(place), Readers(sink)
    await desk.open()
    async with reading(readers) as people:
        async with running(tmp_path, sink, desk):
            desk.ask(AT_ONCE)
            await works_again(desk, people, 1)
            desk.ask(AT_ONCE)
        for file in tmp_path.glob("temporal.db*"):
            file.unlink()
        before = desk.delivered()
        async with database(desk.url) as opened:
            now = datetime.now(UTC)
            await opened.write(lambda connection: namespace.say_go(connection, now))
        async with running(tmp_path, sink, desk):
            await settled(desk, people)
    assert before < len(desk.asked), "some were under way"
    nothing_is_lost(desk, readers)
    no_letter_is_doubled(desk, sink)
    async with database(desk.url) as opened:
        assert [fault async for each in verify(opened) for fault in each.faults] == []
