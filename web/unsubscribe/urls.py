"""Addresses of the unsubscribe link. Opening it shows a button; only saying so ends the letters.

Mail programs press for their reader with one POST of their own (RFC 8058): no cookie, no nonce, and the words
"List-Unsubscribe=One-Click" in its body. A scanner's POST does not hold them and changes nothing.
"""

import asyncio

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from store.boundaries import opt_outs_and_blocks, unsubscribe_links
from store.boundaries.unsubscribe_links import Leaver
from store.journal.inbox import Inboxed
from web.shared.house import House, house_of
from web.shared.http.security import new_nonce, read_nonce
from web.shared.rendering import page, reader_of
from web.shared.submit_news import hand_over
from web.shared.token_links import form_sent, token_link

router = APIRouter(prefix="/unsubscribe")

FIELD, PRESSED = "List-Unsubscribe", "One-Click"
BACK = "back"  # in the address they are led to after coming back: the page then says so


async def act(request: Request, leaver: Leaver) -> Response:
    house = house_of(request)
    form = await form_sent(request, reader_of(request, leaver.language, leaver.zone))
    if form.all(FIELD) == [PRESSED]:
        await leave(house, leaver)
        return the_page(request, leaver.model_copy(update={"has_left": True}))
    if read_nonce(house.keys, bound_to(leaver), form.raw("nonce")) is None:
        return the_page(request, leaver, 422)
    choice = form.choice("choice", ("leave", "return"))
    if choice is None:
        return the_page(request, leaver, 422)
    await (leave if choice == "leave" else come_back)(house, leaver)
    return RedirectResponse(request.url.path + (f"?{BACK}" if choice == "return" else ""), 303)


async def find(house: House, raw: str) -> Leaver | None:
    now = house.clock()
    return await house.database.read(lambda connection: unsubscribe_links.by_link(connection, raw, now))


async def leave(house: House, leaver: Leaver) -> None:
    """The same as on their own page. Said twice it is said once."""
    if leaver.has_left:
        return
    now = house.clock()

    def opt_out(connection: Connection) -> tuple[Inboxed, ...]:
        nonce = f"{leaver.letter}.unsubscribe"
        return opt_outs_and_blocks.opt_out(connection, leaver.person, house.keys, nonce, now, via="link")

    told = await house.database.write(opt_out)
    await asyncio.gather(*(hand_over(house, each) for each in told))


async def come_back(house: House, leaver: Leaver) -> None:
    await house.database.write(
        lambda connection: opt_outs_and_blocks.opt_in_again(connection, leaver.person, house.keys)
    )


def the_page(request: Request, leaver: Leaver, status: int = 200) -> Response:
    reader = reader_of(request, leaver.language, leaver.zone)
    nonce = new_nonce(house_of(request).keys, bound_to(leaver))
    is_back = BACK in request.query_params and not leaver.has_left
    return page(request, "unsubscribe/unsubscribe.html", reader, status, leaver=leaver, nonce=nonce, back=is_back)


def bound_to(leaver: Leaver) -> str:
    return f"unsubscribe {leaver.letter} {leaver.person}"


token_link(router, "/{raw}", find, the_page, act)
