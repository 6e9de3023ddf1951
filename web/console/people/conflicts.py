"""The conflict list. Staff mark it here and take it away; nobody else is ever told."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from models.ids import PersonId, ProgrammeId
from store.boundaries import conflicts
from store.journal.inbox import Inboxed
from store.people.person import person_named
from store.views import members
from telling.languages import phrase, said
from web.console.operators import Operator, Working, own_nonce
from web.console.page_frame import frame
from web.shared.acts.submit_news import hand_over
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.rendering import page
from web.shared.sessions import bound_to, reader_like

router = APIRouter(prefix="/conflicts")

NOBODY = phrase("Nobody here is meant by this. Give an e-mail address of theirs, or the name of an organisation.")
NEAR = phrase("Nobody in particular has exactly this address. If one of these is meant, give their id: %(people)s.")
SAME = phrase("Both sides are the same. Name two.")
ALREADY = phrase("They are kept apart already.")
LONG = phrase("Please shorten this: 200 characters at most.")
SIDE = 200  # characters

FieldFaults = dict[str, tuple[str, str]]  # beside each field: what is wrong, and who may have been meant


@router.get("")
async def kept_apart(request: Request, working: Working, programme: str | None = None, one: str = "") -> Response:
    return await show(request, working, working.programme(programme), {"one": one[:SIDE]}, {})


@router.post("")
async def keep_apart(
    request: Request,
    working: Working,
    nonce: Annotated[str, Form()] = "",
    one: Annotated[str, Form()] = "",
    other: Annotated[str, Form()] = "",
    programme: str | None = None,
) -> Response:
    house, chosen = house_of(request), working.programme(programme)
    own_nonce(house, working, nonce)
    now = house.clock()

    def mark(connection: Connection) -> FieldFaults | tuple[Inboxed, ...]:
        typed = {"one": one.strip(), "other": other.strip()}
        if too_long := {name: (LONG, "") for name, each in typed.items() if len(each) > SIDE}:
            return too_long
        first, second = (conflicts.side_meant(connection, chosen, each) for each in typed.values())
        meant = zip(typed.items(), (first, second), strict=True)
        faults = {name: _nobody(connection, chosen, each) for (name, each), side in meant if side is None}
        if faults or first is None or second is None:
            return faults
        if first.key == second.key:
            return {"other": (SAME, "")}
        told = conflicts.mark(connection, chosen, first, second, "console", working.id, now)
        return {"other": (ALREADY, "")} if told is None else told

    found = await house.database.write(mark)
    if isinstance(found, dict):
        return await show(request, working, chosen, {"one": one, "other": other}, found)
    await asyncio.gather(*(hand_over(house, each) for each in found))
    return RedirectResponse(f"/console/conflicts?programme={chosen}", 303)


def _nobody(connection: Connection, programme: ProgrammeId, named: str) -> tuple[str, str]:
    """Whose address is near it is told by name and id; the addresses themselves stay masked in the console."""
    near = ", ".join(f"{each.name} ({each.person})" for each in conflicts.choice_of(connection, programme, named))
    return (NEAR, near) if near else (NOBODY, "")


@router.post("/{conflict}/end")
async def end(
    request: Request,
    working: Working,
    conflict: str,
    nonce: Annotated[str, Form()] = "",
    programme: str | None = None,
) -> Response:
    house, chosen = house_of(request), working.programme(programme)
    now = house.clock()

    def lift(connection: Connection) -> None:
        if not conflicts.lift(connection, (chosen,), conflict, working.id, now):
            raise HTTPException(404)
        own_nonce(house, working, nonce)

    await house.database.write(lift)
    return RedirectResponse(f"/console/conflicts?programme={chosen}", 303)


async def show(
    request: Request, working: Operator, programme: ProgrammeId, typed: dict[str, str], faults: FieldFaults
) -> Response:
    house, reader = house_of(request), reader_like(request, working.profile)
    now = house.clock()

    def read(connection: Connection) -> tuple[tuple[conflicts.Conflict, ...], str]:
        meant = PersonId(typed.get("one", ""))
        known = meant and members.member(connection, programme, meant, now)
        found = person_named(connection, meant) if known else None
        return conflicts.listed(connection, programme), found.name if found else ""

    found, named = await house.database.read(read)
    return page(
        request,
        "console/conflicts.html",
        reader,
        422 if faults else 200,
        **frame(request, working),
        programme=programme,
        found=found,
        named=named,
        typed=typed,
        faults={field: said(words, reader.language, people=people) for field, (words, people) in faults.items()},
        nonce=new_nonce(house.keys, bound_to(working.profile)),
    )
