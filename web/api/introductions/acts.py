"""Acts of a key on an introduction. Once, by its Idempotency-Key; kept as news, then handed over."""

from collections.abc import Callable
from datetime import datetime

from fastapi import Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.ids import IntroductionId, PersonId
from models.news import News
from models.process.possible import Key, refusal
from models.process.verdict import Reason, Refused, Taken
from store.access import idempotency
from store.access.api_keys import ApiKey
from store.access.idempotency import Answered
from store.journal.inbox import nothing_more
from store.journal.state import as_told
from store.views.progress import Seen, seen
from web.api import schemas
from web.api.entrance.idempotency import Once, claim, replay
from web.shared.house import House, house_of
from web.shared.http.problems import Refusal, answer, problem
from web.shared.submit_news import ToBeHeard, hand_in

_OVER = {Reason.CLOSED: "closed", Reason.ALREADY_INTRODUCED: "already_introduced"}


async def hear(
    request: Request, key: ApiKey, once: Once, introduction: str, news_of: Callable[[Seen], News]
) -> Response:
    """The whole of an act that is one piece of news: the same answer, however often it is sent."""
    house = house_of(request)
    found = await begun(house, key, once, introduction)
    if isinstance(found, Answered):
        return replay(found)
    return await heard(house, key, once, found, news_of(found))


async def begun(house: House, key: ApiKey, once: Once, introduction: str) -> Seen | Answered:
    now = house.clock()
    found = await house.database.write(lambda connection: _claimed(connection, key, once, introduction, now))
    if found is None:
        raise Refusal(404, "not_found")
    return found


def _claimed(
    connection: Connection, key: ApiKey, once: Once, introduction: str, now: datetime
) -> Seen | Answered | None:
    found = seen(connection, key.programme, IntroductionId(introduction))
    return (claim(connection, key.programme, once, now) or found) if found else None


async def heard(
    house: House, key: ApiKey, once: Once, found: Seen, news: News, beside: Callable[[Connection], None] = nothing_more
) -> Response:
    """After the end it is not even kept: a key learns what its requester was told, and no more."""
    case = await house.database.read(lambda connection: as_told(connection, found.id))
    why = refusal(case, Key(by=PersonId(key.id)), news, house.clock()) if case else None
    if why in _OVER:
        return await settled(house, key, once, answer(problem(409, _OVER[why])))
    return await handed(house, key, once, found.id, news, beside)


async def handed(
    house: House,
    key: ApiKey,
    once: Once,
    introduction: IntroductionId,
    news: News,
    beside: Callable[[Connection], None] = nothing_more,
) -> Response:
    """What the core says to it."""
    verdict = await hand_in(house, introduction, news, via="key", nonce=once.nonce(key.programme), beside=beside)
    return await settled(house, key, once, _answer(introduction, verdict))


async def let_go(house: House, key: ApiKey, once: Once) -> None:
    """Nothing was done: mended, it may come again under the same key."""
    await house.database.write(lambda connection: idempotency.release(connection, key.programme, once.key))


def _answer(introduction: IntroductionId, verdict: Taken | Refused | ToBeHeard) -> Response:
    match verdict:
        case Taken():
            said = schemas.VerdictResource(introduction=introduction, verdict="taken")
            return Response(said.model_dump_json(), 200, media_type="application/json")
        case ToBeHeard():
            said = schemas.VerdictResource(introduction=introduction, verdict="recorded")
            return Response(said.model_dump_json(), 202, media_type="application/json")
        case Refused():
            return answer(problem(409, "refused"))


async def settled(house: House, key: ApiKey, once: Once, given: Response) -> Response:
    body = bytes(given.body).decode()
    await house.database.write(
        lambda connection: idempotency.settle(connection, key.programme, once.key, given.status_code, body)
    )
    return given
