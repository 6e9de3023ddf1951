""" "I am back": the end of resting asks, by a link in a letter.

Opening the link shows a button; pressing it ends the rest of one's asks, everywhere.

The link comes in the letter that told of the rest. It opens nothing else: no session, no name, no introduction.
"""

from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from models.base import Frozen
from models.ids import PersonId
from store.access import link_tokens
from store.boundaries import resting_asks
from store.boundaries.resting_asks import Pause
from store.people import person as people
from web.shared.house import House, house_of
from web.shared.http.security import new_nonce, read_nonce
from web.shared.rendering import page, reader_of
from web.shared.token_links import form_sent, token_link

router = APIRouter(prefix="/back")


class Returning(Frozen):
    """Whoever holds the link, and what rests of theirs now."""

    person: PersonId
    language: str
    zone: str
    resting: tuple[Pause, ...]

    @property
    def until(self) -> datetime | None:
        return max((each.until for each in self.resting), default=None)


async def act(request: Request, found: Returning) -> Response:
    house = house_of(request)
    form = await form_sent(request, reader_of(request, found.language, found.zone))
    if read_nonce(house.keys, bound_to(found), form.raw("nonce")) is None or not form.choice("choice", ("return",)):
        return the_page(request, found, 422)
    now = house.clock()
    await house.database.write(lambda connection: resting_asks.end_all(connection, found.person, now))
    return RedirectResponse(request.url.path, 303)


async def find(house: House, raw: str) -> Returning | None:
    now = house.clock()
    return await house.database.read(lambda connection: by_link(connection, raw, now))


def by_link(connection: Connection, raw: str, now: datetime) -> Returning | None:
    """None for a link that is unknown, expired or for something else, and for somebody who is gone."""
    token = link_tokens.find(connection, raw, "return")
    if token is None or token.has_expired(now):
        return None
    who = people.person_named(connection, token.person)
    if who is None:
        return None
    resting = resting_asks.of_person(connection, who.id, now)
    return Returning(person=who.id, language=who.language, zone=who.zone, resting=resting)


def the_page(request: Request, found: Returning, status: int = 200) -> Response:
    reader = reader_of(request, found.language, found.zone)
    nonce = new_nonce(house_of(request).keys, bound_to(found))
    return page(request, "me/back.html", reader, status, found=found, nonce=nonce)


def bound_to(found: Returning) -> str:
    return f"return {found.person}"


token_link(router, "/", find, the_page, act)
