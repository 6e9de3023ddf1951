"""Sign-in to one's own page. By a one-time link, mailed to the address we know, whoever asks for it.

The browser that asked keeps a cookie that says for which mailbox. There one press opens the page; anywhere else it
takes a second press, on a page that says so. A mail scanner has neither, and whatever it sends leaves the link as it
was.
"""

import logging
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from store.access import sessions, sign_in_limit
from store.access.sessions import WayIn
from store.audit import exposure
from store.engine.database import DatabaseAway
from store.letters.start_letter import SIGN_IN_LASTS
from store.people.addresses import Address
from store.people.person import with_address
from web.me import overview
from web.shared.forms import Form
from web.shared.house import House, house_built, house_of
from web.shared.http.security import new_nonce, read_nonce
from web.shared.looks import wear_the_only_one
from web.shared.rendering import page, reader_of
from web.shared.sessions import asked_here, cookie_sent, forget, keep_in_cookie, keep_signed_in, visitor
from web.shared.token_links import form_sent

router = APIRouter()
log = logging.getLogger("introbroker.web")

UNFIT, GONE = 422, 404
AGAIN, HERE = "choice", "here"  # the second press, away from the browser that asked


@router.get("/")
async def front_door(request: Request) -> Response:
    return RedirectResponse("/me", 303)


@router.get("/me")
async def own_page(request: Request) -> Response:
    profile = await visitor(request)
    return await overview.show(request, profile) if profile else await the_door(request)


@router.post("/me/sign-in")
async def ask_for_link(request: Request) -> Response:
    """The same answer for everybody, and the same work before it: nobody learns here who is known to us.

    Whether somebody is meant is only looked up once the answer has left.
    """
    house, now = house_of(request), house_of(request).clock()
    form = await form_sent(request, reader_of(request))
    meant = form.address("address")
    if meant is None:
        return await the_door(request, form)
    await house.database.write(lambda connection: sign_in_limit.note_an_ask(connection, now))
    await wear_the_only_one(request)
    facts: dict[str, Any] = {"embedded": house.embedded, "letters_stay": await letters_stay(request)}
    answer = page(request, "me/link_sent.html", reader_of(request), **facts)
    keep_in_cookie(answer, house, asked_here(house), new_nonce(house.keys, asking_for(meant.mailbox)), SIGN_IN_LASTS)
    answer.background = BackgroundTask(_plan_letter, house, meant, now)
    return answer


async def letters_stay(request: Request) -> bool:
    """Whether no letter to anybody can leave: there is no relay, and the mail page that stood in for one is closed."""
    house = house_built(request)
    return house.embedded and bool(await house.database.read(exposure.found))


async def _plan_letter(house: House, meant: Address, now: datetime) -> None:

    def ask(connection: Connection) -> None:
        sessions.ask_for_link(connection, with_address(connection, meant), now)

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
    return await the_link(request, await found(house_of(request), link))


@router.post("/me/{link}")
async def use_link(request: Request, link: str) -> Response:
    house = house_of(request)
    way_in = await found(house, link)
    if way_in is None:
        return await the_link(request, None)
    form = await form_sent(request, reader_of(request))
    if not has_asked(request, way_in) and not is_pressed_again(house, way_in, form):
        return await the_link(request, way_in, new_nonce(house.keys, bound_to(way_in)))
    now = house.clock()
    session = await house.database.write(lambda connection: sessions.redeem(connection, link, now))
    if session is None:
        return await the_link(request, None)
    answer = RedirectResponse("/me", 303)
    keep_signed_in(answer, house, session)
    forget(answer, house, asked_here(house))
    return answer


async def found(house: House, link: str) -> WayIn | None:
    now = house.clock()
    return await house.database.read(lambda connection: sessions.way_in(connection, link, now))


def has_asked(request: Request, way_in: WayIn) -> bool:
    """Whether this browser asked for a link to one of these mailboxes, within the time a link lasts."""
    house = house_of(request)
    held = cookie_sent(request, asked_here(house))
    return any(read_nonce(house.keys, asking_for(each), held) for each in way_in.mailboxes)


def is_pressed_again(house: House, way_in: WayIn, form: Form) -> bool:
    """A choice with the nonce of the page that asks for it; a form sent as it stands has none."""
    return form.all(AGAIN) == [HERE] and read_nonce(house.keys, bound_to(way_in), form.raw("nonce")) is not None


async def the_door(request: Request, form: Form | None = None) -> Response:
    await wear_the_only_one(request)
    typed, faults = (form.raw("address"), form.faults) if form else ("", {})
    status = UNFIT if form else 200
    facts: dict[str, Any] = {"address": typed, "faults": faults, "letters_stay": await letters_stay(request)}
    return page(request, "me/sign_in.html", reader_of(request), status, **facts)


async def the_link(request: Request, way_in: WayIn | None, nonce: str | None = None) -> Response:
    """`nonce`: of the second press, where one is needed."""
    await wear_the_only_one(request)
    is_here = way_in is not None and has_asked(request, way_in)
    facts: dict[str, Any] = {"opens": way_in is not None, "is_here": is_here, "nonce": nonce}
    return page(request, "me/link.html", reader_of(request), 200 if way_in else GONE, **facts)


def asking_for(mailbox: str) -> str:
    return f"sign in for {mailbox}"


def bound_to(way_in: WayIn) -> str:
    return f"sign in by {way_in.link}"
