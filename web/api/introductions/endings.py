"""The requester's withdrawal, or a stop by staff: kept as news, then handed over."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.ids import PersonId
from models.news import Stopped, Withdrew
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import Writer
from web.api.entrance.idempotency import PostedOnce
from web.api.entrance.preconditions import AsLongAs
from web.api.introductions.acts import VERDICT, hear
from web.api.openapi import PROBLEMS

router = APIRouter(route_class=StrictRoute, tags=["introductions"], responses=PROBLEMS)


@router.post(
    "/introductions/{introduction}/withdrawal",
    response_model=schemas.VerdictResource,
    responses=VERDICT,
)
async def withdraw_introduction(
    request: Request,
    key: Writer,
    once: PostedOnce,
    introduction: str,
    read: AsLongAs,
    nothing: schemas.Nothing | None = None,
) -> Response:
    """The requester takes the request back. Nothing is said to anybody who was not asked yet."""
    return await hear(request, key, once, introduction, read, lambda found: Withdrew(by=found.requester))


@router.post(
    "/introductions/{introduction}/stop",
    response_model=schemas.VerdictResource,
    responses=VERDICT,
)
async def stop_introduction(
    request: Request,
    key: Writer,
    once: PostedOnce,
    introduction: str,
    read: AsLongAs,
    nothing: schemas.Nothing | None = None,
) -> Response:
    """The programme ends it. The requester hears at the promised time, as of every ending without an introduction."""
    return await hear(request, key, once, introduction, read, lambda _: Stopped(by=PersonId(key.id)))
