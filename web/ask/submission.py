"""The sending of a request. The draft that was looked at, exactly that, once, in one transaction."""

from datetime import datetime

from sqlalchemy import Connection

from models.base import Frozen
from models.ids import IntroductionId, ProgrammeId
from models.process.state.opening import Opening
from models.request.request import Request
from store.access import idempotency
from store.access.idempotency import Answered
from store.requests.drafts import draft_of, drop_draft
from store.requests.new_requests import Faults, keep_request
from web.ask.draft import Draft

TAKEN = 303


class Sent(Frozen):
    """Taken. `opening` is there the first time only: the same page sent twice starts nothing."""

    introduction: IntroductionId
    opening: Opening | None


class DraftChanged(Frozen):
    """The draft is no longer what was shown before sending: it was edited in another window."""


def send(
    connection: Connection, asked: Request, draft: Draft, looked_at: str, nonce: str, now: datetime
) -> Sent | DraftChanged | Faults:
    """Keep the request made of this draft, and forget the draft."""
    scope, key = asked.requester, f"ask {nonce}"
    earlier = idempotency.claim(connection, scope, key, looked_at, now)
    if isinstance(earlier, Answered):
        return Sent(introduction=IntroductionId(earlier.response), opening=None)
    if draft.mark != looked_at or _kept_draft(connection, asked, now) != draft:
        idempotency.release(connection, scope, key)
        return DraftChanged()
    outcome = keep_request(connection, asked, now)
    if isinstance(outcome, Faults):
        idempotency.release(connection, scope, key)
        return outcome
    drop_draft(connection, asked.programme, asked.requester)
    idempotency.settle(connection, scope, key, TAKEN, outcome.opening.id)
    return Sent(introduction=outcome.opening.id, opening=outcome.opening)


def _kept_draft(connection: Connection, asked: Request, now: datetime) -> Draft:
    return Draft.kept(draft_of(connection, ProgrammeId(asked.programme), asked.requester, now))
