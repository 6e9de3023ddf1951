"""Invitations, to a key that works for operators. Whom a file brought is written to once, as the console does it."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.base import Frozen
from models.ids import PersonId
from store.access import idempotency
from store.access.api_keys import ApiKey
from store.access.idempotency import Answered
from store.boundaries import invitations
from store.programmes.policies import policy_in_force
from store.views import members
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import StaffKey
from web.api.entrance.idempotency import Once, PostedOnce, claim, replay
from web.api.entrance.operators import operator_of
from web.api.openapi import PROBLEMS
from web.shared.house import House, house_of
from web.shared.http.problems import Refusal

router = APIRouter(route_class=StrictRoute, tags=["operators"], responses=PROBLEMS)


class PersonInvited(Frozen):
    """Whether this very call invited them, and whether a letter leaves for it. Nobody is invited twice."""

    person: schemas.Id
    invited: bool
    letter: bool


@router.post("/people/{person}/invite", response_model=PersonInvited)
async def invite(
    request: Request, key: StaffKey, once: PostedOnce, person: str, inviting: schemas.Inviting
) -> Response:
    """One welcome letter to a member whom a file brought. Until then nobody writes to them, or is told of them."""
    house = house_of(request)
    found = await house.database.write(
        lambda connection: _invite(connection, house, key, once, PersonId(person), inviting)
    )
    if isinstance(found, Answered):
        return replay(found)
    return Response(found.model_dump_json(), 200, media_type="application/json")


def _invite(
    connection: Connection, house: House, key: ApiKey, once: Once, who: PersonId, inviting: schemas.Inviting
) -> PersonInvited | Answered:
    now = house.clock()
    earlier = claim(connection, key.programme, once, now)
    if earlier:
        return earlier
    by = operator_of(connection, key, inviting.operator)
    if members.member(connection, key.programme, who, now) is None:
        raise Refusal(404, "not_found")
    policy = policy_in_force(connection, key.programme)
    done = invitations.invite(connection, key.programme, policy, by, now, [who])
    told = PersonInvited(person=who, invited=bool(done.people), letter=bool(done.letters))
    idempotency.settle(connection, key.programme, once.key, 200, told.model_dump_json())
    return told
