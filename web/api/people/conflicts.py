"""Conflict lists, to a key that works for operators. All of it as in the console."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, Field
from sqlalchemy import Connection
from starlette.responses import Response

from models.base import Frozen
from store.access import idempotency
from store.access.api_keys import ApiKey
from store.access.idempotency import Answered
from store.boundaries import conflicts
from store.boundaries.conflicts import Conflict
from store.journal.inbox import Inboxed
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import StaffKey
from web.api.entrance.idempotency import Once, PostedOnce, claim, replay
from web.api.entrance.operators import operator_of
from web.api.openapi import PROBLEMS
from web.shared.acts.submit_news import hand_over
from web.shared.house import House, house_of
from web.shared.http.problems import Refusal, invalid

router = APIRouter(route_class=StrictRoute, tags=["operators"], responses=PROBLEMS)


class KeptApart(Frozen):
    """Two who are not introduced to one another, nor asked as connectors for each other. It holds both ways."""

    id: schemas.Id
    one: schemas.Side
    other: schemas.Side
    via: str = Field(description="console, import, terminal or key")
    at: AwareDatetime


class AllKeptApart(Frozen):
    """Those in force, the newest first."""

    items: tuple[KeptApart, ...]


@router.get("/conflicts")
async def list_conflicts(
    request: Request, key: StaffKey, operator: Annotated[schemas.Id, Query(description="the operator who reads it")]
) -> AllKeptApart:
    """Whom the key's programme keeps apart. Nobody but staff ever learns of it."""

    def read(connection: Connection) -> AllKeptApart:
        operator_of(connection, key, operator)
        return AllKeptApart(items=tuple(map(_view, conflicts.listed(connection, key.programme))))

    return await house_of(request).database.read(read)


@router.post("/conflicts", status_code=201, response_model=KeptApart)
async def mark_conflict(request: Request, key: StaffKey, once: PostedOnce, marking: schemas.NewConflict) -> Response:
    """Keep two apart from now on. What is under way between them ends, at the promised time, as any other."""
    house = house_of(request)
    found = await house.database.write(lambda connection: _mark(connection, house, key, once, marking))
    if isinstance(found, Answered):
        return replay(found)
    marked, told = found
    await asyncio.gather(*(hand_over(house, each) for each in told))
    return Response(marked.model_dump_json(), 201, media_type="application/json")


@router.post("/conflicts/{conflict}/end", response_model=KeptApart)
async def end_conflict(
    request: Request, key: StaffKey, once: PostedOnce, conflict: str, ending: schemas.ByOperator
) -> Response:
    """They may be introduced to one another again. What had ended stays ended."""
    house = house_of(request)
    found = await house.database.write(lambda connection: _end(connection, house, key, once, conflict, ending))
    if isinstance(found, Answered):
        return replay(found)
    return Response(found.model_dump_json(), 200, media_type="application/json")


def _mark(
    connection: Connection, house: House, key: ApiKey, once: Once, marking: schemas.NewConflict
) -> tuple[KeptApart, tuple[Inboxed, ...]] | Answered:
    """In one transaction: what is refused leaves no trace, and may come again under the same key."""
    now = house.clock()
    earlier = claim(connection, key.programme, once, now)
    if earlier:
        return earlier
    by = operator_of(connection, key, marking.operator)
    one, other = (_meant(connection, key, name, getattr(marking, name)) for name in ("one", "other"))
    if one.key == other.key:
        raise invalid("other", "same", "Both sides are the same; name two.")
    told = conflicts.mark(connection, key.programme, one, other, "key", by, now)
    if told is None:
        raise invalid("other", "already_apart", "They are kept apart already.")
    (row,) = (each for each in conflicts.listed(connection, key.programme) if set(each.sides) == {one, other})
    marked = _view(row)
    idempotency.settle(connection, key.programme, once.key, 201, marked.model_dump_json())
    return marked, told


def _end(
    connection: Connection, house: House, key: ApiKey, once: Once, which: str, ending: schemas.ByOperator
) -> KeptApart | Answered:
    now = house.clock()
    earlier = claim(connection, key.programme, once, now)
    if earlier:
        return earlier
    by = operator_of(connection, key, ending.operator)
    there = next((each for each in conflicts.listed(connection, key.programme) if each.id == which), None)
    if there is None or not conflicts.lift(connection, (key.programme,), which, by, now):
        raise Refusal(404, "not_found")
    ended = _view(there)
    idempotency.settle(connection, key.programme, once.key, 200, ended.model_dump_json())
    return ended


def _meant(connection: Connection, key: ApiKey, field: str, side: schemas.Side) -> conflicts.ConflictSide:
    found = conflicts.side_meant(connection, key.programme, side.person or side.organisation or "")
    if found is None or bool(found.person) != bool(side.person):
        raise invalid(
            field, "unknown", "Nobody here is meant by this: give the id of a person, or an organisation's name."
        )
    return found


def _view(found: Conflict) -> KeptApart:
    one, other = (
        schemas.Side(person=each.person) if each.person else schemas.Side(organisation=each.organisation)
        for each in found.sides
    )
    return KeptApart(id=found.id, one=one, other=other, via=found.via, at=found.at)
