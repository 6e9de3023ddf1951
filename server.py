"""The HTTP side, put together: which rooms there are, who may enter, and what stands at the door."""

import importlib
import importlib.util
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment

import web
from settings import Settings
from store.database import Database
from store.secrets import Keys
from web.hosts import OnlyOurHosts, our_hosts
from web.house import Clock, House, Introductions

HERE = Path(web.__file__).parent
ROOMS = ("answers", "requesting", "api", "own", "console", "promises")
ONLY_WITH_MAILBOXES = ("mailboxes",)


def build(settings: Settings, database: Database, introductions: Introductions, keys: Keys, clock: Clock) -> FastAPI:
    """The application. It opens nothing and asks nobody: whatever it needs is handed to it."""
    app = FastAPI(title="Introbroker", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = House(
        database=database,
        introductions=introductions,
        keys=keys,
        clock=clock,
        public_url=settings.public_url,
        embedded=settings.shows_mail_page,
        templates=Environment(),
    )
    for room in (*ROOMS, *(ONLY_WITH_MAILBOXES if settings.shows_mail_page else ())):
        if importlib.util.find_spec(f"web.{room}") and importlib.util.find_spec(f"web.{room}.routes"):
            app.include_router(importlib.import_module(f"web.{room}.routes").router)
    if (HERE / "static").is_dir():
        app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_middleware(OnlyOurHosts, ours=our_hosts(settings.public_url, settings.host))
    return app
