"""Outcomes as a party reports them, and endings: why the case is over."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from models.base import Frozen


class Ending(StrEnum):
    """Why an introduction closed. Staff see it; the requester sees only whether an introduction was made."""

    MET = "met"
    TWO_LINES = "answered_in_two_lines"
    DID_NOT_MEET = "did_not_meet"
    DELIVERED = "delivered_without_report"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    NO_ROUTE = "no_route"
    UNDELIVERABLE = "undeliverable"


INTRODUCED = (Ending.MET, Ending.DID_NOT_MEET, Ending.DELIVERED)
NO_MEETING = ("did_not_meet", "no_show")  # kinds of outcome


class Met(Frozen):
    """They met. `useful` is None where they did not say."""

    kind: Literal["met"] = "met"
    useful: bool | None = None


class DidNotMeet(Frozen):
    kind: Literal["did_not_meet"] = "did_not_meet"


class MeetingAhead(Frozen):
    """Not yet, but it is arranged or still wanted."""

    kind: Literal["meeting_ahead"] = "meeting_ahead"


class NoShow(Frozen):
    """The other party did not come. Only ever said of the other, never of oneself."""

    kind: Literal["no_show"] = "no_show"


class RatherNot(Frozen):
    """They would rather not say. Nothing is concluded from it."""

    kind: Literal["rather_not"] = "rather_not"


class Wrote(Frozen):
    """Whether the requester has written to the person they were introduced to."""

    kind: Literal["wrote"] = "wrote"
    yet: bool


Outcome = Annotated[Met | DidNotMeet | MeetingAhead | NoShow | RatherNot | Wrote, Field(discriminator="kind")]
