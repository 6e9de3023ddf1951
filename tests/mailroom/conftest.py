"""What do the tests of the mailroom share? A desk under the demo policy, a mail server, and a relay to it."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailroom.smtp import Door, Patience, SmtpRelay
from store.migrating import migrate
from tests.cast import policy
from tests.mailroom.desk import STATIONERY, Desk, desk
from tests.sink import Sink

IMPATIENT = Patience(connecting=2, command=2, after_the_dot=0.5, in_all=4)


@pytest.fixture(scope="session")
async def up_to_date(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once for all tests; each takes a copy."""
    file = tmp_path_factory.mktemp("mailroom") / "empty.db"
    await migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
async def at_desk(up_to_date: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    copy = shutil.copyfile(up_to_date, tmp_path / "desk.db")
    async with desk(f"sqlite:///{copy}", policy("demo")) as opened:
        yield opened


@pytest.fixture
async def relay(sink: Sink) -> AsyncIterator[SmtpRelay]:
    opened = SmtpRelay(Door(host="127.0.0.1", port=sink.port), STATIONERY.sender, IMPATIENT)
    yield opened
    await opened.close()
