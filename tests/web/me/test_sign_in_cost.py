"""The cost of asking for a sign-in link: whoever is meant, the same is done before the answer leaves (A24).

Statements are counted, not milliseconds: those depend on the machine. docs/safety.md names what was measured.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, insert, select, update

from store.boundaries import suppressions
from store.engine.secrets import Keys
from store.tables import block, channel, person, rate
from tests import cast
from tests.cast import CARL, MONDAY, ROSA, STAN, TOMOKO
from tests.support.services.databases import Place
from tests.support.statements import statements_run
from tests.web.house import ADDRESS, Visited, visited

Made = Callable[[Connection], object]


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo"), place=place, embedded=False) as opened:
        yield opened


@pytest.fixture
def costs(house: Visited) -> Iterator["Costs"]:
    with statements_run(house.database) as statements:
        yield Costs(house, statements)


def opts_out(connection: Connection) -> None:
    connection.execute(update(person).where(person.c.id == CARL.id).values(opted_out_at=MONDAY))


def stops(connection: Connection) -> None:
    connection.execute(update(channel).where(channel.c.person == CARL.id).values(stopped_at=MONDAY))


def is_erased(connection: Connection) -> None:
    connection.execute(update(person).where(person.c.id == CARL.id).values(erased_at=MONDAY))


def is_suppressed(connection: Connection) -> None:
    tenant = connection.execute(select(person.c.tenant).where(person.c.id == CARL.id)).scalar_one()
    suppressions.add(connection, Keys.of(b"k" * 32), tenant, CARL.address, "opt_out", MONDAY)


def is_blocked(connection: Connection) -> None:
    tenant = connection.execute(select(person.c.tenant).where(person.c.id == CARL.id)).scalar_one()
    connection.execute(insert(block).values(tenant=tenant, blocker=TOMOKO.id, blocked=CARL.id, at=MONDAY))


def had_enough(connection: Connection) -> None:
    for _ in range(5):
        connection.execute(insert(rate).values(scope=f"sign_in:{CARL.id}", at=MONDAY))


WHO: dict[str, tuple[str, Made | None]] = {
    "known": (CARL.address, None),
    "under a tag": (CARL.address.replace("@", "+tag@"), None),
    "unknown": ("nobody@example.test", None),
    "opted out": (CARL.address, opts_out),
    "stopped": (CARL.address, stops),
    "erased": (CARL.address, is_erased),
    "suppressed": (CARL.address, is_suppressed),
    "blocked": (CARL.address, is_blocked),
    "had enough": (CARL.address, had_enough),
}


class Costs:
    """Statements, and how many of them had run when the answer left."""

    def __init__(self, house: Visited, statements: list[str]) -> None:
        self.house, self.statements, self.before = house, statements, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                self.before = len(self.statements)

        await self.house.app(scope, receive, sent)

    async def of(self, address: str) -> tuple[str, list[str], list[str]]:
        """What is answered; what was done before it left; what was done afterwards."""
        self.statements.clear()
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=self), base_url=ADDRESS) as stranger:
            got = await stranger.post("/me/sign-in", data={"address": address})
        return f"{got.status_code} {got.text}", self.statements[: self.before], self.statements[self.before :]


@pytest.mark.parametrize("who", WHO)
async def test_whoever_is_meant_the_same_is_done_before_the_answer_leaves(
    house: Visited, costs: Costs, who: str
) -> None:
    address, made = WHO[who]
    expected = await costs.of("someone.else@example.test")
    if made:
        await house.database.write(made)
    answer, before, afterwards = await costs.of(address)
    assert (answer, before) == expected[:2]
    assert any("INSERT INTO rate" in each for each in before), "the database was there"
    assert not any(table in each for each in before for table in ("person", "channel", "letter"))
    assert any("INSERT INTO rate" in each for each in afterwards), "whoever waits for it waits as long"


async def test_the_letter_is_planned_all_the_same(costs: Costs) -> None:
    for who in (ROSA, STAN):
        _, _, afterwards = await costs.of(who.address)
        assert sum("INSERT INTO letter" in each for each in afterwards) == 1


async def test_asks_leave_one_row_however_many_there_are(house: Visited, costs: Costs) -> None:
    for number in range(12):
        await costs.of(f"nobody{number}@example.test")
    assert await house.database.read(lambda c: len(c.execute(rate.select()).all())) == 1
    house.clock.passes(timedelta(hours=2))
    await costs.of("nobody@example.test")
    assert await house.database.read(lambda c: len(c.execute(rate.select()).all())) == 1
