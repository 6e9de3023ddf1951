"""The desk of an operator: what may lie on it, and what of it reaches them by letter, and when."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, get_args

from pydantic import AwareDatetime, Field

from models.base import Frozen
from models.ids import IntroductionId, ProgrammeId

MORNING = 8  # the hour at which what has gathered leaves, unless an operator names another


class DeskKind(StrEnum):
    """What may need an operator."""

    STUCK = "stuck"  # something stands still, or no letter leaves
    TO_READ = "to_read"  # a request waits to be read
    NEED = "need"  # a request that names nobody waits for a person
    NO_CONNECTOR = "no_connector"  # nobody was found who could introduce the two
    HELD = "held"  # an introduction that staff hold
    LETTER = "letter"  # a letter did not simply arrive, or a reply came
    PROMISE = "promise"  # the day on which a requester hears is near, and nobody has been introduced


When = Literal["at_once", "morning", "never"]
WHENS: tuple[When, ...] = get_args(When)
USUAL: Mapping[DeskKind, When] = {kind: "at_once" if kind == DeskKind.STUCK else "morning" for kind in DeskKind}


class StaffHearing(Frozen):
    """How one operator wants to hear."""

    ways: Mapping[DeskKind, When] = USUAL
    hour: int = Field(default=MORNING, ge=0, le=23)  # on their own clock

    def when(self, kind: DeskKind) -> When:
        return self.ways.get(kind, USUAL[kind])


class DeskItem(Frozen):
    """One thing that needs an operator. `mark` is the same for as long as it is the same thing."""

    kind: DeskKind
    mark: str
    programme: ProgrammeId | None = None  # None: the installation as a whole
    introduction: IntroductionId | None = None
    due_at: AwareDatetime | None = None

    @property
    def waits(self) -> bool:
        """It lies there until somebody does something; else it has only happened, or will."""
        return self.kind not in (DeskKind.LETTER, DeskKind.PROMISE)
