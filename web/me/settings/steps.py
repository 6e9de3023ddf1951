"""Steps of the settings: a list of subjects, and a page for each; with what was typed, and what is wrong with it."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from store.boundaries import opt_outs_and_blocks
from store.people.person import Profile
from store.programmes import kinds
from store.views import members
from web.me.confirmations import told
from web.me.settings.countries import countries, regions
from web.shared.forms import Form
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like, somebody

router = APIRouter()
Me = Annotated[Profile, Depends(somebody)]

# What a step shows beside what stands in the profile, read from the store.
READ: dict[str, Callable[[Connection, Profile], dict[str, Any]]] = {
    "channels": lambda connection, me: {"looks": members.looks(connection, me.person.id)},
    "asks": lambda connection, me: {"most_asks": kinds.most_asks(connection, me.belongings)},
    "blocks": lambda connection, me: {"met": opt_outs_and_blocks.people_met(connection, me.person.id)},
}
STEPS = ("name", "photo", "face", "places", "channels", "speech", "days", "pause", "asks", "blocks", "letters", "yours")


@router.get("/me/settings")
async def settings(request: Request, me: Me) -> Response:
    return await show(request, me, "index")


@router.get("/me/settings/{step}")
async def step(request: Request, me: Me, step: str) -> Response:
    if step not in STEPS:
        raise HTTPException(404)
    return await show(request, me, step)


async def show(request: Request, me: Profile, step: str, form: Form | None = None, status: int = 200) -> Response:
    """One of the pages; after a fault with what was typed and what is wrong with it beside its field."""
    house, reader = house_of(request), reader_like(request, me)
    faults = form.faults if form else {}
    read = READ.get(step)
    found = await house.database.read(lambda connection: read(connection, me)) if read else {}
    if step == "speech":
        found = {"zones": [(zone, zone) for zone in zones()]}
    if step == "days":
        found = {"countries": countries(reader), "regions": regions(me.person, reader)}
    return page(
        request,
        f"me/settings/{step}.html",
        reader,
        422 if faults else status,
        me=me,
        typed=form.values if form else {},
        faults=faults,
        said=None if faults else told(request),
        nonce=new_nonce(house.keys, bound_to(me)),
        embedded=house.embedded,
        **found,
    )


async def read(request: Request, me: Profile) -> Form:
    return Form(await request.form(), reader_like(request, me))


def done(what: str, step: str = "") -> Response:
    """Back to the list; where more may be added or taken away, to the same step."""
    return RedirectResponse(f"/me/settings{f'/{step}' if step else ''}?said={what}", 303)


@cache
def zones() -> tuple[str, ...]:
    """The zones people live in, by the name of a place."""
    areas = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    return ("UTC", *sorted(zone for zone in available_timezones() if zone.partition("/")[0] in areas))
