"""Visits to the answer pages. The real store and the real core, and a shell without Temporal."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Connection, func, literal_column, select

import web
from mailroom.compose.request_letter import request_letter
from mailroom.compose.sample import sample_letter
from models.asks import AskKind
from models.ids import IntroductionId, PersonId
from models.news import Envelope, News
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from store.access import link_tokens
from store.asks import asks
from store.asks.views import View
from store.engine.database import Database, database
from store.engine.migrate import migrate
from store.engine.secrets import Keys
from store.journal.inbox import NEWS, put
from store.tables import inbox, words
from tests.cast import CARL, MONDAY, ROSA, TOMOKO, Person, opening
from tests.support import rows
from tests.support.services.databases import Place
from tests.web.engine import Engine
from web.answers.pages import bound_to
from web.answers.urls import router
from web.shared import error_pages
from web.shared.house import House, Reception
from web.shared.http.enter_key import router as enter_key
from web.shared.http.security import Shield, new_nonce
from web.shared.rendering import environment
from workflows.client import WorkflowHealth

OURS = "http://127.0.0.1:8000"


class Shell:
    """The engine of all houses, on a clock that tests move; each letter arrives as soon as its step is recorded."""

    def __init__(self, database: Database, now: datetime = MONDAY) -> None:
        self.database, self.now = database, now
        self.engine = Engine(database, self.clock)

    def clock(self) -> datetime:
        return self.now

    async def start(self, opening: Opening) -> bool:
        started = await self.engine.start(opening)
        await self.engine.letters_arrive()
        return started

    async def deliver(self, introduction: IntroductionId, envelope: Envelope) -> Reception:
        heard = await self.engine.deliver(introduction, envelope)
        await self.engine.letters_arrive()
        return heard

    async def time_passes(self, time: timedelta) -> None:
        """Whatever is due until then happens, each at its instant."""
        end = self.now + time
        (introduction,) = self.engine.states
        while (at := await self.engine.next_instant(introduction)) and at <= end:
            self.now = max(self.now, at)
            await self.sweep()
            await self.engine.time_passes(introduction)
        self.now = end

    async def sweep(self) -> None:
        await self.engine.sweep()

    async def standing(self, introduction: IntroductionId) -> WorkflowHealth:
        return await self.engine.standing(introduction)

    async def steps(self, introduction: IntroductionId) -> int | None:
        return await self.engine.steps(introduction)

    async def hear(self, *said: News) -> None:
        """News that comes by another door."""
        (introduction,) = self.engine.states
        await self.engine.hear(introduction, *said)


@dataclass
class Visits:
    """A house with one introduction in it, and people who open their links."""

    app: FastAPI
    shell: Shell
    client: httpx2.AsyncClient
    opening: Opening

    @property
    def introduction(self) -> Introduction:
        return self.shell.engine.states[self.opening.id]

    async def link(self, person: Person, kind: AskKind, *, life: timedelta = timedelta(days=30)) -> str:
        """The path of the link in the letter that asks this person this."""
        asks = [ask for ask in self.introduction.asks if ask.person == person.id and ask.kind == kind]
        assert asks, f"{person.name} has not been asked"
        raw = await self.mint("ask", person.id, asks[-1].number, life)
        return f"/a/{raw}"

    async def mint(self, purpose: link_tokens.Purpose, person: PersonId, ask: Any, life: timedelta) -> str:
        now = self.shell.now
        return await self.shell.database.write(
            lambda connection: link_tokens.mint(
                connection,
                purpose,
                person,
                now=now,
                expires_at=now + life,
                introduction=self.opening.id,
                ask=ask,
                version=self.introduction.version,
            )
        )

    async def page(self, path: str) -> str:
        answer = await self.client.get(path)
        return words_of(answer.text)

    async def post(self, path: str, *, page: str | None = None, **fields: Any) -> httpx2.Response:
        """Open the page, fill the form in, send it; follow to where it leads."""
        nonce = nonce_of(page or (await self.client.get(path)).text)
        return await self.client.post(path, data={"nonce": nonce, **fields}, follow_redirects=True)

    async def put(self, news: News) -> None:
        """It is in the inbox, and nobody has heard it yet."""
        about: dict[str, Any] = {"introduction_id": self.opening.id, "news": news, "via": "link", "now": self.shell.now}
        await self.shell.database.write(lambda connection: put(connection, nonce=news.kind, **about))

    async def kept(self) -> int:
        """How much news the inbox has ever kept."""
        return await self.shell.database.read(
            lambda connection: connection.execute(select(func.count()).select_from(inbox)).scalar_one()
        )

    async def news(self) -> list[Any]:
        """What the inbox keeps, as it was written down."""

        def look(connection: Connection) -> list[Any]:
            place = "rowid" if connection.dialect.name == "sqlite" else "ctid"
            found = connection.execute(select(inbox.c.news).order_by(literal_column(place)))
            return [NEWS.validate_python(each) for each in found.scalars()]

        return await self.shell.database.read(look)

    async def body(self, words_id: str) -> str:
        return str(await self.value(select(words.c.body).where(words.c.id == words_id)))

    async def value(self, query: Any) -> Any:
        return await self.shell.database.read(lambda connection: connection.execute(query).scalar())

    async def row(self, query: Any) -> Any:
        return await self.shell.database.read(lambda connection: connection.execute(query).one())

    async def run(self, statement: Any) -> None:
        await self.shell.database.write(lambda connection: connection.execute(statement))

    async def view(self, path: str) -> View:
        now = self.shell.now
        raw = path.rpartition("/")[2]
        found = await self.shell.database.read(lambda connection: asks.by_link(connection, raw, now))
        assert found
        return found

    async def nonce(self, path: str) -> str:
        """As a page of ours would hold it, even where that page shows no form any more."""
        return new_nonce(self.app.state.house.keys, bound_to(await self.view(path)))

    # The way there

    async def approved(self, **fields: str) -> httpx2.Response:
        """Carl has said yes, and it can no longer be undone."""
        path = await self.link(CARL, AskKind.APPROVE)
        answer = await self.post(path, choice="introduce", **fields)
        await self.shell.time_passes(self.opening.policy.undo_for.nominal)
        return answer

    async def heard(self) -> None:
        """What could be taken back can be so no longer, and has been heard."""
        await self.shell.time_passes(self.opening.policy.undo_for.nominal)
        await self.shell.sweep()

    async def introduced(self) -> None:
        """Both have said yes, and the letters of introduction have left."""
        await self.approved(sentence="You two should meet.")
        await self.post(await self.link(TOMOKO, AskKind.OPT_IN), choice="yes", channels="cha_tomoko_mail")
        await self.post(await self.link(ROSA, AskKind.OPT_IN), choice="yes", channels="cha_rosa_mail")
        await self.shell.time_passes(timedelta(seconds=6))


@asynccontextmanager
async def visits(folder: Path, begun: Opening | None = None, place: Place | None = None) -> AsyncIterator[Visits]:
    """A fresh database; Rosa has asked for Tomoko, and Carl has been asked."""
    begun = begun or opening("demo")
    url = place.url if place else await _migrated(folder / "answers.db")
    async with database(url, durable=False) as opened:
        shell = Shell(opened, begun.asked_at)
        await opened.write(lambda connection: rows.settle_in(connection, begun.policy, begun.asked_at))
        await opened.write(lambda connection: rows.ask_at_the_door(connection, begun))
        await shell.start(begun)
        app = app_of(shell)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=OURS) as client:
            yield Visits(app, shell, client, begun)


async def _migrated(file: Path) -> str:
    """Migrating takes a second: it is done once, and copied."""
    if not _empty:
        await migrate(f"sqlite:///{file}")
        _empty.append(file.read_bytes())
    file.write_bytes(_empty[0])
    return f"sqlite:///{file}"


_empty: list[bytes] = []


def app_of(shell: Shell, public_url: str = OURS) -> FastAPI:
    """The room, behind what every room stands behind."""
    app = FastAPI(redirect_slashes=False)
    app.state.house = House(
        database=shell.database,
        introductions=shell,
        keys=Keys.of(b"k" * 32),
        clock=shell.clock,
        public_url=public_url,
        embedded=True,
        templates=environment(),
        sample_letter=sample_letter,
        request_letter=request_letter,
    )
    for each in (router, enter_key):
        app.include_router(each)
    app.mount("/static", StaticFiles(directory=Path(web.__file__).parent / "static"))
    error_pages.install(app)
    app.add_middleware(Shield, public_url=public_url)
    return app


def nonce_of(page: str) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page)
    return found[1] if found else ""


def words_of(page: str) -> str:
    """What is read on a page, without its tags."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", body)).split())
