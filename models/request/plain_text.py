"""Plain text that people read: on one line, with nothing hidden in it."""

import re
import unicodedata
from enum import Enum

NAME_LIMIT = 120
HEADLINE_LIMIT, TOPIC_LIMIT, TOPIC_COUNT = 250, 60, 20  # of what stands beside a name, from a file or a page alike
JOINERS = "\u200c\u200d"  # Persian and Indic names are spelt with them
UNSEEN = re.compile("[\u115f\u1160\u2800\u3164\uffa0\ufffd]")  # printable to Python, but drawn as nothing or as damage
BEYOND_LATIN = "\u0250"
MARKS_IN_A_ROW = 30  # on one letter; as Unicode's stream-safe text has it (UAX 15), and far more than any language
LOOKALIKE_SCRIPTS = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"}


class Unfit(Enum):
    """Why some words cannot stand; an Enum, not a StrEnum, so that it is never taken for the words."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL = "control"
    DAMAGED = "damaged"


def clean_name(text: str, limit: int = NAME_LIMIT) -> str | Unfit:
    """The name in NFC on one line. A line break or control character is refused, as it is an attempt at something."""
    cleaned = _clean(text, limit)
    if isinstance(cleaned, str) and not cleaned.isalnum() and not any(map(str.isalnum, cleaned)):
        return Unfit.EMPTY
    return cleaned


def clean_line(text: str, limit: int) -> str | Unfit:
    """Free text on one line: here a line break or tab is only a way of writing, and becomes a space."""
    if not text.isprintable():
        text = " ".join(text.split())
    return _clean(text, limit)


def mixes_scripts(name: str) -> bool:
    """Letters of alphabets that look alike, as in a Latin name with one Cyrillic letter: worth a person's look."""
    if name.isascii() or max(name) < BEYOND_LATIN:
        return False
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in name if letter.isalpha()}
    return len(scripts & LOOKALIKE_SCRIPTS) > 1


def is_slow(text: str) -> bool:
    """Marks without end on one letter: to put them in order takes seconds, in which nobody else is answered."""
    if text.isascii():
        return False
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > MARKS_IN_A_ROW:
            return True
    return False


def _clean(text: str, limit: int) -> str | Unfit:
    if text.isascii() and text.isprintable():
        return _fit(" ".join(text.split()), limit)
    if is_slow(text):
        return Unfit.DAMAGED
    if not text.isprintable() or UNSEEN.search(text):
        flaw = next((flaw for character in text if (flaw := _flaw(character))), None)
        if flaw:
            return flaw
        text = "".join(filter(_is_seen, text))
    return _fit(" ".join(unicodedata.normalize("NFC", text).split()), limit)


def _fit(cleaned: str, limit: int) -> str | Unfit:
    if not cleaned:
        return Unfit.EMPTY
    return Unfit.TOO_LONG if len(cleaned) > limit else cleaned


def _flaw(character: str) -> Unfit | None:
    if unicodedata.category(character) in ("Cc", "Zl", "Zp"):
        return Unfit.CONTROL
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    if character == "\ufffd" or is_noncharacter or unicodedata.category(character) == "Cs":
        return Unfit.DAMAGED
    return None


def _is_seen(character: str) -> bool:
    """False for what changes how others are drawn (bidi controls, zero-width marks) or is drawn as nothing."""
    if character in JOINERS:
        return True
    return unicodedata.category(character) != "Cf" and not UNSEEN.fullmatch(character)
