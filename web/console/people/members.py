"""Members of a programme and how much is asked of them. Contact details stay masked; each look behind is kept."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from models.ids import PersonId, ProgrammeId
from store.boundaries import invitations
from store.programmes import kinds
from store.programmes.policies import policy_in_force
from store.views import members
from store.views.members import PAGE, ContactDetails
from web.console.operators import Operator, Pressing, Working, own_nonce
from web.console.page_frame import frame, page_of
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like

router = APIRouter(prefix="/people")


@router.get("")
async def people(request: Request, working: Working, programme: str | None = None) -> Response:
    return await show(request, working, working.programme(programme), None)


@router.post("/{person}/contact")
async def contact(request: Request, working: Pressing, person: str, programme: str | None = None) -> Response:
    """Shown once, in the answer to this very press of a button."""
    house, chosen = house_of(request), working.programme(programme)
    now = house.clock()

    def unmask(connection: Connection) -> ContactDetails | None:
        if members.member(connection, chosen, PersonId(person), now) is None:
            return None
        return members.contact(connection, working.id, PersonId(person), now)

    found = await house.database.write(unmask)
    if found is None:
        raise HTTPException(404)
    return await show(request, working, chosen, found)


@router.post("/{person}/kind")
async def give_kind(
    request: Request,
    working: Working,
    person: str,
    nonce: Annotated[str, Form()] = "",
    kind: Annotated[str | None, Form()] = None,
    programme: str | None = None,
) -> Response:
    """Of which kind they are, so that its caps count. Saying the same twice is saying it once."""
    house, chosen = house_of(request), working.programme(programme)
    now = house.clock()

    def give(connection: Connection) -> None:
        if members.member(connection, chosen, PersonId(person), now) is None:
            raise HTTPException(404)
        own_nonce(house, working, nonce)
        if kind is None or (kind and kind not in kinds.known(connection, chosen)):
            raise HTTPException(422)
        kinds.give(connection, chosen, PersonId(person), kind or None, working.id, now)

    await house.database.write(give)
    here = {name: value for name, value in request.query_params.items() if name in ("programme", "sought", "page")}
    return RedirectResponse(f"/console/people?{urlencode(here)}", 303)


@router.post("/invite")
async def invite(
    request: Request,
    working: Working,
    nonce: Annotated[str, Form()] = "",
    who: Annotated[list[str] | None, Form()] = None,
    of_file: Annotated[datetime | None, Form()] = None,
    programme: str | None = None,
) -> Response:
    """One welcome letter to each of these, or to everybody of one file. A second press finds nobody left."""
    house, chosen = house_of(request), working.programme(programme)
    now = house.clock()
    if not who and of_file is None:
        raise HTTPException(422)
    people = [PersonId(each) for each in who] if who else None

    def press(connection: Connection) -> None:
        own_nonce(house, working, nonce)
        policy = policy_in_force(connection, chosen)
        invitations.invite(connection, chosen, policy, working.id, now, people, of_file)

    await house.database.write(press)
    return RedirectResponse(f"/console/people?{urlencode({'programme': chosen, 'said': 'invited'})}", 303)


async def show(request: Request, working: Operator, programme: ProgrammeId, contact: ContactDetails | None) -> Response:
    sought, number = request.query_params.get("sought", "")[:100], page_of(request)
    uninvited = request.query_params.get("uninvited") == "yes"
    house = house_of(request)
    found, known, brought = await house.database.read(
        lambda connection: (
            members.members(connection, programme, sought, number, house.clock(), uninvited=uninvited),
            kinds.known(connection, programme),
            invitations.brought(connection, programme),
        )
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
        kinds=known,
        brought=brought,
        uninvited=uninvited,
        said=request.query_params.get("said"),
        nonce=new_nonce(house.keys, bound_to(working.profile)),
    )
