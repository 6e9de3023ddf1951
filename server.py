"""The HTTP side, put together: which rooms there are, who may enter, and what stands at the door."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from socket import socket

import uvicorn
from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from temporalio.client import Client

import web
from commands.installation.heartbeat import beating
from embedded.keys import key_ring
from mailroom.compose.request_letter import request_letter
from mailroom.compose.sample import sample_letter
from settings import Settings
from store.engine.database import Database, database
from store.engine.secrets import Keys
from store.installation.namespace import recogniser
from store.people.locale import get_ready
from web.answers.urls import router as answers
from web.api import app as api
from web.ask.urls import router as requesting
from web.console.urls import router as console
from web.faces.urls import router as faces
from web.mailboxes.urls import router as mailboxes
from web.me.urls import router as own
from web.promises.urls import router as promises
from web.shared import error_pages
from web.shared.house import Clock, House, Introductions
from web.shared.http.connection_limits import Entrance
from web.shared.http.enter_key import router as enter_key
from web.shared.http.host_check import OnlyOurHosts, our_hosts
from web.shared.http.security import Shield
from web.shared.local_requests import look_whether_local
from web.shared.rendering import environment
from web.unsubscribe.urls import router as leaving
from workflows import client as workflows
from workflows.plugin import plugin

STATIC = Path(web.__file__).parent / "static"
ROOMS = (answers, requesting, own, console, promises, leaving, faces, enter_key)
GRACE = 2  # seconds an open stream may hold up the end; without it, it would for ever


def build(settings: Settings, database: Database, introductions: Introductions, keys: Keys, clock: Clock) -> FastAPI:
    """The application. It opens nothing and asks nobody: whatever it needs is handed to it."""
    rooms = furnished(with_mailboxes=settings.shows_mail_page)
    app = FastAPI(
        title="Introbroker",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # it would lead to http://, behind a proxy too, with a link's token in the address
        routes=[*rooms.routes],
    )
    app.state.house = House(
        database=database,
        introductions=introductions,
        keys=keys,
        clock=clock,
        public_url=settings.public_url,
        embedded=settings.shows_mail_page,
        templates=environment(),
        sample_letter=sample_letter,
        request_letter=request_letter,
    )
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.mount(api.PATH, api.build(app.state.house))
    error_pages.install(app)
    app.add_middleware(OnlyOurHosts, ours=our_hosts(settings.public_url, settings.host))
    app.add_middleware(Shield, public_url=settings.public_url)  # the last added stands outermost
    return app


@cache
def furnished(*, with_mailboxes: bool) -> APIRouter:
    """The rooms, opened once for the whole process: no house changes them, and FastAPI takes its time over each route.

    Mailboxes are a room only where letters stay in the house; then they have the front door, and each request is looked
    at: nobody but who sits at this machine sees them.
    """
    together = APIRouter(dependencies=[Depends(look_whether_local)] if with_mailboxes else [])
    for room in ((mailboxes,) if with_mailboxes else ()) + ROOMS:
        together.include_router(room)
    return together


async def serve(settings: Settings, listening: socket) -> None:
    """Answer whoever comes to this socket, which is open already, until this process is told to end."""
    keys = Keys((key.id, key.secret) for key in key_ring(settings.data))
    async with database(settings.database_url) as opened:
        await get_ready(opened, datetime.now(UTC))
        app = build(settings, opened, await introductions(settings, opened), keys, lambda: datetime.now(UTC))
        async with beating(opened, settings, "web"):
            await uvicorn.Server(configuration(app)).serve(sockets=[listening])


async def introductions(settings: Settings, opened: Database) -> workflows.IntroductionClient:
    """Reached when first needed: pages are served while Temporal is away."""
    assert settings.temporal is not None, "whoever starts the web names the Temporal server, their own or the stack's"
    client = await Client.connect(**settings.temporal, plugins=[plugin()], lazy=True)
    return workflows.IntroductionClient(client, recognise=recogniser(opened, lambda: datetime.now(UTC)))


def configuration(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Entrance,
        access_log=False,  # links hold tokens
        proxy_headers=False,  # whoever sends X-Forwarded-For could be anybody
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=GRACE,
    )
