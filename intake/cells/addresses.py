"""Addresses as they come out of mail programs, spreadsheets and pages: what hides one is taken away, never guessed."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from store.people.addresses import TEXT_LIMIT

WITH_NAME = re.compile(r"([^<>]*)<([^<>]*)>")
LINK = re.compile(r"mailto:([^?]*)(?:\?.*)?", re.IGNORECASE)


class Repair(NamedTuple):
    """The text without what hid an address, and what was done to it."""

    text: str
    done: tuple[str, ...]


def repaired(text: str) -> Repair:
    """One thing after the other, since each may hide the next: a link behind a mark that nobody sees."""
    if len(text) > TEXT_LIMIT:
        return Repair(text, ())
    done = []
    for name, mend in MENDS:
        mended = mend(text)
        if mended != text:
            done.append(name)
            text = mended
    return Repair(text, tuple(done))


def _without_unseen(text: str) -> str:
    """Zero-width marks, soft hyphens, marks that turn the direction: the whole of Unicode's formats."""
    if text.isascii():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _without_spaces(text: str) -> str:
    """Only round it: a space within is a slip that can mean two things."""
    return text.strip()


def _narrow(text: str) -> str:
    """The @, the dot and letters of East Asian width."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _without_name(text: str) -> str:
    """What stands between < and >, unless another address stands beside it."""
    found = WITH_NAME.fullmatch(text)
    if found is None or ("@" in found[1] and found[1].strip(" \"'") != found[2].strip()):
        return text
    return found[2].strip()


def _without_link(text: str) -> str:
    found = LINK.fullmatch(text)
    return found[1].strip() if found else text


def _without_final_signs(text: str) -> str:
    return text.rstrip(".,; ") if text.count("@") == 1 else text


MENDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("an invisible character was taken out", _without_unseen),
    ("a space beside it was taken away", _without_spaces),
    ("wide letters were written narrow", _narrow),
    ("what stands beside < and > was left out", _without_name),
    ("“mailto:” was left out", _without_link),
    ("a sign at its end was left out", _without_final_signs),
)
