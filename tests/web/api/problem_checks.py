"""Refusals of the API. One shape, with nothing written down by it."""

from typing import Any

import httpx2
from sqlalchemy import Connection, func, select

from store.tables import idempotency, inbox, introduction, words
from tests.web.house import Visited


async def is_a_problem(house: Visited, answer: httpx2.Response, *statuses: int) -> dict[str, Any]:
    """In the one form, and without a trace in the store."""
    assert answer.status_code in statuses, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert await house.database.read(_rows) == [0, 0, 0, 0]
    return body


def _rows(connection: Connection) -> list[int]:
    tables = (introduction, idempotency, inbox, words)
    return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]


def fields(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["field"], error["name"]) for error in body.get("errors", [])]
