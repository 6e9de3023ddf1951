"""Hold, resume, longer deadlines, another connector.

They hold it, let it go on, give one person longer, or ask another connector instead.
"""

from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import Response

from models.ids import AskNumber, PersonId
from models.news import Extended, HandedOver, Held, Resumed
from store.views import members
from web.console.introduction.acts import Nonce, ShownStep, act, drawn_now
from web.console.operators import Working
from web.shared.house import house_of

router = APIRouter(prefix="/introductions/{introduction}")


@router.post("/hold")
async def hold(request: Request, working: Working, introduction: str, nonce: Nonce, step: ShownStep) -> Response:
    line = await drawn_now(request, working, introduction, step)
    return await act(request, working, line, Held(by=working.id), nonce)


@router.post("/resume")
async def resume(request: Request, working: Working, introduction: str, nonce: Nonce, step: ShownStep) -> Response:
    line = await drawn_now(request, working, introduction, step)
    return await act(request, working, line, Resumed(by=working.id), nonce)


@router.post("/asks/{number}/extension")
async def extend(
    request: Request,
    working: Working,
    introduction: str,
    number: int,
    nonce: Nonce,
    step: ShownStep,
    until: Annotated[str, Form()] = "",
) -> Response:
    line = await drawn_now(request, working, introduction, step)
    instant = _instant(until, working.profile.person.zone)
    news = Extended(ask=AskNumber(number), by=working.id, until=min(instant, line.promised_at))
    return await act(request, working, line, news, nonce)


@router.post("/connector")
async def hand_over(
    request: Request,
    working: Working,
    introduction: str,
    nonce: Nonce,
    step: ShownStep,
    person: Annotated[str, Form()] = "",
) -> Response:
    """Somebody else is asked instead; whether they may be, their own limits say."""
    line = await drawn_now(request, working, introduction, step)
    house = house_of(request)
    chosen = await house.database.read(
        lambda connection: members.member(connection, line.programme, PersonId(person), house.clock())
    )
    if chosen is None:
        raise HTTPException(422)
    return await act(request, working, line, HandedOver(by=working.id, to=chosen.id), nonce)


def _instant(written: str, zone: str) -> datetime:
    """A day and time as the operator's own clock shows them."""
    try:
        return datetime.fromisoformat(written.strip()).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise HTTPException(422) from None
