"""Error pages. One kind page each, revealing nothing."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from store.engine.database import DatabaseAway
from store.people.person import Profile
from web.shared.acts.given_back import fields_of, fields_sent
from web.shared.house import house_built
from web.shared.http import problems
from web.shared.http.request_bodies import Unread
from web.shared.http.security import API, headers_of
from web.shared.looks import wear_the_only_one
from web.shared.rendering import page, reader_of
from web.shared.sessions import SignInFirst, reader_like

GONE, UNFIT, THEIRS, AWAY, BROKEN = 404, 422, 403, 503, 500


class StaleStep(Exception):
    """Somebody acted on a page drawn before the last step: nothing is done, and they look again."""


class Instead(Exception):
    """Another answer than the one that was asked for, ready to be sent."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


class OwnPart(Exception):
    """An operator's own request: another operator runs it."""

    def __init__(self, profile: Profile, *, is_alone: bool) -> None:
        super().__init__()
        self.profile, self.is_alone = profile, is_alone


def install(app: FastAPI) -> None:
    """One place maps errors to pages. The API is an application of its own, with its own form of error."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(DatabaseAway, _away)
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(StaleStep, _stale)
    app.add_exception_handler(Unread, _too_long)
    app.add_exception_handler(Instead, _instead)
    app.add_exception_handler(OwnPart, _own_part)
    app.add_exception_handler(Exception, _broken)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(API):  # beside its application, not in it: another version, a path no route can read
        return problems.http(request, error)
    return await _page(request, "gone" if error.status_code == GONE else "unfit", error.status_code)


async def _unfit(request: Request, _: Exception) -> Response:
    return await _page(request, "unfit", UNFIT)


async def _away(request: Request, _: Exception) -> Response:
    answer = await _page(request, "away", AWAY)
    answer.headers["retry-after"] = "10"
    return answer


async def _stale(request: Request, _: Exception) -> Response:
    return await _page(request, "stale", 409)


async def _too_long(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unread)
    sent = fields_of(error.body)
    return page(request, "error.html", reader_of(request), error.status, what="too_long", sent=sent, action="")


def _instead(_: Request, error: Exception) -> Response:
    assert isinstance(error, Instead)
    return error.answer


def _own_part(request: Request, error: Exception) -> Response:
    assert isinstance(error, OwnPart)
    reader = reader_like(request, error.profile)
    return page(request, "error.html", reader, THEIRS, what="own", is_alone=error.is_alone, sent=())


async def _sign_in_first(request: Request, _: Exception) -> Response:
    """Whoever was signed out while they wrote keeps their words, and sends them once they are signed in again."""
    if not await fields_sent(request):
        return RedirectResponse("/me", 303)
    return await _page(request, "signed_out", THEIRS)


def _broken(request: Request, _: Exception) -> Response:
    answer = page(request, "error.html", reader_of(request), BROKEN, what="broken", sent=())
    # What breaks is answered outside the shield: the headers are put on here.
    answer.headers.update(headers_of(house_built(request).public_url))
    return answer


async def _page(request: Request, what: str, status: int) -> Response:
    await wear_the_only_one(request)
    sent, action = await fields_sent(request), request.url.path + (f"?{query}" if (query := request.url.query) else "")
    return page(request, "error.html", reader_of(request), status, what=what, sent=sent, action=action)
