"""Acts that say nothing but what they are: withdrawal, stop, hold and resume. Kept as news, then handed over."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.ids import PersonId
from models.news import Held, News, Resumed, Stopped, Withdrew
from store.views.progress import Seen
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import Writer
from web.api.entrance.idempotency import PostedOnce
from web.api.entrance.preconditions import AsLongAs
from web.api.introductions.acts import VERDICT, hear
from web.api.openapi import PROBLEMS

router = APIRouter(route_class=StrictRoute, tags=["introductions"], responses=PROBLEMS)


def _act(noun: str, name: str, means: str, news: Callable[[Seen, PersonId], News]) -> None:
    """`news`: by whom it is said, the requester of what was found or the key."""

    @router.post(
        f"/introductions/{{introduction}}/{noun}",
        response_model=schemas.VerdictResource,
        responses=VERDICT,
        name=name,
        description=means,
    )
    async def handed_in(
        request: Request,
        key: Writer,
        once: PostedOnce,
        introduction: str,
        read: AsLongAs,
        nothing: schemas.Nothing | None = None,
    ) -> Response:
        return await hear(request, key, once, introduction, read, lambda found: news(found, PersonId(key.id)))


_act(
    "withdrawal",
    "withdraw_introduction",
    "The requester takes the request back. Nothing is said to anybody who was not asked yet.",
    lambda found, _: Withdrew(by=found.requester),
)
_act(
    "stop",
    "stop_introduction",
    "The programme ends it. The requester hears at the promised time, as of every ending without an introduction.",
    lambda _, key: Stopped(by=key),
)
_act(
    "hold",
    "hold_introduction",
    "No letter leaves and nobody's time runs until it is resumed; answers are heard, and the promised date stays.",
    lambda _, key: Held(by=key),
)
_act(
    "resume",
    "resume_introduction",
    "It goes on; everybody has as much time left as they had.",
    lambda _, key: Resumed(by=key),
)
