"""Outcomes of acts: where a program reads what has become of what it handed in.

What could not be heard at once is recorded (202), and its address says when it has been taken, or refused and why.
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from models.process.verdict import Reason
from store.access.api_keys import Scope
from store.journal.key_acts import FOR_STAFF, KeyAct, key_act
from web.api import schemas
from web.api.entrance.body import StrictRoute
from web.api.entrance.callers import AnyKey
from web.api.openapi import PROBLEMS
from web.shared.house import house_of
from web.shared.http.problems import Refusal, answer, problem

router = APIRouter(route_class=StrictRoute, tags=["introductions"], responses=PROBLEMS)

NAMES = {
    "withdrew": "withdrawal",
    "edited": "edit",
    "stopped": "stop",
    "held": "hold",
    "resumed": "resume",
    "screened": "screening",
    "sent_back": "advice",
    "resent": "repetition",
}
_PROBLEMS: dict[Reason, schemas.WhyRefused] = {
    Reason.CLOSED: "closed",
    Reason.ALREADY_INTRODUCED: "already_introduced",
    Reason.OLD_VERSION: "changed",
}


@router.get("/acts/{act}")
async def get_act(request: Request, key: AnyKey, act: str) -> schemas.ActResource:
    """What has become of an act: `recorded` (it waits to be heard), `taken`, or `refused`, and why."""
    found = await house_of(request).database.read(lambda connection: key_act(connection, key.programme, act))
    if found is None or not _may_read(key.scopes, found):
        raise Refusal(404, "not_found")
    return schemas.ActResource(
        id=found.id,
        introduction=found.introduction,
        act=NAMES[found.kind],
        at=found.at,
        outcome=found.outcome,
        reason=problem_of(found.why_refused) if found.outcome == "refused" else None,
    )


def answer_to(request: Request, act: KeyAct) -> Response:
    """The answer to the act itself, as things stand now."""
    if act.outcome == "refused":
        name = problem_of(act.why_refused)
        return answer(problem(412 if name == "changed" else 409, name))
    said = schemas.VerdictResource(introduction=act.introduction, act=act.id, verdict=act.outcome)
    return Response(
        said.model_dump_json(), 200 if act.outcome == "taken" else 202, told_beside(request, act), "application/json"
    )


def told_beside(request: Request, act: KeyAct) -> dict[str, str]:
    """The headers of an answer that is no refusal: where its outcome can be read, and the ETag that its words now have.

    Sent again it has them again: who lost the answer on the way can write over these words too.
    """
    where = {} if act.outcome == "taken" else {"location": address_of(request, act)}
    return where if act.over is None else where | {"etag": etag_of(act.over + 1)}


def etag_of(words: int) -> str:
    """By the words of the request: the first are 1, and each change that was taken up counts."""
    return f'"{words}"'


def address_of(request: Request, act: KeyAct) -> str:
    return f"{request.scope.get('root_path', '')}/acts/{act.id}"


def problem_of(reason: Reason) -> schemas.WhyRefused:
    """By which name of a problem a key reads why the core would not take something."""
    return _PROBLEMS.get(reason, "refused")


def _may_read(scopes: frozenset[Scope], act: KeyAct) -> bool:
    return Scope.STAFF in scopes if act.kind in FOR_STAFF else bool(scopes & {Scope.READ, Scope.WRITE})
