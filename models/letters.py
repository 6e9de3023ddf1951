"""Kinds of letters, and their readers. One folder of templates per kind; a test holds the two together."""

from enum import StrEnum
from typing import Literal, get_args


class Role(StrEnum):
    """What somebody is in one introduction."""

    REQUESTER = "requester"
    CONNECTOR = "connector"
    TARGET = "target"


Language = Literal["en", "es", "pt"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

PARTIES = (Role.REQUESTER, Role.TARGET)


class LetterKind(StrEnum):
    """Every letter the programme writes about an introduction."""

    CONFIRM_REQUEST = "confirm_request"
    ADVICE = "advice"
    ASK_CONNECTOR = "ask_connector"
    ASK_ADDRESS = "ask_address"
    ASK_TARGET = "ask_target"
    ASK_REQUESTER = "ask_requester"
    INTRODUCTION_TO_REQUESTER = "introduction_to_requester"
    INTRODUCTION_TO_TARGET = "introduction_to_target"
    TWO_LINES = "two_lines"
    NO_INTRODUCTION = "no_introduction"
    HAVE_YOU_WRITTEN = "have_you_written"
    HAVE_THEY_WRITTEN = "have_they_written"
    DID_YOU_MEET = "did_you_meet"
    THANK_YOU = "thank_you"
    WAS_IT_USEFUL = "was_it_useful"
    TERM_OVER = "term_over"
    TERM_OVER_TO_TARGET = "term_over_to_target"
    HOW_IT_WENT = "how_it_went"


DELIVERY = (LetterKind.INTRODUCTION_TO_REQUESTER, LetterKind.INTRODUCTION_TO_TARGET)
FOLLOW_UP = (
    LetterKind.HAVE_YOU_WRITTEN,
    LetterKind.HAVE_THEY_WRITTEN,
    LetterKind.DID_YOU_MEET,
    LetterKind.THANK_YOU,
    LetterKind.WAS_IT_USEFUL,
    LetterKind.TERM_OVER,
    LetterKind.TERM_OVER_TO_TARGET,
)
OF_NO_INTRODUCTION = ("sign_in", "asks_paused", "desk")  # to the reader alone, whoever they may have met


RECEIVER: dict[LetterKind, Role] = {
    LetterKind.CONFIRM_REQUEST: Role.REQUESTER,
    LetterKind.ADVICE: Role.REQUESTER,
    LetterKind.ASK_CONNECTOR: Role.CONNECTOR,
    LetterKind.ASK_ADDRESS: Role.CONNECTOR,
    LetterKind.ASK_TARGET: Role.TARGET,
    LetterKind.ASK_REQUESTER: Role.REQUESTER,
    LetterKind.INTRODUCTION_TO_REQUESTER: Role.REQUESTER,
    LetterKind.INTRODUCTION_TO_TARGET: Role.TARGET,
    LetterKind.TWO_LINES: Role.REQUESTER,
    LetterKind.NO_INTRODUCTION: Role.REQUESTER,
    LetterKind.HAVE_YOU_WRITTEN: Role.REQUESTER,
    LetterKind.HAVE_THEY_WRITTEN: Role.TARGET,
    LetterKind.DID_YOU_MEET: Role.REQUESTER,
    LetterKind.THANK_YOU: Role.REQUESTER,
    LetterKind.WAS_IT_USEFUL: Role.TARGET,
    LetterKind.TERM_OVER: Role.REQUESTER,
    LetterKind.TERM_OVER_TO_TARGET: Role.TARGET,
    LetterKind.HOW_IT_WENT: Role.CONNECTOR,
}
