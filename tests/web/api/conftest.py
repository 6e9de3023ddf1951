"""The house of most API tests: one with room for many requests, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests import cast
from tests.support.services.databases import Place
from tests.web.api.api_client import caller
from tests.web.house import Visited, visited


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    rules = cast.policy("accelerator", {"screening": None, "requester.new_asks": 90, "requester.open_asks": 90})
    async with visited(tmp_path, rules, place=place) as opened:
        yield opened


@pytest.fixture
async def api(house: Visited) -> httpx2.AsyncClient:
    return await caller(house)
