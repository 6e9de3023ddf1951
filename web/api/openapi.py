"""The OpenAPI 3.1 description of the API, with the one shape of its errors, made from the addresses themselves."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from web.shared.http.problems import MEDIA_TYPE, Problem

_SHAPE = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}

PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"description": "Not read: no JSON, or no cursor of ours", **_SHAPE},
    401: {"description": "No valid key", **_SHAPE},
    403: {"description": "The key may not do that", **_SHAPE},
    404: {"description": "Not there, for this key", **_SHAPE},
    409: {"description": "It is over, or being answered", **_SHAPE},
    412: {"description": "Changed since it was read", **_SHAPE},
    413: {"description": "Longer than 64 kB", **_SHAPE},
    415: {"description": "Not plain application/json", **_SHAPE},
    422: {"description": "Some fields need mending", **_SHAPE},
    428: {"description": "An If-Match is needed", **_SHAPE},
    429: {"description": "Too many requests", **_SHAPE},
    503: {"description": "The store is away; nothing was recorded", **_SHAPE},
}
ABOUT = """Start introductions and follow them as their requester may know them.

A request made with a key is put to its requester first; nobody else is asked before their yes. Progress is what
everybody may know: who was asked, who refused and who was silent is never told. Every POST carries an
`Idempotency-Key`: the same key and body get the same answer and act once. What could not be heard at once is answered
with 202 and an address at which its outcome is read; a repetition then tells the outcome."""


def describe(app: FastAPI) -> dict[str, Any]:
    """The description, made once."""
    if not app.openapi_schema:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    made: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        description=ABOUT,
        routes=app.routes,
        servers=[{"url": "/api/v1"}],
    )
    made["components"]["schemas"] |= _problem_shape()
    return made


def _problem_shape() -> dict[str, Any]:
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    parts: dict[str, Any] = shape.pop("$defs", {})
    return parts | {"Problem": shape}
