"""The house of the page tests: the whole application over a real SQLite file, with a clock they can move."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
from fastapi import FastAPI

import settings
from models.ids import PersonId
from models.policy.policy import Policy
from server import build
from store.access import sessions
from store.engine.database import Database, database
from store.engine.secrets import Keys
from tests import cast
from tests.support import rows
from tests.support.services.databases import Place, migrated_copy
from tests.web.engine import Engine

ADDRESS = "http://127.0.0.1:8700"
NONCE = re.compile(r'name="nonce" value="([^"]+)"')


@dataclass
class Clock:
    now: datetime = cast.MONDAY

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        self.now += time


@dataclass
class Visited:
    """The application, and everything behind it."""

    app: FastAPI
    database: Database
    engine: Engine
    clock: Clock
    keys: Keys
    visitors: list[httpx2.AsyncClient] = field(default_factory=list)

    def stranger(self, language: str = "en") -> httpx2.AsyncClient:
        """Somebody's browser, with no cookies yet."""
        transport = httpx2.ASGITransport(app=self.app)
        client = httpx2.AsyncClient(transport=transport, base_url=ADDRESS, headers={"accept-language": language})
        self.visitors.append(client)
        return client

    async def signed_in(self, who: cast.Person | PersonId) -> httpx2.AsyncClient:
        person = who if isinstance(who, str) else who.id
        raw = await self.database.write(lambda connection: sessions.begin(connection, person, self.clock()))
        client = self.stranger()
        client.cookies.set("introbroker", raw)
        return client


@asynccontextmanager
async def visited(
    folder: Path, rules: Policy, *, embedded: bool = True, place: Place | None = None
) -> AsyncIterator[Visited]:
    """A house with the cast in it, on SQLite or in this place."""
    url, clock = place.url if place else f"sqlite:///{await migrated_copy(folder)}", Clock()
    told = {"INTROBROKER_DATA": str(folder)}
    relay = {"INTROBROKER_SMTP_URL": "smtp://127.0.0.1:2525", "INTROBROKER_REPLY_TO": "office@example.test"}
    async with database(url, durable=False) as opened:
        await opened.write(lambda connection: rows.settle_in(connection, rules, clock()))
        engine, keys = Engine(opened, clock), Keys.of(b"k" * 32)
        app = build(settings.load(told if embedded else told | relay), opened, engine, keys, clock)
        house = Visited(app, opened, engine, clock, keys)
        yield house
        for visitor in house.visitors:
            await visitor.aclose()


def nonce_on(page: str) -> str:
    found = NONCE.search(page)
    assert found, "this page has no nonce"
    return found[1]
