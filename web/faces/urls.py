"""Addresses of logos, colours and photos. The same for everybody, for ever: what is shown there can never change.

Letters lead here from other people's mail programs. No cookie is read, nothing is counted, and no address differs from
reader to reader, so that nobody learns from it who has opened which letter.
"""

import re

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from models.face.colours import read_colour
from store.people import photos
from store.programmes.faces import picture_of
from web.shared.house import house_of
from web.shared.http.security import KEPT
from web.shared.looks import sheet

router = APIRouter()

MARK = re.compile(r"[0-9a-f]{32}")
# A picture runs nothing and brings in nothing, also where somebody opens it by itself; and mail programs on the web may
# show it on their pages.
PICTURE = {
    "cache-control": KEPT,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
}
OF_SOMEBODY = {"cache-control": "private, max-age=600", "cross-origin-resource-policy": "same-origin"}


@router.get("/logo/{mark}.png")
async def logo(request: Request, mark: str) -> Response:
    found = None
    if MARK.fullmatch(mark):
        found = await house_of(request).database.read(lambda connection: picture_of(connection, mark))
    if found is None:
        raise HTTPException(404)
    return Response(found, media_type="image/png", headers=PICTURE)


@router.get("/photo/{mark}.png")
async def photo(request: Request, mark: str) -> Response:
    """On our own pages alone, and only as long as its owner leaves it there: nobody keeps it for long."""
    found = None
    if MARK.fullmatch(mark):
        found = await house_of(request).database.read(lambda connection: photos.picture_of(connection, mark))
    if found is None:
        raise HTTPException(404)
    return Response(found, media_type="image/png", headers=PICTURE | OF_SOMEBODY)


@router.get("/colour/{digits}.css")
async def colour(digits: str) -> Response:
    """Made from the address alone: only what is a colour is one."""
    meant = read_colour(digits)
    if meant is None or meant != f"#{digits}":
        raise HTTPException(404)
    return Response(sheet(meant), media_type="text/css", headers={"cache-control": KEPT})
