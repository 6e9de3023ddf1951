"""Addresses of the mail page. Into mailboxes that anybody at this machine may open.

This room exists only for requests from this machine to an installation that never had a relay, a public address or
real people (web/shared/local_requests.py); for all others, at any time, there is no such page.
"""

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.base import Frozen
from models.ids import LetterId, PersonId
from store.access import sessions
from store.audit import exposure
from store.mail_page import mailboxes
from store.mail_page.mailboxes import Received, Subject
from store.people import person as people
from store.people.person import Person
from store.sample.world import person_called
from web.shared.house import house_of
from web.shared.http.security import is_read
from web.shared.rendering import page, reader_of
from web.shared.sessions import keep_signed_in

router = APIRouter()

# What a mail program allows a letter: to be looked at, and its links to be followed. No script, no form, no fetching.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
)


async def refuse_strangers(request: Request) -> None:
    if not house_of(request).embedded:
        raise HTTPException(404)


LOCAL = [Depends(refuse_strangers)]


class OpenedMailbox(Frozen):
    """One mailbox with its letters, and the one that lies open, if one does."""

    person: Person
    subjects: tuple[Subject, ...]
    letter: Received | None = None


@router.get("/")
async def start(request: Request) -> Response:
    """Everybody's mailbox from outside; in the sample world, what to do first. To others the door to their own page."""
    if not house_of(request).embedded:
        return RedirectResponse("/me", 303)
    found, is_sample = await house_of(request).database.read(
        lambda connection: (mailboxes.mailboxes(connection), person_called(connection, "rosa") is not None)
    )
    return page(request, "mailboxes/start.html", reader_of(request), mailboxes=found, is_sample=is_sample)


@router.get("/mail/{person}", dependencies=LOCAL)
async def mailbox(request: Request, person: str) -> Response:
    return await show(request, PersonId(person), None)


@router.get("/mail/{person}/{letter}", dependencies=LOCAL)
async def letter(request: Request, person: str, letter: str) -> Response:
    """Opened letters count as read, as in any mail program; nothing else depends on it."""
    return await show(request, PersonId(person), LetterId(letter))


@router.get("/mail/{person}/{letter}/html", dependencies=LOCAL)
async def letter_html(request: Request, person: str, letter: str) -> Response:
    """The letter's own HTML, alone in a frame that can do nothing but follow links."""
    found = await house_of(request).database.read(
        lambda connection: mailboxes.received(connection, PersonId(person), LetterId(letter))
    )
    if found is None:
        raise HTTPException(404)
    headers = {"content-security-policy": LETTER_POLICY, "x-frame-options": "SAMEORIGIN"}
    return HTMLResponse(with_links_on_top(found.html), headers=headers)


@router.post("/mail/{person}/session", dependencies=LOCAL)
async def sign_in_as(request: Request, person: str, to: Annotated[Literal["me", "console"], Form()] = "me") -> Response:
    """Open somebody's own page, or the console, as them: at this machine, without a letter."""
    house = house_of(request)
    now = house.clock()

    def begin(connection: Connection) -> str | None:
        exposure.take_turns(connection)  # no session of this kind is begun beside the mark that ends them all
        if exposure.found(connection):
            return None
        found = people.person_named(connection, PersonId(person))
        return sessions.begin(connection, found.id, now) if found else None

    raw = await house.database.write(begin)
    if raw is None:
        raise HTTPException(404)
    answer = RedirectResponse(f"/{to}", 303)
    keep_signed_in(answer, house, raw)
    return answer


async def show(request: Request, who: PersonId, letter_id: LetterId | None) -> Response:
    house = house_of(request)
    now = house.clock()

    def open_mailbox(connection: Connection) -> OpenedMailbox | None:
        found = people.person_named(connection, who)
        opened = mailboxes.received(connection, who, letter_id) if letter_id else None
        if found is None or (letter_id and opened is None):
            return None
        if opened and is_read(request):
            mailboxes.mark_read(connection, opened.letter, now)
        return OpenedMailbox(person=found, subjects=mailboxes.subjects(connection, who), letter=opened)

    opened = await house.database.write(open_mailbox) if letter_id else await house.database.read(open_mailbox)
    if opened is None:
        raise HTTPException(404)
    reader = reader_of(request, opened.person.language, opened.person.zone)
    text = with_own_links(opened.letter.text, house.public_url) if opened.letter else []
    return page(request, "mailboxes/mailbox.html", reader, opened=opened, text=text)


def with_links_on_top(html: str) -> str:
    """Links lead out of the frame: answer pages refuse to be framed."""
    return html.replace("<head>", '<head><base target="_top">', 1)


def with_own_links(text: str, public_url: str) -> list[tuple[str, bool]]:
    """The text in pieces, each a link of ours or not: other people's addresses stay words."""
    pieces = re.split(rf"({re.escape(public_url)}/[^\s<>\"]*)", text)
    return [(piece, place % 2 == 1) for place, piece in enumerate(pieces) if piece]
