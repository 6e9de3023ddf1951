"""Addresses of the unsubscribe link. Opening it shows a button; only saying so ends the letters.

Mail programs press for their reader with one POST of their own (RFC 8058): no cookie, no nonce, from whatever origin,
and the words "List-Unsubscribe=One-Click" in its body, or with nothing at all. Forms of our page hold a nonce, so a
scanner that sends one as it stands says neither and changes nothing.
"""

import asyncio
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from store.boundaries import opt_outs_and_blocks, unsubscribe_links
from store.boundaries.unsubscribe_links import Leaver, LinkHolder
from store.journal.inbox import Inboxed
from web.shared.acts.submit_news import hand_over
from web.shared.house import House, house_of
from web.shared.http.security import new_nonce, read_nonce
from web.shared.rendering import page, reader_of
from web.shared.token_links import form_sent, token_link

router = APIRouter(prefix="/unsubscribe")

FIELD, PRESSED = "List-Unsubscribe", "One-Click"
BACK = "back"  # in the address they are led to after coming back: the page then says so


async def act(request: Request, leaver: LinkHolder) -> Response:
    if not isinstance(leaver, Leaver):
        return the_page(request, leaver)
    house = house_of(request)
    if await is_pressed(request):
        await leave(house, leaver)
        return the_page(request, leaver.model_copy(update={"has_left": True}))
    form = await form_sent(request, reader_of(request, leaver.language, leaver.zone))
    if read_nonce(house.keys, bound_to(leaver), form.raw("nonce")) is None:
        return the_page(request, leaver, 422)
    choice = form.choice("choice", ("leave", "return"))
    if choice is None:
        return the_page(request, leaver, 422)
    await (leave if choice == "leave" else come_back)(house, leaver)
    return RedirectResponse(request.url.path + (f"?{BACK}" if choice == "return" else ""), 303)


async def is_pressed(request: Request) -> bool:
    """Whether this is a mail program's press: one field, or an empty body, which only a program sends."""
    body = await request.body()
    if body and "content-type" not in request.headers:
        said = parse_qs(body.decode(errors="replace")).get(FIELD, [])
    else:
        said = (await form_sent(request, reader_of(request))).all(FIELD)
    return not body or [each.strip() for each in said] == [PRESSED]


async def find(house: House, raw: str) -> LinkHolder | None:
    now = house.clock()
    return await house.database.read(lambda connection: unsubscribe_links.by_link(connection, raw, now))


async def leave(house: House, leaver: Leaver) -> None:
    """The same as on their own page. Said twice it is said once."""
    if leaver.has_left:
        return
    now = house.clock()

    def opt_out(connection: Connection) -> tuple[Inboxed, ...]:
        nonce = f"{leaver.letter}.unsubscribe"
        who, letter = leaver.person, leaver.letter
        return opt_outs_and_blocks.opt_out(connection, who, house.keys, nonce, now, via="link", letter=letter)

    told = await house.database.write(opt_out)
    await asyncio.gather(*(hand_over(house, each) for each in told))


async def come_back(house: House, leaver: Leaver) -> None:
    await house.database.write(
        lambda connection: opt_outs_and_blocks.opt_in_again(connection, leaver.person, house.keys, leaver.letter)
    )


def the_page(request: Request, leaver: LinkHolder, status: int = 200) -> Response:
    if not isinstance(leaver, Leaver):
        return page(request, "unsubscribe/forgotten.html", reader_of(request), status)
    reader = reader_of(request, leaver.language, leaver.zone)
    nonce = new_nonce(house_of(request).keys, bound_to(leaver))
    is_back = BACK in request.query_params and not leaver.has_left
    return page(
        request, "unsubscribe/unsubscribe.html", reader, status, leaver.look, leaver=leaver, nonce=nonce, back=is_back
    )


def bound_to(leaver: Leaver) -> str:
    return f"unsubscribe {leaver.letter} {leaver.person}"


token_link(router, "/", find, the_page, act)
