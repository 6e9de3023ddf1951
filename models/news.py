"""News. Everything that happens to it is one piece of news, in the past tense, ids only."""

from datetime import datetime
from typing import Annotated, get_args

from pydantic import Field

from models.acts import (
    Blocked,
    Edited,
    Erased,
    Extended,
    HandedOver,
    Held,
    Lending,
    OptedOut,
    Proposed,
    Resent,
    Resumed,
    Screened,
    SentBack,
    Stopped,
    TookBack,
    Withdrew,
)
from models.answers import (
    AddressGiven,
    Answer,
    AnsweredInTwoLines,
    ConnectorApproved,
    ConnectorForwards,
    Declined,
    LinkRequested,
    NotMe,
    OptedIn,
    PutOff,
    Redirected,
    Reported,
    RequestConfirmed,
    Somebody,
    Thanked,
    Undone,
)
from models.base import Frozen
from models.circumstances import (
    AcceptedLate,
    AnswerWaiting,
    Barred,
    CapReached,
    ClocksChanged,
    ConnectorFound,
    HeldBack,
    Introduced,
    NoConnector,
    NotYetAccepted,
    Silent,
    TimeIsUp,
    Undeliverable,
)
from models.ids import InboxKey

__all__ = [
    "A_PARTYS_YES",
    "HEARD_LATER",
    "LEAVING",
    "STOPPING",
    "TAKING_BACK",
    "YES",
    "AcceptedLate",
    "AddressGiven",
    "Answer",
    "AnswerWaiting",
    "AnsweredInTwoLines",
    "Barred",
    "Blocked",
    "CapReached",
    "ClocksChanged",
    "ConnectorApproved",
    "ConnectorForwards",
    "ConnectorFound",
    "Declined",
    "Edited",
    "Envelope",
    "Erased",
    "Extended",
    "HandedOver",
    "Held",
    "HeldBack",
    "Introduced",
    "Lending",
    "LinkRequested",
    "News",
    "NoConnector",
    "NotMe",
    "NotYetAccepted",
    "OptedIn",
    "OptedOut",
    "Proposed",
    "PutOff",
    "Redirected",
    "Reported",
    "RequestConfirmed",
    "Resent",
    "Resumed",
    "Screened",
    "SentBack",
    "Silent",
    "Somebody",
    "Stopped",
    "Thanked",
    "TimeIsUp",
    "TookBack",
    "Undeliverable",
    "Undone",
    "Withdrew",
]

News = Annotated[
    RequestConfirmed
    | ConnectorApproved
    | ConnectorForwards
    | AddressGiven
    | Redirected
    | OptedIn
    | AnsweredInTwoLines
    | Declined
    | PutOff
    | NotMe
    | LinkRequested
    | Undone
    | Reported
    | Thanked
    | Withdrew
    | TookBack
    | OptedOut
    | Blocked
    | Erased
    | Screened
    | SentBack
    | Proposed
    | Stopped
    | HandedOver
    | Edited
    | Held
    | Resumed
    | Extended
    | Resent
    | Barred
    | ConnectorFound
    | NoConnector
    | Silent
    | NotYetAccepted
    | AnswerWaiting
    | AcceptedLate
    | Undeliverable
    | Introduced
    | HeldBack
    | ClocksChanged
    | CapReached
    | TimeIsUp,
    Field(discriminator="kind"),
]

# Answers that agree to something: each can be undone for a while, and a no may follow it.
YES = (RequestConfirmed, ConnectorApproved, ConnectorForwards, AddressGiven, OptedIn, AnsweredInTwoLines)

# Answers heard only once whoever gave them can take them back no longer; until then nobody knows of them.
HEARD_LATER = (Declined, NotMe, Redirected, PutOff, Reported, Thanked)

# The kinds of news in which somebody says no: to words that no other words undo.
NOES = ("declined", "not_me", "redirected")

# The kinds of news a party says yes with, and those that take it back: always, or before the two are introduced.
A_PARTYS_YES = ("request_confirmed", "opted_in")
TAKING_BACK = ("withdrew", "took_back")
LEAVING = ("blocked", "opted_out")

KINDS = tuple(each.model_fields["kind"].default for each in get_args(get_args(News)[0]))  # all that we can hear

# News that stops letters the moment it is in the inbox, before the workflow has heard it (L11).
STOPPING = (
    "undone",
    "withdrew",
    "took_back",
    "opted_out",
    "blocked",
    "erased",
    "stopped",
    "held",
    "edited",
    "handed_over",
    "declined",
    "not_me",
)


class Envelope(Frozen):
    """News on its way to a workflow. `key` is the inbox row's, and the update's id.

    `after`: how many steps the ledger knows; a workflow that knows fewer has forgotten some in a crash, and decides
    nothing before it has been told them again. `at`: when the ledger heard this very news, where it is told again.
    """

    key: InboxKey
    news: News
    at: datetime | None = None
    after: int = 0
