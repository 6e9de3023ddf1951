"""Calls to the API. With keys of their own, over the whole application, and a request like any other."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import func, insert, select

from models.ids import ChannelId, ProgrammeId
from models.news import RequestConfirmed
from store.access.api_keys import Scope, make_key
from store.tables import introduction, policy, programme
from tests import cast
from tests.cast import PROGRAMME, ROSA, TOMOKO
from tests.support import rows
from tests.web.house import ADDRESS, Visited

BASE = f"{ADDRESS}/api/v1"
BOTH = (Scope.READ, Scope.WRITE)


async def a_key(
    house: Visited, scopes: Iterable[Scope] = BOTH, programme: ProgrammeId = PROGRAMME, days: int | None = None
) -> str:
    now = house.clock()
    until = now + timedelta(days=days) if days else None
    return await house.database.write(
        lambda connection: make_key(connection, house.keys, programme, "a program", scopes, now, until)
    )


async def caller(
    house: Visited, scopes: Iterable[Scope] = BOTH, programme: ProgrammeId = PROGRAMME
) -> httpx2.AsyncClient:
    return calling(house, await a_key(house, scopes, programme))


def calling(house: Visited, raw: str) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=house.app, raise_app_exceptions=False)
    client = httpx2.AsyncClient(transport=transport, base_url=BASE, headers={"authorization": f"Bearer {raw}"})
    house.visitors.append(client)
    return client


def once(key: str | None = None) -> dict[str, str]:
    return {"idempotency-key": key or secrets.token_hex(8)}


def asking(**changed: Any) -> dict[str, Any]:
    body = {
        "requester": ROSA.id,
        "target": TOMOKO.id,
        "wanted": "twenty_minutes",
        "why": "Nobody else has kept a seal dry for ten years.",
        "read": "Your paper of 2024.",
        "offer": "Our test data from forty villages.",
        "note": rows.NOTE,
    }
    return body | changed


async def made(api: httpx2.AsyncClient, **changed: Any) -> dict[str, Any]:
    answer = await api.post("/introductions", json=asking(**changed), headers=once())
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def many(house: Visited) -> int:
    count = select(func.count()).select_from(introduction)
    return await house.database.read(lambda connection: connection.execute(count).scalar_one())


async def other_programme(house: Visited) -> httpx2.AsyncClient:
    other = ProgrammeId("prg_other")
    row = {"id": other, "tenant": "ten_other", "name": "Other", "language": "en", "zone": "UTC"}
    rules = cast.policy("demo")

    def found(connection: Any) -> None:
        connection.execute(insert(programme).values(row | {"created_at": house.clock()}))
        body = rules.model_dump(mode="json")
        connection.execute(insert(policy).values(programme=other, version=1, body=body, at=house.clock()))

    await house.database.write(found)
    return await caller(house, programme=other)


def confirmed(state: Any) -> RequestConfirmed:
    return RequestConfirmed(ask=state.asks[0].number, by=ROSA.id, channels=(ChannelId("cha_rosa_mail"),), wording="1")
