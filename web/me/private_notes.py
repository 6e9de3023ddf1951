"""Private notes, on their writer's own page. Read by its writer here, and taken away here."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from store.asks import private_notes
from store.people.person import Profile
from web.shared.house import house_of
from web.shared.sessions import somebody

router = APIRouter()
Me = Annotated[Profile, Depends(somebody)]


@router.post("/me/notes/{note}/removal")
async def remove(request: Request, me: Me, note: str) -> Response:
    gone = await house_of(request).database.write(
        lambda connection: private_notes.remove(connection, me.person.id, note)
    )
    if not gone:
        raise HTTPException(404)
    return RedirectResponse("/me?said=note_removed#notes", 303)
