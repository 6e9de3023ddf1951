"""Erasure asked for on one's own page. Asked twice, on pages of their own; from the second yes on it runs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from store.people.person import Profile
from store.privacy.erasure import jobs
from web.me.boundaries import own_nonce, tell_all
from web.shared.house import house_of
from web.shared.http.security import new_nonce
from web.shared.looks import wear_the_only_one
from web.shared.rendering import page, reader_of
from web.shared.sessions import bound_to, forget, reader_like, somebody

router = APIRouter()
Me = Annotated[Profile, Depends(somebody)]


@router.get("/me/erasure")
async def first_question(request: Request, me: Me) -> Response:
    return show(request, me, sure=False, missing=False)


@router.post("/me/erasure")
async def second_question(request: Request, me: Me, all_of_it: Annotated[str, Form()] = "") -> Response:
    """Nothing happens here but the asking again."""
    return show(request, me, sure=all_of_it == "yes", missing=all_of_it != "yes")


@router.post("/me/erasure/confirmed")
async def confirmed(
    request: Request, me: Me, nonce: Annotated[str, Form()] = "", sure: Annotated[str, Form()] = ""
) -> Response:
    house, now = house_of(request), house_of(request).clock()
    own_nonce(request, me, nonce)
    if sure != "yes":
        raise HTTPException(422)
    asked = await house.database.write(
        lambda connection: jobs.ask(connection, me.person.id, house.keys, "themself", now)
    )
    await tell_all(house, asked.told)
    answer = RedirectResponse("/me/forgotten", 303)
    forget(answer, house)
    return answer


@router.get("/me/forgotten")
async def forgotten(request: Request) -> Response:
    """Says what happens to whoever was here; to anybody else it says nothing."""
    await wear_the_only_one(request)
    return page(request, "me/forgotten.html", reader_of(request))


def show(request: Request, me: Profile, *, sure: bool, missing: bool) -> Response:
    house = house_of(request)
    return page(
        request,
        "me/erasure.html",
        reader_like(request, me),
        422 if missing else 200,
        me=me,
        sure=sure,
        missing=missing,
        nonce=new_nonce(house.keys, bound_to(me)),
        embedded=house.embedded,
    )
