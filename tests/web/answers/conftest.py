"""Fixtures of the answer pages' tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.services.databases import Place
from tests.web.answers.house import Visits, visits


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visits]:
    async with visits(tmp_path, place=place) as opened:
        yield opened
