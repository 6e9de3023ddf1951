"""Views of letters to staff: what needs an operator. No name of anybody stands in them, nor a word they wrote."""

from typing import Literal

from pydantic import AwareDatetime, Field

from mailroom.compose.quoted_words import Line, Url
from mailroom.compose.views.parts import LetterFrame
from models.base import Frozen
from models.desk import DeskKind

SHOWN = 12  # lines; the console has them all


class DeskLine(Frozen):
    """One thing, and where in the console it lies."""

    kind: DeskKind
    link: Url
    programme: Line = ""  # where its reader works for several
    due_at: AwareDatetime | None = None


class DeskNews(LetterFrame):
    kind: Literal["desk"] = "desk"
    lines: tuple[DeskLine, ...] = Field(min_length=1, max_length=SHOWN)
    many: int
    more: int = 0  # beyond those lines
    console: Url
    choose: Url  # what reaches them, and when
