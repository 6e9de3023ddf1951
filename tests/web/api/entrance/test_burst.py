"""A thousand requests in one go: some served, the others told to wait, and nobody else held up (F38)."""

import asyncio
import secrets
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests import cast
from tests.cast import CARL, Person
from tests.support import rows
from tests.web.api.api_client import asking, caller, once
from tests.web.house import Visited, visited

MANY, A_MINUTE = 1_000, 60
ROOM = {"requester.open_asks": 100, "requester.new_asks": 100}


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_a_thousand_requests_at_once_keep_to_the_limits_and_hold_nobody_up(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo", ROOM)) as house:
        targets = await house.database.write(lambda connection: people_carl_knows(connection, house))
        eager, other = await caller(house), await caller(house)
        posts = [
            eager.post("/introductions", json=asking(target=each.id, note=a_note()), headers=once()) for each in targets
        ]
        waiting = asyncio.gather(*posts)
        assert (await other.get("/introductions")).status_code == 200, "another key is served meanwhile"
        answers = await waiting
        counted = Counter(each.status_code for each in answers)
        assert set(counted) == {201, 429}
        assert counted[201] == A_MINUTE
        assert {each.headers.get("retry-after") for each in answers if each.status_code == 429} == {"60"}


def a_note() -> str:
    """No two are alike."""
    return " ".join(secrets.token_hex(4) for _ in range(20))


def people_carl_knows(connection: Connection, house: Visited) -> list[Person]:
    return [rows.somebody_new(connection, CARL, house.clock()) for _ in range(MANY)]
