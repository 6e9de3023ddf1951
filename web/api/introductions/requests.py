"""Introductions as a key creates, lists and reads them, each with its events."""

import json
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from sqlalchemy import Connection
from starlette.responses import Response

from models.acts import FIELDS
from models.base import Frozen
from models.ids import IntroductionId, PersonId
from models.process.state.opening import MadeBy
from models.record.disclosure import Progress
from models.request.request import Listed, Need, Outside, Whom
from models.request.request import Request as Asked
from store.access import idempotency
from store.access.api_keys import ApiKey
from store.access.idempotency import Answered
from store.requests.new_requests import Faults, RequestKept, keep_request
from store.views.progress import Seen, Wanted, seen, seen_page
from web.api import schemas
from web.api.entrance import cursors
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import ReadingKey, Writer
from web.api.entrance.idempotency import Once, PostedOnce, claim, replay
from web.api.entrance.instants import in_utc, is_written
from web.api.introductions.acts import etag
from web.api.introductions.outcomes import etag_of
from web.api.introductions.request_faults import faults_refused
from web.api.introductions.requester_view import KeysActs, acts_of, events_view, introduction_view
from web.api.openapi import PROBLEMS
from web.shared.acts.start_workflow import begin
from web.shared.house import House, house_of
from web.shared.http.problems import FieldError, Refusal

router = APIRouter(route_class=StrictRoute, tags=["introductions"], responses=PROBLEMS)
FIRST = 1  # version of a request


class Listing(Frozen):
    """What a list is narrowed to."""

    stage: Progress | None = None
    requester: schemas.Id | None = None
    updated_after: Annotated[AwareDatetime, BeforeValidator(is_written), AfterValidator(in_utc)] | None = None
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = Field(default=None, max_length=400, description="`next` of the page before")

    @property
    def scope(self) -> str:
        return f"{self.stage} {self.requester} {self.updated_after}"


@router.post("/introductions", status_code=201, response_model=schemas.IntroductionResource)
async def create_introduction(
    request: Request, key: Writer, once: PostedOnce, asked: schemas.NewIntroduction
) -> Response:
    """Ask for an introduction on a requester's behalf. The requester confirms it before anybody else is asked."""
    house = house_of(request)
    kept = await house.database.write(lambda connection: _create(connection, house, key, once, asked))
    if isinstance(kept, Answered):
        return replay(kept, _beside(request, json.loads(kept.response)["id"]))
    opening, answer = kept
    await begin(house, opening.opening)
    return Response(answer, 201, _beside(request, opening.opening.id), "application/json")


@router.get("/introductions")
async def list_introductions(request: Request, key: ReadingKey, listing: Annotated[Listing, Query()]) -> schemas.Page:
    """The newest first."""
    house = house_of(request)
    wanted = _wanted(house, key, listing)
    found, may = await house.database.read(lambda connection: _page(connection, key, wanted, house.clock()))
    page, last = found[: listing.limit], found[listing.limit - 1] if len(found) > listing.limit else None
    following = cursors.cursor(house.keys, _scope(key, listing), last.asked_at, last.id) if last else None
    return schemas.Page(introductions=tuple(introduction_view(each, may[each.id]) for each in page), next=following)


@router.get("/introductions/{introduction}")
async def get_introduction(
    request: Request, response: Response, key: ReadingKey, introduction: str
) -> schemas.IntroductionResource:
    """How far it is. Everything but progress stays between the people concerned. Its ETag is what an edit matches."""
    now = house_of(request).clock()

    def look(connection: Connection) -> tuple[Seen, KeysActs]:
        """In one read: an edit heard between two would show the words of before with the acts of after."""
        found = _one(connection, key, introduction, now)
        return found, acts_of(connection, key, [found], now)

    found, may = await house_of(request).database.read(look)
    response.headers["etag"] = etag(found)
    return introduction_view(found, may[found.id])


@router.get("/introductions/{introduction}/events")
async def get_events(request: Request, key: ReadingKey, introduction: str) -> schemas.Events:
    """What has happened, in order: ids, kinds and times."""
    # What has been heard, so that the times stay as they are.
    return events_view(await house_of(request).database.read(lambda connection: _one(connection, key, introduction)))


def _create(
    connection: Connection, house: House, key: ApiKey, once: Once, asked: schemas.NewIntroduction
) -> tuple[RequestKept, str] | Answered:
    """One transaction: the answer to a repetition stands exactly where the introduction does."""
    now = house.clock()
    earlier = claim(connection, key.programme, once, now)
    if earlier:
        return earlier
    outcome = keep_request(connection, _asked(key, asked), now)
    if isinstance(outcome, Faults):
        raise faults_refused(outcome.faults)
    made = seen(connection, key.programme, outcome.opening.id)
    assert made
    answer = introduction_view(made, acts_of(connection, key, [made], now)[made.id]).model_dump_json()
    idempotency.settle(connection, key.programme, once.key, 201, answer)
    return outcome, answer


def _beside(request: Request, made: str) -> dict[str, str]:
    """Where it is read, and the ETag of its first words: the same where the answer is given again."""
    return {"location": f"{request.scope.get('root_path', '')}/introductions/{made}", "etag": etag_of(FIRST)}


def _asked(key: ApiKey, new: schemas.NewIntroduction) -> Asked:
    return Asked(
        programme=key.programme,
        requester=PersonId(new.requester),
        whom=_whom(new.target),
        **{name: getattr(new, name) for name in FIELDS},
        answers=new.answers,
        unnamed=new.unnamed,
        track=new.track,
        made_by=MadeBy.KEY,
    )


def _whom(target: str | schemas.SomebodyOutside | schemas.TargetByNeed) -> Whom:
    match target:
        case str():
            return Listed(person=PersonId(target))
        case schemas.SomebodyOutside(name=name, organisation=organisation):
            return Outside(name=name, organisation=organisation)
        case schemas.TargetByNeed(need=words):
            return Need(words=words)


def _page(connection: Connection, key: ApiKey, wanted: Wanted, now: datetime) -> tuple[tuple[Seen, ...], KeysActs]:
    found = seen_page(connection, key.programme, wanted, now)
    return found, acts_of(connection, key, found[: wanted.limit], now)


def _one(connection: Connection, key: ApiKey, introduction: str, now: datetime | None = None) -> Seen:
    found = seen(connection, key.programme, IntroductionId(introduction), now)
    if found is None:
        raise Refusal(404, "not_found")
    return found


def _wanted(house: House, key: ApiKey, listing: Listing) -> Wanted:
    after = cursors.place(house.keys, _scope(key, listing), listing.cursor) if listing.cursor is not None else None
    if listing.cursor is not None and after is None:
        raise Refusal(
            400, "invalid", [FieldError(field="cursor", name="malformed", detail="This is no cursor of ours.")]
        )
    return Wanted(
        stage=listing.stage,
        requester=PersonId(listing.requester) if listing.requester else None,
        updated_after=listing.updated_after,
        after=after,
        limit=listing.limit,
    )


def _scope(key: ApiKey, listing: Listing) -> str:
    return f"{key.programme} {listing.scope}"
