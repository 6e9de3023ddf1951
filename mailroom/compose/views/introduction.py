"""Views of the introduction, and of what stands in its place. Contacts have a place here, and nowhere else."""

from typing import Literal

from pydantic import AwareDatetime

from mailroom.compose.quoted_words import Line, Lines, Name, Url
from mailroom.compose.views.parts import Introducing, LetterFrame, Named, PublicPlace
from models.letters import LetterKind


class IntroductionToRequester(Introducing):
    kind: Literal[LetterKind.INTRODUCTION_TO_REQUESTER] = LetterKind.INTRODUCTION_TO_REQUESTER
    target: Named
    target_is: Line = ""
    booking: Url | None = None  # where the target lets a time be booked


class IntroductionToTarget(Introducing):
    kind: Literal[LetterKind.INTRODUCTION_TO_TARGET] = LetterKind.INTRODUCTION_TO_TARGET
    requester: Named
    requester_is: Line = ""


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
