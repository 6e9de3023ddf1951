"""Boundaries a person draws. Pause until a day, block somebody, or get no more letters at all."""

import asyncio
from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from models.ids import IntroductionId
from store.boundaries import opt_outs_and_blocks, resting_asks
from store.boundaries.opt_outs_and_blocks import SeenRequester
from store.journal.inbox import Inboxed
from store.people import person
from store.people.person import Profile
from telling.languages import phrase
from web.me.settings.steps import done, read, show
from web.shared.acts.submit_news import hand_over
from web.shared.house import House, house_of
from web.shared.http.security import read_nonce
from web.shared.sessions import bound_to, somebody

router = APIRouter()
Me = Annotated[Profile, Depends(somebody)]

LONGEST_PAUSE = timedelta(days=366)
NO_DAY = phrase("Please choose a day from tomorrow on, at most a year away.")


@router.post("/me/pause")
async def pause(request: Request, me: Me) -> Response:
    form, house = await read(request, me), house_of(request)
    day = form.day("until")
    if day is None or not is_ahead(day, house, me):
        form.fault("until", NO_DAY)
        return await show(request, me, "pause", form)
    until = person.first_instant(day, me.person.zone)
    await house.database.write(lambda connection: person.pause(connection, me.person.id, until))
    return done("paused")


@router.post("/me/pause/end")
async def end_pause(request: Request, me: Me, nonce: Annotated[str, Form()] = "") -> Response:
    own_nonce(request, me, nonce)
    await house_of(request).database.write(lambda connection: person.pause(connection, me.person.id, None))
    return done("unpaused")


@router.post("/me/return")
async def come_back(request: Request, me: Me, nonce: Annotated[str, Form()] = "") -> Response:
    """One press ends every pause of theirs: the one they published, and any in which their asks rest."""
    house = house_of(request)
    own_nonce(request, me, nonce)
    now = house.clock()

    def end(connection: Connection) -> None:
        person.pause(connection, me.person.id, None)
        resting_asks.end_all(connection, me.person.id, now)

    await house.database.write(end)
    return RedirectResponse("/me?said=returned", 303)


@router.post("/me/opt-out")
async def opt_out(request: Request, me: Me, nonce: Annotated[str, Form()] = "") -> Response:
    house, kept_as = house_of(request), own_nonce(request, me, nonce)
    now = house.clock()
    told = await house.database.write(
        lambda connection: opt_outs_and_blocks.opt_out(connection, me.person.id, house.keys, f"{kept_as}.out", now)
    )
    await tell_all(house, told)
    return done("opted_out")


@router.post("/me/opt-out/end")
async def opt_in_again(request: Request, me: Me, nonce: Annotated[str, Form()] = "") -> Response:
    house = house_of(request)
    own_nonce(request, me, nonce)
    await house.database.write(
        lambda connection: opt_outs_and_blocks.opt_in_again(connection, me.person.id, house.keys)
    )
    return done("opted_in")


@router.post("/me/blocks/{other}")
async def block(request: Request, me: Me, other: str, nonce: Annotated[str, Form()] = "") -> Response:
    house, kept_as = house_of(request), own_nonce(request, me, nonce)
    now = house.clock()

    def block_if_met(connection: Connection) -> tuple[Inboxed, ...] | None:
        found = met(connection, me, other)
        if found is None:
            return None
        unnamed_in = None if found.name else IntroductionId(found.key)
        return opt_outs_and_blocks.block_person(
            connection, me.person.id, found.person, f"{kept_as}.block", now, unnamed_in=unnamed_in
        )

    told = await house.database.write(block_if_met)
    if told is None:
        raise HTTPException(404)
    await tell_all(house, told)
    return done("blocked", "blocks")


@router.post("/me/blocks/{other}/end")
async def unblock(request: Request, me: Me, other: str, nonce: Annotated[str, Form()] = "") -> Response:
    own_nonce(request, me, nonce)

    def unblock_if_met(connection: Connection) -> None:
        found = met(connection, me, other)
        if found:
            opt_outs_and_blocks.unblock(connection, me.person.id, found)

    await house_of(request).database.write(unblock_if_met)
    return done("unblocked", "blocks")


def met(connection: Connection, me: Profile, key: str) -> SeenRequester | None:
    """Whom this stands for on their page."""
    return next((each for each in opt_outs_and_blocks.people_met(connection, me.person.id) if each.key == key), None)


async def tell_all(house: House, told: tuple[Inboxed, ...]) -> None:
    """What is under way hears of it at once where it can; the rows hold its letters back in any case."""
    await asyncio.gather(*(hand_over(house, each) for each in told))


def own_nonce(request: Request, me: Profile, nonce: str) -> str:
    kept_as = read_nonce(house_of(request).keys, bound_to(me), nonce)
    if kept_as is None:
        raise HTTPException(422)
    return kept_as


def is_ahead(day: date, house: House, me: Profile) -> bool:
    today = house.clock().astimezone(ZoneInfo(me.person.zone)).date()
    return today < day <= today + LONGEST_PAUSE
