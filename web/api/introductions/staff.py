"""Acts and readings of a key that works for operators. It reads what they may read, and does what they decided.

The key says that the program is the programme's own; each call says for which operator it speaks, because a request is
read by a human being, advice stands under a name, and nobody runs an introduction of their own. It stands in the ledger
as their act, and that it came by a key.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.ids import PersonId
from models.news import News, Screened, SentBack
from models.process.possible import Staff as AsStaff
from models.process.possible import objection_to_keeping
from models.request import operator_lines
from models.request.operator_lines import Unsendable
from store.access.api_keys import ApiKey
from store.asks.answer_attachments import Kept
from store.journal.inbox import nothing_more
from store.journal.state import as_staff_said
from store.people import person
from store.views.blind_words import tells_who_asks
from store.views.staff_story import Story
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import StaffKey
from web.api.entrance.idempotency import Once, PostedOnce
from web.api.entrance.preconditions import Matching, OverWhatWasRead
from web.api.introductions.acts import VERDICT, begun, handed, let_go
from web.api.introductions.staff_views import Desk, at_the_desk, drawn, etag_of
from web.api.openapi import PROBLEMS
from web.shared.acts.staff_acts import resent
from web.shared.house import house_of
from web.shared.http.problems import Refusal, invalid

router = APIRouter(route_class=StrictRoute, tags=["operators"], responses=PROBLEMS)
OperatorsWord = tuple[News, Callable[[Connection], None]]


@router.get("/introductions/{introduction}/desk")
async def get_desk(
    request: Request,
    response: Response,
    key: StaffKey,
    introduction: str,
    operator: Annotated[schemas.Id, Query(description="the operator who reads it")],
) -> Desk:
    """An introduction as this operator may work on it. Its ETag is what an act matches."""
    house = house_of(request)
    now = house.clock()

    def look(connection: Connection) -> tuple[Desk, str]:
        found = at_the_desk(connection, key, introduction, operator, now)
        return drawn(connection, found, operator, now), etag_of(connection, found)

    desk, response.headers["etag"] = await house.database.read(look)
    return desk


@router.post("/introductions/{introduction}/screening", response_model=schemas.VerdictResource, responses=VERDICT)
async def screen_introduction(
    request: Request,
    key: StaffKey,
    once: PostedOnce,
    introduction: str,
    reading: schemas.Reading,
    read: OverWhatWasRead,
) -> Response:
    """A request has been read: it goes to a connector, or its requester hears at the promised time."""
    by, approved = PersonId(reading.operator), reading.answer == "approve"
    seen_at = _At(key, introduction, by, read)
    return await _act(request, once, seen_at, lambda _, __: (Screened(by=by, approved=approved), nothing_more))


@router.post("/introductions/{introduction}/advice", response_model=schemas.VerdictResource, responses=VERDICT)
async def send_introduction_back(
    request: Request, key: StaffKey, once: PostedOnce, introduction: str, advice: schemas.Advice, read: OverWhatWasRead
) -> Response:
    """The request goes back with advice, under the operator's name; changed, it is read again."""
    by, now = PersonId(advice.operator), house_of(request).clock()

    def said(_: Connection, found: Story) -> OperatorsWord:
        kept = Kept(found.listed.id, by, now)
        words = kept.words("advice", _fit(operator_lines.advice(advice.words), "words"))
        assert words, "there are words"
        return SentBack(by=by, words=words), kept

    return await _act(request, once, _At(key, introduction, by, read), said)


@router.post(
    "/introductions/{introduction}/letters/{letter}/repetition",
    response_model=schemas.VerdictResource,
    responses=VERDICT,
)
async def repeat_letter(
    request: Request,
    key: StaffKey,
    once: PostedOnce,
    introduction: str,
    letter: str,
    repetition: schemas.Repetition,
    read: OverWhatWasRead,
) -> Response:
    """A letter goes out again, once: in place of one that did not arrive, or of a reminder that has not left."""
    by, now = PersonId(repetition.operator), house_of(request).clock()

    def said(connection: Connection, found: Story) -> OperatorsWord:
        line = next((each for each in found.letters if each.id == letter and each.is_past), None)
        if line is None:
            raise Refusal(404, "not_found")
        words = _fit(operator_lines.line(repetition.line), "line") if repetition.line.strip() else ""
        signed = f"{words} {_name(connection, by)}" if words else ""
        if signed and tells_who_asks(connection, found.listed, signed):
            raise invalid(
                "line", "names_you", "These words would tell whose request it is, which is read without a name."
            )
        kept = Kept(found.listed.id, by, now)
        return resent(line, by, kept.words("line", words)), kept

    return await _act(request, once, _At(key, introduction, by, read), said)


class _At(NamedTuple):
    """Which introduction, for whom, and as of which step it was read."""

    key: ApiKey
    introduction: str
    operator: PersonId
    read: Matching


async def _act(request: Request, once: Once, at: _At, said: Callable[[Connection, Story], OperatorsWord]) -> Response:
    """The core is asked of the introduction as staff may know it; what it would not take is not even kept."""
    house = house_of(request)
    found, now = await begun(request, at.key, once, at.introduction), house.clock()
    if isinstance(found, Response):
        return found
    try:
        news, beside = await house.database.read(lambda connection: said(connection, _as_read(connection, at, now)))
    except Refusal:
        await let_go(request, at.key, once)
        raise

    def check(connection: Connection) -> None:
        known = as_staff_said(connection, _as_read(connection, at, now).state)
        if known and objection_to_keeping(known, AsStaff(by=at.operator), news, now):
            raise Refusal(409, "refused")

    return await handed(request, at.key, once, found.id, news, check, beside)


def _as_read(connection: Connection, at: _At, now: datetime) -> Story:
    found = at_the_desk(connection, at.key, at.introduction, at.operator, now)
    if not at.read.fits(etag_of(connection, found)):
        raise Refusal(412, "changed")
    return found


def _name(connection: Connection, operator: PersonId) -> str:
    """Whoever asks may be an operator too: under the line stands whose it is."""
    found = person.profile(connection, operator)
    return found.person.name if found else ""


def _fit(words: str | Unsendable, field: str) -> str:
    if isinstance(words, Unsendable):
        raise invalid(field, *_UNFIT[words])
    return words


_UNFIT = {
    Unsendable.EMPTY: ("missing", "This is needed."),
    Unsendable.TOO_LONG: ("too_long", "This is too long."),
    Unsendable.UNREADABLE: ("unreadable", "This holds characters that cannot be read."),
    Unsendable.LINK: ("link", "Links and addresses have no place in it."),
    Unsendable.PLACEHOLDER: ("placeholder", "This holds a slot that was left unfilled."),
}
