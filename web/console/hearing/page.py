"""What reaches an operator by letter: at once, in the morning, or never, kind by kind; for themselves alone."""

from typing import cast

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from models.desk import WHENS, DeskKind, StaffHearing, When
from store.people import hearing
from telling.languages import said
from telling.stage_words import DESK, WHEN
from web.console.operators import Operator, Working, own_nonce
from web.console.page_frame import frame
from web.shared.forms import Form
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like

router = APIRouter(prefix="/hearing")
HOURS = tuple(str(hour) for hour in range(24))


@router.get("")
async def shown(request: Request, working: Working) -> Response:
    return await show(request, working)


@router.post("")
async def chosen(request: Request, working: Working) -> Response:
    house, form = house_of(request), Form(await request.form(), reader_like(request, working.profile))
    own_nonce(house, working, form.raw("nonce"))
    ways = {kind: form.choice(kind, WHENS) for kind in DeskKind}
    hour = form.choice("hour", HOURS)
    if form.faults or hour is None:
        return await show(request, working, form)
    kept, now = StaffHearing(ways=cast("dict[DeskKind, When]", ways), hour=int(hour)), house.clock()
    await house.database.write(lambda connection: hearing.keep(connection, working.id, kept, now))
    return RedirectResponse("/console/hearing?said=kept", 303)


async def show(request: Request, working: Operator, form: Form | None = None) -> Response:
    house, reader = house_of(request), reader_like(request, working.profile)
    now = await house.database.read(lambda connection: hearing.of_operator(connection, working.id))
    typed = {kind: now.when(kind) for kind in DeskKind} | {"hour": str(now.hour)} | (form.values if form else {})
    return page(
        request,
        "console/hearing.html",
        reader,
        422 if form else 200,
        **frame(request, working),
        kinds=DESK,
        whens=[(when, said(words, reader.language)) for when, words in WHEN.items()],
        hours=[(hour, f"{int(hour):02}:00") for hour in HOURS],
        typed=typed,
        faults=form.faults if form else {},
        is_kept=form is None and request.query_params.get("said") == "kept",
        nonce=new_nonce(house.keys, bound_to(working.profile)),
    )
