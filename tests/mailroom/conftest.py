"""Fixtures of the mailroom's tests. A desk under the demo policy, a mail server, and a relay to it."""

from collections.abc import AsyncIterator

import pytest

from mailroom.transport.smtp import RelayAddress, SmtpRelay, TimeLimits
from tests.cast import policy
from tests.mailroom.desk import STATIONERY, Desk, desk
from tests.support.services.databases import Place
from tests.support.services.sink import Sink

IMPATIENT = TimeLimits(connecting=2, command=2, after_the_dot=0.5, in_all=4)


@pytest.fixture
async def at_desk(place: Place) -> AsyncIterator[Desk]:
    async with desk(place.url, policy("demo")) as opened:
        yield opened


@pytest.fixture
async def relay(sink: Sink) -> AsyncIterator[SmtpRelay]:
    opened = SmtpRelay(RelayAddress(host="127.0.0.1", port=sink.port), STATIONERY.sender, IMPATIENT)
    yield opened
    await opened.close()
