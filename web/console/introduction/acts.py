"""Acts of an operator on an introduction. Read it, propose somebody, end it; never answer for anybody.

Every act carries the step its page was drawn at: whoever acts on an older one is shown the newer first.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from calendars.clocks import clock_of
from models.ids import PersonId
from models.news import News, Proposed, Screened, Stopped
from models.process.possible import Staff, refusal
from models.process.verdict import Refused
from store.boundaries import conflicts
from store.journal.inbox import nothing_more
from store.views import members
from store.views.introductions import ListedIntroduction, known_to_staff
from telling.languages import phrase
from telling.refusals import WORDS
from web.console.introduction.page import show
from web.console.operators import Operator, Working, own, own_nonce
from web.shared.error_pages import StaleStep
from web.shared.house import house_of
from web.shared.submit_news import hand_in

router = APIRouter(prefix="/introductions/{introduction}")
KEPT_APART = phrase("These two are marked to be kept apart. Nothing has changed.")
Nonce = Annotated[str, Form()]
ShownStep = Annotated[int, Form(ge=0)]


@router.post("/screening")
async def screen(
    request: Request,
    working: Working,
    introduction: str,
    nonce: Nonce,
    step: ShownStep,
    answer: Annotated[str, Form()] = "",
) -> Response:
    if answer not in ("approve", "decline"):
        raise HTTPException(422)
    line = await drawn_now(request, working, introduction, step)
    return await act(request, working, line, Screened(by=working.id, approved=answer == "approve"), nonce)


@router.post("/proposal")
async def propose(
    request: Request,
    working: Working,
    introduction: str,
    nonce: Nonce,
    step: ShownStep,
    person: Annotated[str, Form()] = "",
) -> Response:
    line = await drawn_now(request, working, introduction, step)
    house = house_of(request)
    now = house.clock()
    target = await house.database.read(
        lambda connection: members.member(connection, line.programme, PersonId(person), now)
    )
    if target is None or target.id == line.requester:
        raise HTTPException(422)
    if await house.database.read(lambda connection: _is_kept_apart(connection, line, target.id)):
        return await show(request, working, line.id, 409, KEPT_APART)
    return await act(
        request, working, line, Proposed(by=working.id, target=target, clock=clock_of(target.zone, now)), nonce
    )


def _is_kept_apart(connection: Connection, line: ListedIntroduction, target: PersonId) -> bool:
    """Staff have marked it themselves, so they may be told. A block they are not told of."""
    return conflicts.are_apart(connection, line.programme, target, line.requester)


@router.post("/stop")
async def stop(request: Request, working: Working, introduction: str, nonce: Nonce, step: ShownStep) -> Response:
    line = await drawn_now(request, working, introduction, step)
    return await act(request, working, line, Stopped(by=working.id), nonce)


async def drawn_now(request: Request, working: Operator, introduction: str, step: int) -> ListedIntroduction:
    """The introduction, if it still stands where the page said."""
    line = await own(request, working, introduction)
    if line.step != step:
        raise StaleStep
    return line


async def act(
    request: Request,
    working: Operator,
    line: ListedIntroduction,
    news: News,
    nonce: str,
    beside: Callable[[Connection], None] = nothing_more,
) -> Response:
    """Two operators at the same instant: the core takes one, and the other is told.

    Held against what staff may know: what a party has said since is no reason that they could be given.
    """
    house = house_of(request)
    now = house.clock()
    case = await house.database.read(lambda connection: known_to_staff(connection, line.id, now))
    why = refusal(case, Staff(by=working.id), news, now) if case else None
    if why:
        return await show(request, working, line.id, 409, WORDS[why])
    verdict = await hand_in(house, line.id, news, via="console", nonce=own_nonce(house, working, nonce), beside=beside)
    if isinstance(verdict, Refused):
        return await show(request, working, line.id, 409, WORDS[verdict.reason])
    return RedirectResponse(f"/console/introductions/{line.id}", 303)
