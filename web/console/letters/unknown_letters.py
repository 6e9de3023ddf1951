"""Letters of unknown fate, settled by an operator.

Where nobody can tell, an operator says so, and nothing is sent again blindly.
"""

from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from models.ids import IntroductionId, LetterId
from store.letters import delivery_results, outbox
from store.letters.outbox import Retries
from web.console.operators import Operator, Pressing, look
from web.shared.error_pages import StaleStep
from web.shared.house import house_of

router = APIRouter(prefix="/letters/{letter}")
ARRIVED, AGAIN = "an operator: it arrived", "an operator: send it again"


@router.post("/arrival")
async def it_arrived(request: Request, working: Pressing, letter: str) -> Response:
    """Its reader has it, or the relay's log says so."""
    return await settle(request, working, letter, arrived=True)


@router.post("/resending")
async def send_again(request: Request, working: Pressing, letter: str) -> Response:
    """It certainly never left: the next attempt follows, after the same look at the consents."""
    return await settle(request, working, letter, arrived=False)


async def settle(request: Request, working: Operator, letter: str, *, arrived: bool) -> Response:
    house = house_of(request)
    now = house.clock()
    introduction = await house.database.write(
        lambda connection: settle_row(connection, working, LetterId(letter), now, arrived=arrived)
    )
    return RedirectResponse(f"/console/introductions/{introduction}#letters", 303)


def settle_row(
    connection: Connection, working: Operator, letter: LetterId, now: datetime, *, arrived: bool
) -> IntroductionId:
    found = outbox.get(connection, letter)
    if found is None or found.introduction is None:
        raise HTTPException(404)
    look(connection, working, found.introduction, now)
    if found.state != "unknown":
        if found.relay_said != (ARRIVED if arrived else AGAIN):
            raise StaleStep
        return found.introduction  # pressed twice: it is done
    done = (
        delivery_results.accepted(connection, found, ARRIVED, now)
        if arrived
        else delivery_results.not_sent(connection, found, AGAIN, now, Retries())
    )
    if not done:
        raise StaleStep
    return found.introduction
