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
from web.console.introduction.acts import act
from web.console.introduction.button_press import Press
from web.shared.house import house_of

router = APIRouter(prefix="/introductions/{introduction}")


@router.post("/hold")
async def hold(request: Request, press: Press) -> Response:
    return await act(request, press, Held(by=press.working.id))


@router.post("/resume")
async def resume(request: Request, press: Press) -> Response:
    return await act(request, press, Resumed(by=press.working.id))


@router.post("/asks/{number}/extension")
async def extend(request: Request, press: Press, number: int, until: Annotated[str, Form()] = "") -> Response:
    instant = _instant(until, press.working.profile.person.zone)
    until_then = min(instant, press.line.promised_at)
    return await act(request, press, Extended(ask=AskNumber(number), by=press.working.id, until=until_then))


@router.post("/connector")
async def hand_over(request: Request, press: Press, person: Annotated[str, Form()] = "") -> Response:
    """Somebody else is asked instead; whether they may be, their own limits say."""
    house = house_of(request)
    chosen = await house.database.read(
        lambda connection: members.member(connection, press.line.programme, PersonId(person), house.clock())
    )
    if chosen is None:
        raise HTTPException(422)
    return await act(request, press, HandedOver(by=press.working.id, to=chosen.id))


def _instant(written: str, zone: str) -> datetime:
    """A day and time as the operator's own clock shows them."""
    try:
        return datetime.fromisoformat(written.strip()).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise HTTPException(422) from None
