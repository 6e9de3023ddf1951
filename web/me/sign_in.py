"""Sign-in to one's own page. By a one-time link, mailed to the address we know, whoever asks for it."""

import logging
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from store.access import sessions
from store.engine.database import DatabaseAway
from store.people.addresses import Address, canonical
from store.people.person import with_address
from web.me import overview
from web.shared.house import House, house_of
from web.shared.rendering import page, reader_of
from web.shared.sessions import cookie_sent, forget, keep_signed_in, visitor

router = APIRouter()
log = logging.getLogger("introbroker.web")


@router.get("/")
async def front_door(request: Request) -> Response:
    return RedirectResponse("/me", 303)


@router.get("/me")
async def own_page(request: Request) -> Response:
    profile = await visitor(request)
    return await overview.show(request, profile) if profile else page(request, "me/sign_in.html", reader_of(request))


@router.post("/me/sign-in")
async def ask_for_link(request: Request, address: Annotated[str, Form()] = "") -> Response:
    """The same answer for everybody, and the same work before it: nobody learns here who is known to us.

    Whether somebody is meant is only looked up once the answer has left.
    """
    house = house_of(request)
    now = house.clock()
    await house.database.write(lambda connection: sessions.note_an_ask(connection, now))
    answer = page(request, "me/link_sent.html", reader_of(request), embedded=house.embedded)
    answer.background = BackgroundTask(_plan_letter, house, address, now)
    return answer


async def _plan_letter(house: House, address: str, now: datetime) -> None:
    meant = canonical(address)

    def ask(connection: Connection) -> None:
        known = with_address(connection, meant) if isinstance(meant, Address) else ()
        sessions.ask_for_link(connection, known, now)

    try:
        await house.database.write(ask)
    except DatabaseAway:
        log.warning("sign_in.lost")  # between the answer and this: whoever waits in vain asks again


@router.post("/me/sign-out")
async def sign_out(request: Request) -> Response:
    house, raw = house_of(request), cookie_sent(request)
    await house.database.write(lambda connection: sessions.end(connection, raw))
    answer = RedirectResponse("/me", 303)
    forget(answer, house)
    return answer


@router.get("/me/{link}")
async def show_link(request: Request, link: str) -> Response:
    """Only a button: mail scanners open every link, and this one may be used once."""
    house = house_of(request)
    now = house.clock()
    opens = await house.database.read(lambda connection: sessions.link_opens(connection, link, now))
    return page(request, "me/link.html", reader_of(request), 200 if opens else 404, opens=opens, link=link)


@router.post("/me/{link}")
async def use_link(request: Request, link: str) -> Response:
    house = house_of(request)
    now = house.clock()
    session = await house.database.write(lambda connection: sessions.redeem(connection, link, now))
    if session is None:
        return page(request, "me/link.html", reader_of(request), 404, opens=False, link=link)
    answer = RedirectResponse("/me", 303)
    keep_signed_in(answer, house, session)
    return answer
