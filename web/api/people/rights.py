"""People's rights: export and erasure. A copy of everything about somebody, and having them forgotten."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection, exists, or_, select
from starlette.responses import Response

from models.ids import PersonId
from store.access import idempotency
from store.access.api_keys import ApiKey
from store.access.idempotency import Answered
from store.privacy.erasure import jobs, records_of
from store.privacy.erasure.jobs import ErasureAsked
from store.privacy.export.staff_copy import copy_for_staff
from store.tables import introduction, membership, person
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import Keeper
from web.api.entrance.idempotency import Once, PostedOnce, claim, replay
from web.api.openapi import PROBLEMS
from web.shared.acts.submit_news import hand_over
from web.shared.house import House, house_of
from web.shared.http.problems import Refusal

router = APIRouter(route_class=StrictRoute, tags=["people"], responses=PROBLEMS)


@router.get("/people/{person}/export")
async def export_person(request: Request, key: Keeper, person: str) -> schemas.Export:
    """What staff may read about them, and that there is more: the whole copy is on their own page."""
    house = house_of(request)
    now = house.clock()

    def copied(connection: Connection) -> schemas.Export | None:
        if not _is_here(connection, key, person):
            return None
        found = copy_for_staff(connection, PersonId(person), now)
        return schemas.Export(person=person, at=now, sections=found.sections, left_out=found.left_out)

    found = await house.database.read(copied)
    if found is None:
        raise Refusal(404, "not_found")
    return found


@router.post("/people/{person}/erasure", status_code=202, response_model=schemas.Erasure)
async def erase_person(
    request: Request, key: Keeper, once: PostedOnce, person: str, nothing: schemas.Nothing | None = None
) -> Response:
    """Forget somebody, on their word. They are gone for everybody when this answers; it cannot be undone."""
    house = house_of(request)
    asked = await house.database.write(lambda connection: _ask(connection, house, key, once, person))
    if asked is None:
        raise Refusal(404, "not_found")
    if isinstance(asked, Answered):
        return replay(asked)
    for each in asked.told:
        await hand_over(house, each)
    return Response(_view(asked.erasures[0]).model_dump_json(), 202, media_type="application/json")


@router.get("/erasures/{erasure}")
async def get_erasure(request: Request, key: Keeper, erasure: str) -> schemas.Erasure:
    """How far it is."""
    found = await house_of(request).database.read(lambda connection: _one(connection, key, erasure))
    if found is None:
        raise Refusal(404, "not_found")
    return _view(found)


def _ask(connection: Connection, house: House, key: ApiKey, once: Once, who: str) -> ErasureAsked | Answered | None:
    now = house.clock()
    earlier = claim(connection, key.programme, once, now)
    if earlier:
        return earlier
    if not _is_here(connection, key, who):
        idempotency.release(connection, key.programme, once.key)
        return None
    asked = jobs.ask(connection, PersonId(who), house.keys, "key", now)
    body = _view(asked.erasures[0]).model_dump_json()
    idempotency.settle(connection, key.programme, once.key, 202, body)
    return asked


def _is_here(connection: Connection, key: ApiKey, who: str) -> bool:
    """A member of this key's programme, or part of an introduction in it; anybody else is not there."""
    belongs = or_(
        exists().where(membership.c.person == person.c.id, membership.c.programme == key.programme),
        exists().where(introduction.c.programme == key.programme, records_of.has_part(PersonId(who))),
    )
    found = select(person.c.id).where(person.c.id == who, person.c.erased_at.is_(None), belongs)
    return connection.execute(found).first() is not None


def _one(connection: Connection, key: ApiKey, erasure: str) -> jobs.ErasureJob | None:
    found = jobs.get(connection, erasure)
    if found is None:
        return None
    tenants = select(person.c.tenant).join(membership, membership.c.person == person.c.id)
    ours = tenants.where(membership.c.programme == key.programme, person.c.tenant == found.tenant).limit(1)
    return found if connection.execute(ours).first() else None


def _view(found: jobs.ErasureJob) -> schemas.Erasure:
    return schemas.Erasure(
        id=found.id, person=found.person, state=found.state, asked_at=found.asked_at, done_at=found.done_at
    )
