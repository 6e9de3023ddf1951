"""Answers: each to one ask, by the person it was put to."""

from typing import Literal

from pydantic import AwareDatetime

from models.base import Frozen
from models.ids import AskNumber, ChannelId, PersonId, WordsId
from models.outcomes import Outcome
from models.time.open_hours import Days


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
    beyond_cap: bool = False  # they had read that this is one introduction more than they said, and want it


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
