"""Export from one's own page. Everything about the one who is signed in, in one file to keep."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from store.people.person import Profile
from store.privacy.export.archive import packed
from store.privacy.export.copy import copy_of
from web.shared.house import house_of
from web.shared.sessions import somebody

router = APIRouter()
Me = Annotated[Profile, Depends(somebody)]
NAMED = 'attachment; filename="everything-about-you.zip"'


@router.get("/me/copy")
async def copy(request: Request, me: Me) -> Response:
    """Read and handed over; nothing changes by it."""
    house = house_of(request)
    now = house.clock()
    found = await house.database.read(lambda connection: copy_of(connection, me.person.id, now))
    headers = {"content-disposition": NAMED, "cache-control": "no-store"}
    return Response(packed(found), media_type="application/zip", headers=headers)
