"""Letters that need an operator.

What failed or came back, a relay that is away, a programme that stopped writing by itself.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from store.letters.relay import circuit_breaker
from store.views.letters import letters_held
from store.views.letters.letter_trouble import trouble
from telling import stage_words
from web.console.operators import Pressing, Working
from web.console.page_frame import frame
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like

router = APIRouter(prefix="/letters")


@router.get("")
async def letters(request: Request, working: Working) -> Response:
    house = house_of(request)
    now = house.clock()
    found, held = await house.database.read(
        lambda connection: (
            trouble(connection, working.programme_ids, now, working.records),
            letters_held.held(connection, now, working.programme_ids, working.records),
        )
    )
    return page(
        request,
        "console/letters.html",
        reader_like(request, working.profile),
        **frame(request, working),
        found=found,
        held=held,
        words=stage_words,
        nonce=new_nonce(house.keys, bound_to(working.profile)),
    )


@router.post("/resumption")
async def resume(request: Request, working: Pressing, programme: Annotated[str, Form()] = "") -> Response:
    """Its letters leave again; each still passes the same gate. Pressed twice, or by two, it is done."""
    house = house_of(request)
    chosen, now = working.programme(programme), house.clock()
    await house.database.write(lambda connection: circuit_breaker.resume(connection, chosen, now))
    return RedirectResponse("/console/letters", 303)
