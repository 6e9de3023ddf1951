"""Views of letters before the two know how to reach each other. Each question with what its reader needs for it."""

from typing import Literal

from pydantic import AwareDatetime

from mailroom.compose.quoted_words import Line, Lines, Name, Url
from mailroom.compose.views.parts import AnswerInLetter, LetterFrame, NamedPerson, OfRequest, Reminding, ViaConnector
from models.letters import LetterKind


class ConfirmRequest(OfRequest):
    """To the requester: their request as it stands, to be confirmed."""

    kind: Literal[LetterKind.CONFIRM_REQUEST] = LetterKind.CONFIRM_REQUEST
    target: NamedPerson
    target_is: Line = ""
    need: Lines | None = None  # what they had asked for, where an operator now proposes somebody
    note: Lines | None
    goal: Lines | None = None
    answers: tuple[AnswerInLetter, ...] = ()
    shares: tuple[Name, ...]  # their own details that the target would get


class AdviceLetter(LetterFrame):
    """To the requester: an operator sends the request back, and says what would have to change."""

    kind: Literal[LetterKind.ADVICE] = LetterKind.ADVICE
    target: NamedPerson | None  # None where they named a need
    operator: Name
    advice: Lines
    link: Url  # where the request is changed; whoever opens it signs in first
    promised_at: AwareDatetime
    number: Name | None = None  # of the request, where no name tells it from another


class AskConnector(OfRequest):
    """To a connector: the request to introduce these two."""

    kind: Literal[LetterKind.ASK_CONNECTOR] = LetterKind.ASK_CONNECTOR
    requester: NamedPerson
    requester_is: Line = ""
    target: NamedPerson
    note: Lines
    goal: Lines | None = None  # what success would be
    answers: tuple[AnswerInLetter, ...] = ()


class AskAddress(Reminding):
    """To the connector who approved: the request for another address, where nobody is reached under ours."""

    kind: Literal[LetterKind.ASK_ADDRESS] = LetterKind.ASK_ADDRESS
    requester: NamedPerson
    target: NamedPerson
    approved_at: AwareDatetime


class AskTarget(OfRequest, ViaConnector):
    """To the target: the request to meet, with who stands behind it, and where the rest is told."""

    kind: Literal[LetterKind.ASK_TARGET] = LetterKind.ASK_TARGET
    requester: NamedPerson
    requester_is: Line = ""
    note: Lines
    goal: Lines | None = None
    answers: tuple[AnswerInLetter, ...] = ()
    approved_at: AwareDatetime
    agreed_at: AwareDatetime | None = None  # they said yes then, and are asked again because that is long ago
    requested: bool = False  # they held a link forwarded by the connector, and asked for a letter of their own


class AskTargetBlind(OfRequest, ViaConnector):
    """The same without a name: whoever asks has no field here, but for what is wanted and the words for this."""

    kind: Literal["ask_target_blind"] = "ask_target_blind"
    blind: Lines
    number: Name  # tells this asking from another of the same connector's, as no name does
    approved_at: AwareDatetime
    requested: bool = False


class AskRequester(Reminding):
    """To the requester: a connector has agreed, and their own opt-in is asked for."""

    kind: Literal[LetterKind.ASK_REQUESTER] = LetterKind.ASK_REQUESTER
    target: NamedPerson
    standing: Literal["together", "target_said_yes", "after_all"]  # after_all: they had been told there is none
    agreed_at: AwareDatetime | None = None  # they said yes then, and are asked again because that is long ago
