"""Problems: errors of the API in one shape (RFC 9457), made in one place.

Each names its fields, and never an exception's text.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from models.base import Frozen
from store.engine.database import DatabaseAway
from web.shared.http.field_faults import field_errors

MEDIA_TYPE = "application/problem+json"


class FieldError(Frozen):
    """What is wrong with one field, by a name that stays the same, and in words."""

    field: str = Field(description="`note`, `target.name`, or the name of a header or parameter")
    name: str = Field(description="what is wrong, for programs")
    detail: str = Field(description="what is wrong, for people")
    found: int | None = None
    limit: int | None = None
    at: datetime | None = Field(default=None, description="from when on it would be right")
    words: str | None = Field(default=None, description="the words that are wrong")


class Problem(Frozen):
    """Why a request was not taken. Nothing was changed."""

    type: str
    title: str
    status: int
    errors: tuple[FieldError, ...] = ()


class Refusal(HTTPException):
    """Raised anywhere below the API; becomes a problem in one place."""

    def __init__(
        self, status: int, name: str, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, headers=headers)
        self.problem = problem(status, name, errors)


def invalid(field: str, name: str, detail: str) -> Refusal:
    """One field is not right: which, what it is called, and what to mend."""
    return Refusal(422, "invalid", [FieldError(field=field, name=name, detail=detail)])


TITLES = {
    "unreadable": "The body is not JSON as we read it.",
    "invalid": "Some fields need mending.",
    "unauthorized": "A valid key is needed.",
    "forbidden": "This key may not do that.",
    "own_part": "This operator is part of the introduction; another one has to do that.",
    "not_found": "There is no such thing here.",
    "method_not_allowed": "This address does not take that method.",
    "too_large": "The body is too long.",
    "too_slow": "The body took too long to arrive.",
    "unsupported_media_type": "The body must be plain application/json.",
    "key_reused": "This Idempotency-Key was used for another request.",
    "in_flight": "The same request is being answered this very moment.",
    "too_many_requests": "Too many requests; please wait.",
    "precondition_required": "An If-Match is needed: the ETag of what was read.",
    "changed": "Something has changed since it was read. Nothing was done.",
    "not_heard_yet": "An earlier change has not been heard yet; please try again in a moment.",
    "closed": "The introduction is over.",
    "already_introduced": "They have been introduced; that cannot be taken back.",
    "refused": "That cannot be done now. Nothing has changed.",
    "away": "The store cannot be reached. Nothing was recorded.",
    "broken": "Something broke on our side.",
}


def problem(status: int, name: str, errors: Sequence[FieldError] = ()) -> Problem:
    return Problem(type=f"urn:introbroker:problem:{name}", title=TITLES[name], status=status, errors=tuple(errors))


def answer(said: Problem, headers: Mapping[str, str] | None = None) -> Response:
    body = said.model_dump_json(exclude_none=True)
    return Response(body, said.status, dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Every error of the API leaves through here."""
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(DatabaseAway, _away)
    app.add_exception_handler(Exception, _broken)


_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 400: "unreadable"}


def http(_: Request, error: Exception) -> Response:
    if isinstance(error, Refusal):
        return answer(error.problem, error.headers)
    assert isinstance(error, HTTPException)
    name = _BY_STATUS.get(error.status_code, "broken")
    return answer(problem(error.status_code, name), error.headers)


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [FieldError.model_validate(each) for each in field_errors(error.errors())]
    return answer(problem(422, "invalid", errors))


def _away(_: Request, __: Exception) -> Response:
    return answer(problem(503, "away"), {"retry-after": "10"})


def _broken(_: Request, __: Exception) -> Response:
    return answer(problem(500, "broken"))
