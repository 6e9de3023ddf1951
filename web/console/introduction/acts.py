"""Acts of an operator on an introduction. Read it, propose somebody, end it; never answer for anybody.

Every act carries what its page had read: whoever acts on an older one is shown the newer first.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from calendars.clocks import clock_of
from models.ids import PersonId
from models.news import News, Proposed, Screened, Stopped
from models.process.possible import Staff, objection_to_keeping
from models.process.verdict import Refused
from store.boundaries import conflicts
from store.boundaries.other_requests import is_live_elsewhere
from store.journal.inbox import nothing_more
from store.journal.state import as_staff_said
from store.views import members
from store.views.introductions import ListedIntroduction, known_to_staff
from telling.languages import phrase
from web.console.introduction.button_press import Press, Pressed, refused, stale, still_drawn
from web.console.introduction.page import show
from web.shared.acts.submit_news import WouldBeRefused, hand_in
from web.shared.error_pages import StaleStep
from web.shared.house import house_of

router = APIRouter(prefix="/introductions/{introduction}")
ASKED_FOR = phrase("They ask for this person already, in another request of theirs. Nothing has changed.")
KEPT_APART = phrase("These two are marked to be kept apart. Nothing has changed.")


@router.post("/screening")
async def screen(request: Request, press: Press, answer: Annotated[str, Form()] = "") -> Response:
    if answer not in ("approve", "decline"):
        raise HTTPException(422)
    return await act(request, press, Screened(by=press.working.id, approved=answer == "approve"))


@router.post("/proposal")
async def propose(request: Request, press: Press, person: Annotated[str, Form()] = "") -> Response:
    house, line = house_of(request), press.line
    now = house.clock()
    target = await house.database.read(
        lambda connection: members.member(connection, line.programme, PersonId(person), now)
    )
    if target is None or target.id == line.requester:
        raise HTTPException(422)
    objection = await house.database.read(lambda connection: _objection(connection, line, target.id))
    if objection:
        return await show(request, press.working, line.id, 409, objection)
    proposed = Proposed(by=press.working.id, target=target, clock=clock_of(target.zone, now))
    return await act(request, press, proposed)


def _objection(connection: Connection, line: ListedIntroduction, target: PersonId) -> str | None:
    """What staff know themselves, so that they may be told. A block they are not told of."""
    if conflicts.are_apart(connection, line.programme, target, line.requester):
        return KEPT_APART
    return ASKED_FOR if is_live_elsewhere(connection, line.requester, target, line.id) else None


@router.post("/stop")
async def stop(request: Request, press: Press) -> Response:
    return await act(request, press, Stopped(by=press.working.id))


async def act(
    request: Request, press: Pressed, news: News, beside: Callable[[Connection], None] = nothing_more
) -> Response:
    """Two operators at the same instant: one act is kept, and the other operator is told.

    Held against what staff may know: what a party has said since is no reason that they could be given.
    """
    house = house_of(request)

    def check(connection: Connection) -> None:
        if not still_drawn(connection, press, house):
            raise StaleStep
        known = as_staff_said(connection, known_to_staff(connection, press.line.id, house.clock()))
        why = objection_to_keeping(known, Staff(by=press.working.id), news, house.clock()) if known else None
        if why:
            raise WouldBeRefused(why)

    try:
        verdict = await hand_in(
            house, press.line.id, news, via="console", nonce=press.nonce, check=check, beside=beside
        )
    except StaleStep:
        return await stale(request, press)
    if isinstance(verdict, Refused):
        return await refused(request, press, verdict.reason)
    return RedirectResponse(f"/console/introductions/{press.line.id}", 303)
