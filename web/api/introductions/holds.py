"""Hold and resume. As the programme's staff; the promised date stays."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.ids import PersonId
from models.news import Held, Resumed
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import Writer
from web.api.entrance.idempotency import PostedOnce
from web.api.entrance.preconditions import AsLongAs
from web.api.introductions.acts import VERDICT, hear
from web.api.openapi import PROBLEMS

router = APIRouter(route_class=StrictRoute, tags=["introductions"], responses=PROBLEMS)


@router.post(
    "/introductions/{introduction}/hold",
    response_model=schemas.VerdictResource,
    responses=VERDICT,
)
async def hold_introduction(
    request: Request,
    key: Writer,
    once: PostedOnce,
    introduction: str,
    read: AsLongAs,
    nothing: schemas.Nothing | None = None,
) -> Response:
    """No letter leaves and nobody's time runs until it is resumed; answers are heard, and the promised date stays."""
    return await hear(request, key, once, introduction, read, lambda _: Held(by=PersonId(key.id)))


@router.post(
    "/introductions/{introduction}/resume",
    response_model=schemas.VerdictResource,
    responses=VERDICT,
)
async def resume_introduction(
    request: Request,
    key: Writer,
    once: PostedOnce,
    introduction: str,
    read: AsLongAs,
    nothing: schemas.Nothing | None = None,
) -> Response:
    """It goes on; everybody has as much time left as they had."""
    return await hear(request, key, once, introduction, read, lambda _: Resumed(by=PersonId(key.id)))
