"""Links with a token: opening one shows a page, as mail scanners open every link; only a POST acts.

A link that opens nothing leads to one page, whatever the reason.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import APIRouter, Request
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.responses import HTMLResponse, Response

from store.installation import age
from telling.languages import Reader
from web.shared.acts.given_back import fields_sent
from web.shared.forms import Form
from web.shared.house import House, house_of
from web.shared.looks import wear_the_only_one
from web.shared.rendering import page, reader_of

Found = TypeVar("Found")
GONE = 404


class CarriedToken(StringConvertor):
    """The end of an address as letters carry it, with slashes and line breaks that got into it."""

    regex = r"[\s\S]*"


register_url_convertor("carried", CarriedToken())


def token_link(
    router: APIRouter,
    path: str,
    find: Callable[[House, str], Awaitable[Found | None]],
    show: Callable[[Request, Found], Response],
    act: Callable[[Request, Found], Awaitable[Response]],
) -> None:
    """Serve the links below `path`, whose token is `raw`: what one stands for is looked up anew at each request."""

    @router.get(f"{path}{{raw:carried}}")
    async def opened(request: Request, raw: str) -> Response:
        found = await find(house_of(request), raw)
        return await gone(request) if found is None else show(request, found)

    @router.post(f"{path}{{raw:carried}}")
    async def pressed(request: Request, raw: str) -> Response:
        found = await find(house_of(request), raw)
        return await gone(request) if found is None else await act(request, found)


async def gone(request: Request) -> HTMLResponse:
    """The one page for every link that opens nothing: it says nothing about why, and gives back what was typed.

    After a restore it says to all of them that a link may be from a letter that is not known here any more.
    """
    house = house_of(request)
    now = house.clock()
    await wear_the_only_one(request)
    restored = await house.database.read(lambda connection: age.was_restored(connection, now))
    sent = await fields_sent(request)
    return page(request, "answers/gone.html", reader_of(request), GONE, restored=restored, sent=sent)


async def form_sent(request: Request, reader: Reader, fields: int = 20) -> Form:
    """What was sent with a POST: no files, and no more fields than a page of ours has."""
    return Form(await request.form(max_files=0, max_fields=fields), reader)
