"""Resting asks ended by an operator. An operator who has talked to them lets them; they can do so by themselves."""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from store.boundaries import resting_asks
from web.console.operators import Pressing
from web.shared.house import house_of

router = APIRouter(prefix="/pauses/{pause}")


@router.post("/end")
async def end(request: Request, working: Pressing, pause: str) -> Response:
    house = house_of(request)
    now = house.clock()
    ended = await house.database.write(
        lambda connection: resting_asks.end_one(connection, pause, working.programme_ids, working.id, now)
    )
    if not ended:
        raise HTTPException(404)
    return RedirectResponse("/console", 303)
