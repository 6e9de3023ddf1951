"""An operator's own lines in a letter of the programme. Plain and short, with no link and no slot."""

from enum import Enum

from models.request.links import is_reachable
from models.request.notes import tidy
from models.request.placeholders import placeholders_in
from models.request.plain_text import Unfit

LINE, ADVICE = 200, 1000  # characters: one sentence in a letter sent again; what to change in a request


class Unsendable(Enum):
    """Why such words cannot be sent; an Enum, not a StrEnum, so that it is never taken for the words."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    LINK = "link"
    PLACEHOLDER = "placeholder"


def line(text: str) -> str | Unsendable:
    """One line beside a letter."""
    return _plain(" ".join(text.split()), LINE)


def advice(text: str) -> str | Unsendable:
    """What would have to change in a request, on as many lines as it takes."""
    return _plain(text, ADVICE)


def _plain(text: str, most: int) -> str | Unsendable:
    words = tidy(text)
    if words == Unfit.EMPTY:
        return Unsendable.EMPTY
    if words == Unfit.TOO_LONG or (isinstance(words, str) and len(words) > most):
        return Unsendable.TOO_LONG
    if isinstance(words, Unfit):
        return Unsendable.UNREADABLE
    if is_reachable(words):
        return Unsendable.LINK
    return Unsendable.PLACEHOLDER if placeholders_in(words) else words
