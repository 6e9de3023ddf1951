"""The API as an application of its own under /api/v1: its own errors, its own description."""

import re
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import Connection, text

from store.engine.secrets import WHO_ANSWERS
from web.api import schemas
from web.api.entrance.rates import Rates
from web.api.introductions import edits, outcomes, requests, staff, wordless_acts
from web.api.openapi import PROBLEMS, describe
from web.api.people import conflicts, invitations, kinds, rights
from web.shared.house import House, house_of
from web.shared.http import problems

PATH = "/api/v1"
CHALLENGE = re.compile(r"[0-9a-f]{32}")


def build(house: House, rates: Rates | None = None) -> FastAPI:
    """To be mounted at PATH."""
    app = FastAPI(
        title="Introbroker",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        routes=[*_routes().routes],
    )
    app.state.house, app.state.rates = house, rates or Rates()
    problems.install(app)
    return app


@cache
def _routes() -> APIRouter:
    """Made once for the whole process, as they are the same in every house."""
    together = APIRouter(generate_unique_id_function=lambda route: route.name)
    for each in (requests, edits, wordless_acts, outcomes, staff, kinds, invitations, conflicts, rights):
        together.include_router(each.router)
    together.add_api_route("/health", health, tags=["house"], responses={503: PROBLEMS[503]})
    together.add_api_route("/openapi.json", openapi, include_in_schema=False)
    return together


async def health(request: Request) -> schemas.Health:
    """Whether this process can reach its store.

    Asked with `?challenge=`, 32 digits from 0 to f, it marks them by the installation's key: by that its own processes
    tell it from another server at the same address.
    """
    house = house_of(request)
    await house.database.read(_look)
    word = request.query_params.get("challenge", "")
    mark = house.keys.keyed_hash(word.encode(), WHO_ANSWERS) if CHALLENGE.fullmatch(word) else None
    return schemas.Health(state="well", mark=mark)


async def openapi(request: Request) -> dict[str, Any]:
    assert isinstance(request.app, FastAPI)
    return describe(request.app)


def _look(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))
