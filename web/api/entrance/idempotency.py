"""Idempotent POSTs. By its Idempotency-Key, kept with what it did."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from sqlalchemy import Connection
from starlette.responses import Response

from models.base import Frozen
from models.ids import ProgrammeId
from store.access import idempotency
from store.access.idempotency import Answered, Claimed, InFlight, OtherBody
from web.shared.http.problems import MEDIA_TYPE, FieldError, Refusal

HEADER = "Idempotency-Key"
LONGEST = 200
REPLAYED = {"idempotency-replayed": "true"}
NOTHING: Mapping[str, str] = {}


class Once(Frozen):
    """One POST as it is known again: by its key, and by what it says."""

    key: str
    body_hash: str

    def nonce(self, programme: ProgrammeId) -> str:
        """The inbox's name for it: one row, whatever happens in between."""
        return hashlib.sha256(f"{programme} {self.key}".encode()).hexdigest()


async def _once(
    request: Request,
    key: Annotated[
        str,
        Header(
            alias=HEADER,
            pattern=r"^[!-~]([ -~]*[!-~])?$",
            max_length=LONGEST,
            description="new for each request, the same for each repetition of it",
        ),
    ],
) -> Once:
    if len(request.headers.getlist(HEADER)) != 1:
        raise Refusal(400, "invalid", [FieldError(field=HEADER, name="malformed", detail="One such header, not two.")])
    said = json.dumps(await _body(request), sort_keys=True)
    digest = hashlib.sha256(f"{request.method} {request.url.path} {said}".encode())
    return Once(key=key, body_hash=digest.hexdigest())


PostedOnce = Annotated[Once, Depends(_once)]


def claim(connection: Connection, programme: ProgrammeId, once: Once, now: datetime) -> Answered | None:
    """The answer there is already; None where it is ours to give."""
    match idempotency.claim(connection, programme, once.key, once.body_hash, now):
        case Claimed():
            return None
        case Answered() as earlier:
            return earlier
        case OtherBody():
            raise Refusal(
                422, "key_reused", [FieldError(field=HEADER, name="reused", detail="A new request needs a new key.")]
            )
        case InFlight():
            raise Refusal(409, "in_flight", headers={"retry-after": "1"})


def replay(earlier: Answered, beside: Mapping[str, str] = NOTHING) -> Response:
    """The same answer; `beside`: the headers it had that are the introduction's own."""
    media_type = "application/json" if earlier.status < 400 else MEDIA_TYPE
    return Response(earlier.response, earlier.status, REPLAYED | dict(beside), media_type)


async def _body(request: Request) -> Any:
    return await request.json() if await request.body() else {}
