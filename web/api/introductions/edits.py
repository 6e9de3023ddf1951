"""Edits of a request by a key. New words over the old, by If-Match, for the requester to confirm."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.acts import FIELDS
from models.ids import PersonId
from models.process.introduction import MadeBy
from store.access.api_keys import ApiKey
from store.access.idempotency import Answered
from store.requests import edits
from store.requests.edits import Changed, Written
from store.views.progress import Seen
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import Writer
from web.api.entrance.idempotency import Once, PostedOnce, replay
from web.api.introductions.acts import begun, heard, let_go
from web.api.introductions.request_faults import faults_refused
from web.api.openapi import PROBLEMS
from web.shared.house import House, house_of
from web.shared.http.problems import FieldError, Refusal

router = APIRouter(route_class=StrictRoute, tags=["introductions"], responses=PROBLEMS)
Matching = Annotated[
    str, Header(alias="If-Match", max_length=40, description="the ETag of the introduction as it was read")
]


@router.patch(
    "/introductions/{introduction}",
    response_model=schemas.VerdictResource,
    responses={202: {"model": schemas.VerdictResource}},
)
async def edit_introduction(
    request: Request, key: Writer, once: PostedOnce, introduction: str, changes: schemas.Changes, if_match: Matching
) -> Response:
    """Change what the request says. The requester is asked first whether that is what they want to say.

    Whoever had agreed to the earlier words is asked again after that. The promised date stays.
    """
    house = house_of(request)
    found = await begun(house, key, once, introduction)
    if isinstance(found, Answered):
        return replay(found)
    written = await house.database.read(lambda connection: edits.written(connection, found.id))
    if written is None or if_match != etag(found):
        return await _let_go(house, key, once, Refusal(409, "changed"))
    return await _edit(house, key, once, found, written, changes)


def etag(found: Seen) -> str:
    return f'"{found.version}"'


async def _edit(
    house: House, key: ApiKey, once: Once, found: Seen, written: Written, changes: schemas.Changes
) -> Response:
    now, changed = house.clock(), _over(written, changes)
    faults = await house.database.read(lambda connection: edits.faults(connection, written, changed, MadeBy.KEY, now))
    if faults:
        return await _let_go(house, key, once, faults_refused(faults))
    if changed.texts == _said_now(written):
        nothing = FieldError(field="note", name="unchanged", detail="These are the words as they stand.")
        return await _let_go(house, key, once, Refusal(422, "invalid", [nothing]))
    news = edits.news_of(written, changed, PersonId(key.id), "key")

    def beside(connection: Connection) -> None:
        edits.keep(connection, written, changed, news, now)

    return await heard(house, key, once, found, news, beside)


async def _let_go(house: House, key: ApiKey, once: Once, refusal: Refusal) -> Response:
    await let_go(house, key, once)
    raise refusal


def _said_now(written: Written) -> dict[str, str]:
    return {name: written.texts.get(name, "") for name in FIELDS}


def _over(written: Written, changes: schemas.Changes) -> Changed:
    """What is not named stays as it is."""
    given = {name: text for name in FIELDS if (text := getattr(changes, name)) is not None}
    return Changed(**_said_now(written) | given)
