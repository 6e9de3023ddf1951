"""Kinds of people, to a key that works for operators. As the console shows it, and given as there."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import Response

from models.base import Frozen
from models.ids import PersonId
from store.access import idempotency
from store.access.api_keys import ApiKey
from store.access.idempotency import Answered
from store.programmes import kinds
from store.views import members
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import StaffKey
from web.api.entrance.idempotency import Once, PostedOnce, claim, replay
from web.api.entrance.operators import operator_of
from web.api.openapi import PROBLEMS
from web.shared.house import House, house_of
from web.shared.http.problems import FieldError, Refusal

router = APIRouter(route_class=StrictRoute, tags=["operators"], responses=PROBLEMS)


class PersonsKind(Frozen):
    """Of which kind somebody is in the key's programme, and which kinds its policy tells apart."""

    person: schemas.Id
    kind: str | None = Field(description="none: the general caps are theirs")
    kinds: tuple[str, ...]


@router.get("/people/{person}/kind")
async def get_kind(
    request: Request,
    key: StaffKey,
    person: str,
    operator: Annotated[schemas.Id, Query(description="the operator who reads it")],
) -> PersonsKind:
    """Somebody's kind; how often they are asked goes by it."""

    def read(connection: Connection) -> PersonsKind:
        operator_of(connection, key, operator)
        return _kind(connection, key, PersonId(person))

    return await house_of(request).database.read(read)


@router.post("/people/{person}/kind", response_model=PersonsKind)
async def give_kind(
    request: Request, key: StaffKey, once: PostedOnce, person: str, giving: schemas.GivenKind
) -> Response:
    """Another kind, or none. Who gave it stays beside it, as in the console."""
    house = house_of(request)
    found = await house.database.write(lambda connection: _give(connection, house, key, once, PersonId(person), giving))
    if isinstance(found, Answered):
        return replay(found)
    return Response(found.model_dump_json(), 200, media_type="application/json")


def _give(
    connection: Connection, house: House, key: ApiKey, once: Once, who: PersonId, giving: schemas.GivenKind
) -> PersonsKind | Answered:
    """In one transaction: what is refused leaves no trace, and may come again under the same key."""
    now = house.clock()
    earlier = claim(connection, key.programme, once, now)
    if earlier:
        return earlier
    by = operator_of(connection, key, giving.operator)
    there = _kind(connection, key, who)
    if giving.kind is not None and giving.kind not in there.kinds:
        unknown = FieldError(field="kind", name="unknown", detail="The policy in force tells no such kind apart.")
        raise Refusal(422, "invalid", [unknown])
    kinds.give(connection, key.programme, who, giving.kind, by, now)
    given = there.model_copy(update={"kind": giving.kind})
    idempotency.settle(connection, key.programme, once.key, 200, given.model_dump_json())
    return given


def _kind(connection: Connection, key: ApiKey, who: PersonId) -> PersonsKind:
    found = members.kind_of(connection, key.programme, who)
    if found is None:
        raise Refusal(404, "not_found")
    (kind,) = found
    return PersonsKind(person=who, kind=kind, kinds=tuple(kinds.known(connection, key.programme)))
