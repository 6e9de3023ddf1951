"""The face of a programme, set by its staff: typed, looked at as often as they like, and kept when they say so."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from models.face.colours import palette
from models.ids import ProgrammeId
from models.letters import LANGUAGES
from store.people.looks import Logo
from store.people.presentation import programme_named
from store.programmes import faces
from store.programmes.faces import FaceVersion, KeptFace
from web.console.face import preview
from web.console.face.form import TypedFace, typed_face
from web.console.operators import Operator, Working, own_nonce
from web.console.page_frame import frame
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like

router = APIRouter(prefix="/face")

KEPT = "kept"  # in the address they are led to after keeping: the version that was kept, and the page then says so
SEEN = "seen"  # in the form: the version it was filled from
PAGE = "page"


@router.get("")
async def face(request: Request, working: Working, programme: str | None = None) -> Response:
    chosen = working.programme(programme)
    return show(request, working, chosen, *await _now(request, chosen), request.query_params.get(KEPT))


@router.get("/preview")
async def looks_now(request: Request, working: Working, programme: str | None = None, of: str = "") -> Response:
    """As it is kept."""
    chosen, reader = working.programme(programme), reader_like(request, working.profile)
    kept, logo = await _now(request, chosen)
    if of == PAGE:
        return preview.answer_page(request, chosen, kept.face, logo, reader, {})
    return preview.letter(request, kept.face, logo, reader)


@router.post("/preview")
async def look(request: Request, working: Working, programme: str | None = None) -> Response:
    """As it is typed; nothing of it is kept."""
    chosen, reader = working.programme(programme), reader_like(request, working.profile)
    kept, logo = await _now(request, chosen)
    found = await typed_face(request, reader, kept.face)
    own_nonce(house_of(request), working, found.form.raw("nonce"))
    shown = preview.at_hand(found.picture) if found.picture else logo if found.face.logo else None
    if found.form.faults or found.form.raw("of") == PAGE:
        return preview.answer_page(request, chosen, found.face, shown, reader, found.form.faults)
    return preview.letter(request, found.face, shown, reader)


@router.post("")
async def keep(request: Request, working: Working, programme: str | None = None) -> Response:
    house, chosen = house_of(request), working.programme(programme)
    kept, logo = await _now(request, chosen)
    found = await typed_face(request, reader_like(request, working.profile), kept.face)
    own_nonce(house, working, found.form.raw("nonce"))
    if found.form.faults:
        return show(request, working, chosen, kept, logo, typed=found)
    now, seen = house.clock(), found.form.raw(SEEN)
    new = await house.database.write(
        lambda connection: faces.keep(connection, chosen, found.face, working.id, now, found.picture, seen)
    )
    if new is None:
        return show(request, working, chosen, *await _now(request, chosen), typed=found)
    return RedirectResponse(f"/console/face?programme={chosen}&{KEPT}={new.mark}", 303)


async def _now(request: Request, programme: ProgrammeId) -> tuple[FaceVersion, Logo | None]:
    def read(connection: Connection) -> tuple[FaceVersion, Logo | None]:
        return faces.version_of(connection, programme), programme_named(connection, programme).look.logo

    return await house_of(request).database.read(read)


def show(
    request: Request,
    working: Operator,
    programme: ProgrammeId,
    kept: FaceVersion,
    logo: Logo | None,
    said: str | None = None,
    typed: TypedFace | None = None,
) -> Response:
    """`typed`: what was not kept, for a fault in it, or because somebody else has kept another face meanwhile. Then
    both are shown: theirs in the form, the other beside it; who saves once more has seen it."""
    house = house_of(request)
    faults = typed.form.faults if typed else {}
    is_overtaken = typed is not None and typed.form.raw(SEEN) != kept.mark
    return page(
        request,
        "console/face.html",
        reader_like(request, working.profile),
        422 if faults else 409 if is_overtaken else 200,
        **frame(request, working),
        programme=programme,
        logo=logo,
        values=_as_typed(kept.face) | (typed.form.values if typed else {}),
        faults=faults,
        shades=palette(kept.face.colour) if kept.face.colour else None,
        is_kept=said == kept.mark,
        seen=kept.mark,
        others=_other_words(kept.face, typed.face) if typed and is_overtaken else None,
        nonce=new_nonce(house.keys, bound_to(working.profile)),
    )


def _as_typed(kept: KeptFace) -> dict[str, Any]:
    openings = {f"opening_{each}": kept.opening.get(each, "") for each in LANGUAGES}
    own = {"sender": kept.sender, "signature": kept.signature, "colour": kept.colour}
    return {"name": kept.name, "without_logo": ""} | {name: value or "" for name, value in own.items()} | openings


def _other_words(kept: KeptFace, typed: KeptFace) -> dict[str, str]:
    """What is kept, of the fields in which it differs from what was typed; lines of a signature side by side."""
    mine, theirs = _as_typed(typed), _as_typed(kept)
    return {name: " / ".join(text.splitlines()) for name, text in theirs.items() if text != mine[name]}
