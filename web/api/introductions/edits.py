"""Edits of a request by a key. New words over the old, by If-Match, for the requester to confirm."""

from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.acts import FIELDS
from models.ids import IntroductionId, PersonId
from models.process.state.opening import MadeBy
from models.request.faults import Fault
from store.access.api_keys import ApiKey
from store.journal.state import as_requesters_said
from store.requests import edits
from store.requests.edits import Changed, Written
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import Writer
from web.api.entrance.idempotency import Once, PostedOnce
from web.api.entrance.preconditions import Matching, OverWhatWasRead
from web.api.introductions.acts import VERDICT, as_it_was_read, begun, handed, let_go, may
from web.api.introductions.request_faults import faults_refused
from web.api.openapi import PROBLEMS
from web.shared.house import house_of
from web.shared.http.problems import FieldError, Refusal

router = APIRouter(route_class=StrictRoute, tags=["introductions"], responses=PROBLEMS)


@router.patch(
    "/introductions/{introduction}",
    response_model=schemas.VerdictResource,
    responses=VERDICT,
)
async def edit_introduction(
    request: Request, key: Writer, once: PostedOnce, introduction: str, changes: schemas.Changes, read: OverWhatWasRead
) -> Response:
    """Change what the request says. The requester is asked first whether that is what they want to say.

    Whoever had agreed to the earlier words is asked again after that. The promised date stays.
    """
    found = await begun(request, key, once, introduction)
    if isinstance(found, Response):
        return found
    try:
        return await _edit(request, key, once, found.id, changes, read)
    except Refusal:
        await let_go(request, key, once)
        raise


async def _edit(
    request: Request,
    key: ApiKey,
    once: Once,
    introduction: IntroductionId,
    changes: schemas.Changes,
    read: Matching,
) -> Response:
    house = house_of(request)
    now = house.clock()
    written, changed, faults = await house.database.read(
        lambda connection: _looked_at(connection, key, introduction, changes, read, now)
    )
    if faults:
        raise faults_refused(faults)
    if changed.texts == _said_now(written) and changed.answers == written.answers:
        nothing = FieldError(field="note", name="unchanged", detail="These are the words as they stand.")
        raise Refusal(422, "invalid", [nothing])
    news = edits.news_of(written, changed, PersonId(key.id), "key")

    def check(connection: Connection) -> None:
        if as_it_was_read(connection, key, introduction, read).version != written.version:
            raise Refusal(412, "changed")
        may(connection, key, introduction, news, now)

    def beside(connection: Connection) -> None:
        edits.keep(connection, written, changed, news, now)

    return await handed(request, key, once, introduction, news, check, beside)


def _looked_at(
    connection: Connection,
    key: ApiKey,
    introduction: IntroductionId,
    changes: schemas.Changes,
    read: Matching,
    now: datetime,
) -> tuple[Written, Changed, tuple[Fault, ...]]:
    """The words as they stand and as they are to be. Looked at once more as they are kept."""
    stands = as_it_was_read(connection, key, introduction, read)
    state = as_requesters_said(connection, [introduction], now).get(introduction)
    if state is None:
        raise Refusal(409, "refused")
    written = edits.written(connection, state)
    if stands.changes:  # over words that nobody has heard yet there is nothing to change
        raise Refusal(409, "not_heard_yet", headers={"retry-after": "1"})
    changed = _over(written, changes)
    return written, changed, edits.faults(connection, written, changed, MadeBy.KEY, now)


def _said_now(written: Written) -> dict[str, str]:
    return {name: written.texts.get(name, "") for name in FIELDS}


def _over(written: Written, changes: schemas.Changes) -> Changed:
    """What is not named stays as it is."""
    given = {name: text for name in FIELDS if (text := getattr(changes, name)) is not None}
    return Changed(**_said_now(written) | given, answers=written.answers | changes.answers)
