"""What is the API as a whole? An application of its own under /api/v1: its own errors, its own description."""

from typing import Any

from fastapi import FastAPI, Request
from sqlalchemy import Connection, text

from web.api import editing, ending, introductions, operating, people, problems, schemas, steering
from web.api.documented import PROBLEMS, describe
from web.api.rates import Rates
from web.house import House, house_of

PATH = "/api/v1"


def build(house: House, rates: Rates | None = None) -> FastAPI:
    """To be mounted at PATH."""
    app = FastAPI(
        title="Introbroker",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.house, app.state.rates = house, rates or Rates()
    problems.install(app)
    app.include_router(introductions.router)
    app.include_router(editing.router)
    app.include_router(ending.router)
    app.include_router(operating.router)
    app.include_router(people.router)
    app.include_router(steering.router)
    app.add_api_route("/health", health, tags=["house"], responses={503: PROBLEMS[503]})
    app.add_api_route("/openapi.json", openapi, include_in_schema=False)
    return app


async def health(request: Request) -> schemas.Health:
    """Whether this process can reach its store."""
    await house_of(request).database.read(_look)
    return schemas.Health(state="well")


async def openapi(request: Request) -> dict[str, Any]:
    assert isinstance(request.app, FastAPI)
    return describe(request.app)


def _look(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))
