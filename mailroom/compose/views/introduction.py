"""Views of the introduction, and of what stands in its place. Contacts have a place here, and nowhere else."""

from typing import Literal

from pydantic import AwareDatetime, Field

from mailroom.compose.quoted_words import Line, Lines, Name, Url
from mailroom.compose.views.parts import Contact, LetterFrame, Named, PublicPlace, ViaConnector
from models.letters import LetterKind


class IntroductionToRequester(ViaConnector):
    kind: Literal[LetterKind.INTRODUCTION_TO_REQUESTER] = LetterKind.INTRODUCTION_TO_REQUESTER
    target: Named
    target_is: Line = ""
    contacts: tuple[Contact, ...] = Field(min_length=1)  # the target's
    terms: Lines | None = None  # the target's
    shared: tuple[Name, ...]  # of their own, what the target got
    write_by: AwareDatetime
    by_reply: bool = False  # a reply to this letter reaches the other
    booking: Url | None = None  # where the target lets a time be booked


class IntroductionToTarget(ViaConnector):
    kind: Literal[LetterKind.INTRODUCTION_TO_TARGET] = LetterKind.INTRODUCTION_TO_TARGET
    requester: Named
    requester_is: Line = ""
    contacts: tuple[Contact, ...] = Field(min_length=1)  # the requester's
    terms: Lines | None = None  # their own, as the requester got them
    shared: tuple[Name, ...]
    write_by: AwareDatetime
    by_reply: bool = False


class TwoLines(LetterFrame):
    """To the requester: the target's answer through the programme. No contact."""

    kind: Literal[LetterKind.TWO_LINES] = LetterKind.TWO_LINES
    target: Named
    lines: Lines
    requests: Url  # where the next request is made


class NoIntroduction(LetterFrame):
    """To the requester: the same whatever the cause, so there is no field a cause could stand in."""

    kind: Literal[LetterKind.NO_INTRODUCTION] = LetterKind.NO_INTRODUCTION
    target: Named | None  # as they named them; None where they named a need
    places: tuple[PublicPlace, ...]
    asked_at: AwareDatetime
    requests: Url
    number: Name | None = None  # of the request, where no name tells it from another
