"""Who is in my programme, and how much is asked of them? Contact details stay masked; each look behind is kept."""

from fastapi import APIRouter, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.ids import PersonId, ProgrammeId
from store import members
from store.members import PAGE, Contact
from web.console.lists import frame, page_of
from web.console.operators import Operator, Working
from web.house import house_of
from web.rendering import page
from web.sessions import reader_like

router = APIRouter(prefix="/people")


@router.get("")
async def people(request: Request, working: Working, programme: str | None = None) -> Response:
    return await show(request, working, working.programme(programme), None)


@router.post("/{person}/contact")
async def contact(request: Request, working: Working, person: str, programme: str | None = None) -> Response:
    """Shown once, in the answer to this very press of a button."""
    house, chosen = house_of(request), working.programme(programme)
    now = house.clock()

    def unmask(connection: Connection) -> Contact | None:
        if members.member(connection, chosen, PersonId(person), now) is None:
            return None
        return members.contact(connection, working.id, PersonId(person), now)

    found = await house.database.write(unmask)
    if found is None:
        raise HTTPException(404)
    return await show(request, working, chosen, found)


async def show(request: Request, working: Operator, programme: ProgrammeId, contact: Contact | None) -> Response:
    sought, number = request.query_params.get("sought", "")[:100], page_of(request)
    found = await house_of(request).database.read(
        lambda connection: members.members(connection, programme, sought, number)
    )
    return page(
        request,
        "console/people.html",
        reader_like(request, working.profile),
        **frame(request, working),
        people=found[:PAGE],
        more=len(found) > PAGE,
        number=number,
        sought=sought,
        programme=programme,
        contact=contact,
    )
