"""Faults of a request that its requester can mend.

Every fault has a name, the field it stands at, and the numbers that explain it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from models.base import Frozen

FieldName = Literal[
    "requester",
    "target",
    "name",
    "organisation",
    "need",
    "why",
    "read",
    "offer",
    "note",
    "channels",
    "track",
    "blind",
    "goal",
    "wanted",
    "answers",
]


class FaultName(StrEnum):
    """Facts about the requester and their own words only. What is so with others is never a fault: it would tell."""

    MISSING = "missing"
    NOT_ASKED = "not_asked"  # no question of this programme
    UNREADABLE = "unreadable"  # control characters, or letters that were damaged on the way
    TOO_MANY_WORDS = "too_many_words"
    TOO_LONG = "too_long"  # in bytes
    PLACEHOLDER = "placeholder"
    PROMOTIONAL_LINK = "promotional_link"
    HIDDEN_LINK = "hidden_link"  # does not show where it leads
    TOO_MANY_LINKS = "too_many_links"
    SAME_AS_EARLIER = "same_as_earlier"  # the same words went to somebody else
    MIXED_ALPHABETS = "mixed_alphabets"
    AN_ADDRESS = "an_address"  # where a name should stand: the address is the connector's to give
    UNKNOWN = "unknown"
    YOURSELF = "yourself"
    ALREADY_ASKED = "already_asked"  # an introduction to this person is under way
    ASKED_LATELY = "asked_lately"
    TAKING_ASKS_FROM = "taking_asks_from"  # a pause this person has published
    ASKS_REST = "asks_rest"  # their own asks rest for a while
    TOO_MANY_OPEN = "too_many_open"
    TOO_MANY_NEW = "too_many_new"
    HELP_FIRST = "help_first"  # nobody asks a second time who has not helped somebody of late
    NAMES_YOU = "names_you"  # words of a request without a name that would tell whose it is
    NOT_BLIND = "not_blind"  # this programme has no requests without a name
    INTRODUCED_ENOUGH = "introduced_enough"  # as often as one may be in this time
    OPTED_OUT = "opted_out"
    MAY_NOT_ASK = "may_not_ask"
    NOT_INVITED = "not_invited"  # a file brought them; staff invite them, or they come by themselves


class Fault(Frozen):
    """One thing to mend. `found` exceeds `limit`; `at` is when it would be right; `words` is what is wrong."""

    name: FaultName
    field: FieldName
    found: int | None = None
    limit: int | None = None
    at: datetime | None = None
    words: str | None = None
    question: str | None = None  # which of the programme's own, where one of the answers is meant
