"""Acts of a key on an introduction. Once, by its Idempotency-Key; kept as news, then handed over.

What an act was said over is looked at in the transaction that keeps it, one act after the other: of several at the same
moment one is kept, and the others are told so there and then.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.ids import IntroductionId, PersonId
from models.news import News
from models.process.possible import Key, objection_to_keeping
from models.process.verdict import Refused, Taken
from store.access import idempotency
from store.access.api_keys import ApiKey
from store.access.idempotency import Answered
from store.journal.inbox import nothing_more
from store.journal.key_acts import BY_A_KEY, KeyAct, key_act_once
from store.journal.state import as_requesters_said
from store.views.progress import Seen, seen
from web.api import schemas
from web.api.entrance.idempotency import REPLAYED, Once, claim, replay
from web.api.entrance.preconditions import Matching
from web.api.introductions.outcomes import answer_to, etag_of, problem_of, told_beside
from web.shared.acts.submit_news import ToBeHeard, hand_in
from web.shared.house import house_of
from web.shared.http.problems import Refusal, answer

VERDICT: dict[int | str, dict[str, Any]] = {202: {"model": schemas.VerdictResource}}
FINAL = frozenset({"closed", "already_introduced", "refused"})  # the same, however often it is asked again


async def hear(
    request: Request,
    key: ApiKey,
    once: Once,
    introduction: str,
    matching: Matching,
    news_of: Callable[[Seen], News],
) -> Response:
    """The whole of an act that is one piece of news: one effect, however often it is sent."""
    found = await begun(request, key, once, introduction)
    if isinstance(found, Response):
        return found
    news, now = news_of(found), house_of(request).clock()

    def check(connection: Connection) -> None:
        as_it_was_read(connection, key, found.id, matching)
        may(connection, key, found.id, news, now)

    return await handed(request, key, once, found.id, news, check)


async def begun(request: Request, key: ApiKey, once: Once, introduction: str) -> Seen | Response:
    """The introduction; or, where this was sent before, what has become of it."""
    house = house_of(request)
    now = house.clock()
    found = await house.database.write(lambda connection: _claimed(request, connection, key, once, introduction, now))
    if found is None:
        raise Refusal(404, "not_found")
    return found


def as_it_was_read(connection: Connection, key: ApiKey, introduction: IntroductionId, matching: Matching) -> Seen:
    """The introduction as it stands in this transaction, if that is what the program read."""
    stands = seen(connection, key.programme, introduction)
    if stands is None:
        raise Refusal(404, "not_found")
    if not matching.fits(etag(stands)):
        raise Refusal(412, "changed")
    return stands


def etag(found: Seen) -> str:
    """A change that was taken up counts, whether or not it has been heard."""
    return etag_of(found.version + found.changes)


def may(connection: Connection, key: ApiKey, introduction: IntroductionId, news: News, now: datetime) -> None:
    """What would not be taken is not even kept: a key learns what its requester was told, and no more."""
    stands = as_requesters_said(connection, [introduction], now).get(introduction)
    why = objection_to_keeping(stands, Key(by=PersonId(key.id)), news, now) if stands else None
    if why:
        name = problem_of(why)
        raise Refusal(412 if name == "changed" else 409, name)


async def handed(
    request: Request,
    key: ApiKey,
    once: Once,
    introduction: IntroductionId,
    news: News,
    check: Callable[[Connection], None],
    beside: Callable[[Connection], None] = nothing_more,
) -> Response:
    """Kept, if `check` lets it; then what the core says to it."""
    house, nonce = house_of(request), once.nonce(key.programme)
    try:
        verdict = await hand_in(house, introduction, news, via=BY_A_KEY, nonce=nonce, check=check, beside=beside)
    except Refusal as refused:
        return await _not_kept(request, key, once, refused)
    return await house.database.write(
        lambda connection: _settled(request, connection, key, once, _after(connection, introduction, nonce, verdict))
    )


async def let_go(request: Request, key: ApiKey, once: Once) -> None:
    """Nothing was done: mended, it may come again under the same key."""
    await house_of(request).database.write(lambda connection: idempotency.release(connection, key.programme, once.key))


async def _not_kept(request: Request, key: ApiKey, once: Once, refused: Refusal) -> Response:
    if refused.problem.type.rpartition(":")[2] not in FINAL:
        await let_go(request, key, once)
        raise refused
    said = answer(refused.problem)
    body = bytes(said.body).decode()
    await house_of(request).database.write(
        lambda connection: idempotency.settle(connection, key.programme, once.key, said.status_code, body)
    )
    return said


def _claimed(
    request: Request, connection: Connection, key: ApiKey, once: Once, introduction: str, now: datetime
) -> Seen | Response | None:
    found = seen(connection, key.programme, IntroductionId(introduction))
    if found is None:
        return None
    earlier = claim(connection, key.programme, once, now)
    kept = None if earlier else key_act_once(connection, found.id, once.nonce(key.programme))
    if kept:  # whoever was answering it has died: it is kept all the same
        return _settled(request, connection, key, once, kept)
    return _again(request, connection, key, once, found.id, earlier) if earlier else found


def _again(
    request: Request, connection: Connection, key: ApiKey, once: Once, introduction: IntroductionId, earlier: Answered
) -> Response:
    """What was only recorded may have been heard meanwhile: then that is the answer, from now on."""
    act = key_act_once(connection, introduction, once.nonce(key.programme)) if earlier.status < 400 else None
    if act is None:
        return replay(earlier)
    if earlier.status != 202:
        return replay(earlier, told_beside(request, act))
    said = _settled(request, connection, key, once, act)
    said.headers.update(REPLAYED)
    return said


def _after(
    connection: Connection, introduction: IntroductionId, nonce: str, verdict: Taken | Refused | ToBeHeard
) -> KeyAct:
    """The act with what was just said to it: the step that hears it may still be on its way into the ledger."""
    act = key_act_once(connection, introduction, nonce)
    assert act, "it has just been kept"
    match verdict:
        case Taken():
            return act.model_copy(update={"state": "taken"})
        case Refused(reason=reason):
            return act.model_copy(update={"state": "refused", "reason": reason})
        case ToBeHeard():
            return act


def _settled(request: Request, connection: Connection, key: ApiKey, once: Once, act: KeyAct) -> Response:
    said = answer_to(request, act)
    body = bytes(said.body).decode()
    idempotency.settle(connection, key.programme, once.key, said.status_code, body)
    return said
