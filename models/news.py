"""What can an introduction hear? Everything that happens to it is one piece of news, in the past tense, ids only."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from models.base import Frozen
from models.days import Days
from models.ids import AskNumber, ChannelId, InboxKey, PersonId, WordsId
from models.letters import LetterKind, Role
from models.outcomes import Outcome


class Somebody(Frozen):
    """A person as the process needs to know them: who, in which time zone their days pass, and which are days off."""

    id: PersonId
    zone: str = "UTC"
    days: Days = Days()


class Answer(Frozen):
    """News that answers an ask. `by` is always the person who was asked."""

    ask: AskNumber
    by: PersonId


class RequestConfirmed(Answer):
    """The requester of a request made for them: yes, say that, and share these channels if they agree."""

    kind: Literal["request_confirmed"] = "request_confirmed"
    channels: tuple[ChannelId, ...] = ()
    wording: str = ""


class ConnectorApproved(Answer):
    """ "I introduce" or "I vouch". `address` is the target's, where the connector gave one for this introduction."""

    kind: Literal["connector_approved"] = "connector_approved"
    vouch: Literal["introduce", "vouch"]
    sentence: WordsId | None = None
    how_known: WordsId | None = None
    address: ChannelId | None = None
    wording: str = ""


class ConnectorForwards(Answer):
    """ "I'll forward it myself": approved, and the connector carries the link that opens only the ask."""

    kind: Literal["connector_forwards"] = "connector_forwards"
    sentence: WordsId | None = None
    how_known: WordsId | None = None
    wording: str = ""


class AddressGiven(Answer):
    """The connector knows another address of the target's, given for this introduction only."""

    kind: Literal["address_given"] = "address_given"
    address: ChannelId


class Redirected(Answer):
    """The connector names somebody better placed."""

    kind: Literal["redirected"] = "redirected"
    to: PersonId


class OptedIn(Answer):
    """A party's yes, with the channels the other will get and the terms they set."""

    kind: Literal["opted_in"] = "opted_in"
    channels: tuple[ChannelId, ...]
    terms: WordsId | None = None
    wording: str = ""


class AnsweredInTwoLines(Answer):
    """The target answers through the programme; no contact is shared."""

    kind: Literal["answered_in_two_lines"] = "answered_in_two_lines"
    words: WordsId


class Declined(Answer):
    """Anyone's no. A reason is never needed; where given, it is for staff only."""

    kind: Literal["declined"] = "declined"
    reason: WordsId | None = None


class PutOff(Answer):
    """Later: ask me again at `until`."""

    kind: Literal["put_off"] = "put_off"
    until: AwareDatetime


class NotMe(Answer):
    """The connector does not know this person, or the letter reached somebody else than the target."""

    kind: Literal["not_me"] = "not_me"


class LinkRequested(Answer):
    """A target who was handed the link by the connector asks for a letter of their own."""

    kind: Literal["link_requested"] = "link_requested"
    address: ChannelId | None = None


class Undone(Answer):
    """A yes taken back within the policy's `undo_for`: the ask is open again."""

    kind: Literal["undone"] = "undone"


class Reported(Answer):
    """How it went, as one party sees it. Their own sentence reaches the connector only where they say so."""

    kind: Literal["reported"] = "reported"
    outcome: Outcome
    words: WordsId | None = None
    share_with_connector: bool = False


class Thanked(Answer):
    """The thank-you: two lines of their own, or None where they have thanked already."""

    kind: Literal["thanked"] = "thanked"
    words: WordsId | None = None
    share_with_connector: bool = False


class Withdrew(Frozen):
    """The requester takes the request back."""

    kind: Literal["withdrew"] = "withdrew"
    by: PersonId


class TookBack(Frozen):
    """The target takes their yes back, at any time until delivery."""

    kind: Literal["took_back"] = "took_back"
    by: PersonId


class OptedOut(Frozen):
    """Somebody in this introduction wants no more letters from the programme."""

    kind: Literal["opted_out"] = "opted_out"
    by: PersonId


class Blocked(Frozen):
    """Somebody in this introduction wants no way to be open to its requester; by the requester: nor to its target."""

    kind: Literal["blocked"] = "blocked"
    by: PersonId


class Erased(Frozen):
    """Somebody in this introduction is forgotten: nothing of theirs may be used from here on."""

    kind: Literal["erased"] = "erased"
    by: PersonId


class Lending(Frozen):
    """Whoever reads the request knows the target, and lends their own name to it in the same act."""

    by: PersonId
    vouch: Literal["introduce", "vouch"]
    sentence: WordsId | None = None
    wording: str = ""


class Screened(Frozen):
    """An operator has read the request. `lends`: they are the connector too, as the person they are."""

    kind: Literal["screened"] = "screened"
    by: PersonId
    approved: bool
    lends: Lending | None = None


class SentBack(Frozen):
    """An operator sends the request back with advice, for its requester to change it."""

    kind: Literal["sent_back"] = "sent_back"
    by: PersonId
    words: WordsId


class Proposed(Frozen):
    """An operator proposes whom to ask, for a request that named a need and nobody."""

    kind: Literal["proposed"] = "proposed"
    by: PersonId
    target: Somebody


class Stopped(Frozen):
    """An operator ends it."""

    kind: Literal["stopped"] = "stopped"
    by: PersonId


class HandedOver(Frozen):
    """An operator gives the question to another connector; who was asked before is asked no longer."""

    kind: Literal["handed_over"] = "handed_over"
    by: PersonId
    to: PersonId


class Edited(Frozen):
    """The request has new words: by the requester, who stands behind them, or by a key, and the requester confirms."""

    kind: Literal["edited"] = "edited"
    by: PersonId
    made_by: Literal["requester", "key"] = "requester"
    of: int | None = None  # the version these words were written over: an older one has been changed meanwhile
    why: WordsId | None = None
    read: WordsId | None = None
    offer: WordsId | None = None
    note: WordsId | None = None
    goal: WordsId | None = None
    blind: WordsId | None = None
    channels: tuple[ChannelId, ...] = ()
    wording: str = ""


class Held(Frozen):
    """An operator holds it: no letter starts and no time runs until it is resumed."""

    kind: Literal["held"] = "held"
    by: PersonId


class Resumed(Frozen):
    """An operator lets it go on; deadlines move by as long as it was held."""

    kind: Literal["resumed"] = "resumed"
    by: PersonId


class Extended(Frozen):
    """An operator gives the person asked more time."""

    kind: Literal["extended"] = "extended"
    by: PersonId
    ask: AskNumber
    until: AwareDatetime


class Resent(Frozen):
    """An operator sends a letter again, with a line of their own where they wrote one. `ask`, or else `letter`."""

    kind: Literal["resent"] = "resent"
    by: PersonId
    ask: AskNumber | None = None
    letter: LetterKind | None = None
    words: WordsId | None = None


class Barred(Frozen):
    """The store says this may not go on: a block, a suppression, a pause, a full calendar. Which, stays there."""

    kind: Literal["barred"] = "barred"


class ConnectorFound(Frozen):
    """The best candidate left, already counted against their cap."""

    kind: Literal["connector_found"] = "connector_found"
    connector: Somebody


class NoConnector(Frozen):
    kind: Literal["no_connector"] = "no_connector"


class Silent(Frozen):
    """The deadline passed, the letter had been accepted, and no answer is waiting to be heard."""

    kind: Literal["silent"] = "silent"
    ask: AskNumber


class NotYetAccepted(Frozen):
    """The ask's letter was never accepted by the relay: the person cannot have been silent."""

    kind: Literal["not_yet_accepted"] = "not_yet_accepted"
    ask: AskNumber


class AnswerWaiting(Frozen):
    """An answer lies in the inbox, not yet handed over: the person was not silent."""

    kind: Literal["answer_waiting"] = "answer_waiting"
    ask: AskNumber


class AcceptedLate(Frozen):
    """The relay took the ask's letter much later than planned: the person's time to answer starts then."""

    kind: Literal["accepted_late"] = "accepted_late"
    ask: AskNumber
    at: AwareDatetime


class Undeliverable(Frozen):
    """A letter cannot reach its receiver. `ask` is the ask it carried, if it carried one."""

    kind: Literal["undeliverable"] = "undeliverable"
    letter: LetterKind
    role: Role
    ask: AskNumber | None = None
    address_is_dead: bool = False  # nobody is reached there, and no other address is on file


class Introduced(Frozen):
    """Both letters of delivery are planned and both parties' channels disclosed, in one transaction."""

    kind: Literal["introduced"] = "introduced"


class HeldBack(Frozen):
    """Delivery found somebody's withdrawal or undo in the inbox: it waits to be heard first."""

    kind: Literal["held_back"] = "held_back"


class TimeIsUp(Frozen):
    """The instant the introduction was waiting for has come."""

    kind: Literal["time_is_up"] = "time_is_up"


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
    | TimeIsUp,
    Field(discriminator="kind"),
]

# News that stops letters the moment it is in the inbox, before the workflow has heard it (SAFETY.md, L11).
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
