"""What may a letter say, and to whom? One frozen view per kind: a template knows its fields and nothing else.

Least disclosure is held by these types. Contacts of another person stand in the two letters of introduction only, and
no letter to the requester before them has a place for a connector's name. To let a letter say more, a field has to be
added here, where a test reads them all.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from pydantic import AwareDatetime, Field

from mailroom.words import Line, Lines, Name, Url
from models.base import Frozen
from models.letters import LetterKind

Language = Literal["en", "es", "pt"]


class Letter(Frozen):
    """What every letter says: to whom, from which programme, and where its promises and the own page are."""

    language: Language
    zone: str  # the receiver's: every instant is said in it
    at: AwareDatetime  # the instant the letter is written: "today" and "within ten minutes" count from it
    name: Name  # the receiver's
    programme: Name
    promises: Url
    own_page: Url  # pause, stop, language

    @property
    def from_name(self) -> str:
        """Whom the letter comes from, as a mailbox shows it: the programme, always."""
        return self.programme


class SentAgain(Letter):
    """A letter an operator may send once more, with a line of their own: under their name, and no connector's."""

    line: Line | None = None
    line_by: Line = ""


class Asking(SentAgain):
    """A letter that asks one question, answered behind one link."""

    link: Url
    due_at: AwareDatetime


class Reminding(Asking):
    """A question that may be asked a second time: once, and a long one twice."""

    reminder: bool = False
    only_reminder: bool = True
    changed: bool = False  # they were asked about an earlier version of the request


class ViaConnector(SentAgain):
    """A letter that goes out because a connector lent their name to it."""

    connector: Name
    vouch: Literal["introduce", "vouch"]
    sentence: Lines | None  # the connector's own
    how_known: Line = ""  # how connector and target know each other, in the connector's words
    since: date | None = None

    @property
    def from_name(self) -> str:
        """The connector's name may lead here, and only here: they approved this very letter."""
        return f"{self.connector} via {self.programme}"


class Contact(Frozen):
    """One way to reach somebody, which they agreed to give to the reader."""

    kind: Literal["email", "phone", "link"]
    value: Name
    label: Line = ""

    @property
    def mailto(self) -> str:
        return "mailto:" + quote(self.value, safe="@")


class Place(Frozen):
    """Where somebody can be read or heard in public."""

    label: Name
    url: Url

    @property
    def host(self) -> str:
        """What is shown of the link: a label may say anything, so the reader sees where it leads."""
        return urlsplit(self.url).hostname or self.url


class AddressFrom(StrEnum):
    """Where we have the target's address from; they are told."""

    CONNECTOR = "connector"
    PROGRAMME = "programme"  # its own records: an import, or a sign-up
    THEMSELVES = "themselves"


# Before the introduction


class ConfirmRequest(Reminding):
    """To the requester: is this what you want to say?"""

    kind: Literal[LetterKind.CONFIRM_REQUEST] = LetterKind.CONFIRM_REQUEST
    target: Name
    target_is: Line = ""
    need: Lines | None = None  # what they had asked for, where an operator now proposes somebody
    note: Lines | None
    shares: tuple[Name, ...]  # their own details that the target would get


class Advice(Letter):
    """To the requester: an operator sends the request back, and says what would have to change."""

    kind: Literal[LetterKind.ADVICE] = LetterKind.ADVICE
    target: Name | None  # None where they named a need
    operator: Name
    advice: Lines
    link: Url  # where the request is changed; whoever opens it signs in first
    promised_at: AwareDatetime


class AskConnector(Reminding):
    """To a connector: would you introduce these two?"""

    kind: Literal[LetterKind.ASK_CONNECTOR] = LetterKind.ASK_CONNECTOR
    requester: Name
    requester_is: Line = ""
    target: Name
    note: Lines


class AskAddress(Reminding):
    """To the connector who approved: nobody is reached under the address we have; is there another?"""

    kind: Literal[LetterKind.ASK_ADDRESS] = LetterKind.ASK_ADDRESS
    requester: Name
    target: Name
    approved_at: AwareDatetime


class AskTarget(Reminding, ViaConnector):
    """To the target: would you like to meet? Also the answer to "why am I getting this?"."""

    kind: Literal[LetterKind.ASK_TARGET] = LetterKind.ASK_TARGET
    requester: Name
    requester_is: Line = ""
    note: Lines
    approved_at: AwareDatetime
    address_from: AddressFrom
    agreed_at: AwareDatetime | None = None  # they said yes then, and are asked again because that is long ago
    requested: bool = False  # they held a link forwarded by the connector, and asked for a letter of their own


class AskTargetBlind(Reminding, ViaConnector):
    """The same without a name: whoever asks has no field here, only the words they wrote for this."""

    kind: Literal["ask_target_blind"] = "ask_target_blind"
    blind: Lines
    approved_at: AwareDatetime
    address_from: AddressFrom
    requested: bool = False


class AskRequester(Reminding):
    """To the requester: a connector has agreed; do you still want this?"""

    kind: Literal[LetterKind.ASK_REQUESTER] = LetterKind.ASK_REQUESTER
    target: Name
    standing: Literal["together", "target_said_yes", "after_all"]  # after_all: they had been told there is none
    agreed_at: AwareDatetime | None = None  # they said yes then, and are asked again because that is long ago


# The introduction, and what stands in its place


class IntroductionToRequester(ViaConnector):
    kind: Literal[LetterKind.INTRODUCTION_TO_REQUESTER] = LetterKind.INTRODUCTION_TO_REQUESTER
    target: Name
    target_is: Line = ""
    contacts: tuple[Contact, ...] = Field(min_length=1)  # the target's
    terms: Lines | None = None  # the target's
    shared: tuple[Name, ...]  # of their own, what the target got
    write_by: AwareDatetime


class IntroductionToTarget(ViaConnector):
    kind: Literal[LetterKind.INTRODUCTION_TO_TARGET] = LetterKind.INTRODUCTION_TO_TARGET
    requester: Name
    requester_is: Line = ""
    contacts: tuple[Contact, ...] = Field(min_length=1)  # the requester's
    terms: Lines | None = None  # their own, as the requester got them
    shared: tuple[Name, ...]
    write_by: AwareDatetime


class TwoLines(Letter):
    """To the requester: the target's answer through the programme. No contact."""

    kind: Literal[LetterKind.TWO_LINES] = LetterKind.TWO_LINES
    target: Name
    lines: Lines
    requests: Url  # where the next request is made


class NoIntroduction(Letter):
    """To the requester: the same whatever the cause, so there is no field a cause could stand in."""

    kind: Literal[LetterKind.NO_INTRODUCTION] = LetterKind.NO_INTRODUCTION
    target: Name | None  # as they named them; None where they named a need
    places: tuple[Place, ...]
    asked_at: AwareDatetime
    requests: Url


# After the introduction


class HaveYouWritten(Asking):
    kind: Literal[LetterKind.HAVE_YOU_WRITTEN] = LetterKind.HAVE_YOU_WRITTEN
    target: Name
    delivered_at: AwareDatetime


class HaveTheyWritten(Asking):
    """To the target: before anybody is told that nothing came, they are asked."""

    kind: Literal[LetterKind.HAVE_THEY_WRITTEN] = LetterKind.HAVE_THEY_WRITTEN
    requester: Name
    delivered_at: AwareDatetime


class DidYouMeet(Reminding):
    kind: Literal[LetterKind.DID_YOU_MEET] = LetterKind.DID_YOU_MEET
    target: Name
    connector: Name
    delivered_at: AwareDatetime


class ThankYou(Asking):
    """To the requester, the morning after: two lines of thanks?"""

    kind: Literal[LetterKind.THANK_YOU] = LetterKind.THANK_YOU
    target: Name
    connector: Name


class WasItUseful(Asking):
    """To the target: the requester's thanks, where there are any, and the only question afterwards."""

    kind: Literal[LetterKind.WAS_IT_USEFUL] = LetterKind.WAS_IT_USEFUL
    requester: Name
    delivered_at: AwareDatetime
    thanks: Lines | None = None


class HowItWent(Letter):
    """To the connector: the loop closed, in one letter. "not_together" has one wording for every cause."""

    kind: Literal[LetterKind.HOW_IT_WENT] = LetterKind.HOW_IT_WENT
    requester: Name
    target: Name
    approved_at: AwareDatetime
    outcome: Literal["met_useful", "met", "two_lines", "did_not_meet", "not_heard", "not_together"]
    thanks: Lines | None = None  # the requester's own words, where they share them: on thanking, and on reporting
    requester_said: Lines | None = None
    target_said: Lines | None = None


class AsksPaused(Letter):
    """To somebody whose asks rest for a while: why, until when, and one press that ends it. It names nobody else."""

    kind: Literal["asks_paused"] = "asks_paused"
    reason: Literal["no_shows", "unanswered"]
    until: AwareDatetime
    link: Url


class SignIn(Letter):
    """To anybody with a page of their own who asked for a way in."""

    kind: Literal["sign_in"] = "sign_in"
    link: Url
    until: AwareDatetime


LetterView = Annotated[
    ConfirmRequest
    | Advice
    | AskConnector
    | AskAddress
    | AskTarget
    | AskTargetBlind
    | AskRequester
    | IntroductionToRequester
    | IntroductionToTarget
    | TwoLines
    | NoIntroduction
    | HaveYouWritten
    | HaveTheyWritten
    | DidYouMeet
    | ThankYou
    | WasItUseful
    | HowItWent
    | AsksPaused
    | SignIn,
    Field(discriminator="kind"),
]
