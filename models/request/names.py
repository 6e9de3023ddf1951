"""What somebody is called after the first mention of their name: a name alone, so near theirs that it says no more."""

import unicodedata

from models.folding import fold
from models.request.links import is_no_name
from models.request.plain_text import Unfit, clean_name

CALLED, WORD = 40, 20  # characters of all of it; of a word that is not in their name
_BETWEEN = set(" '’ʼ-.·\u200c\u200d")


def clean_called(text: str, name: str) -> str | Unfit:
    """Letters say it in the programme's voice, and the connector has approved whoever bears the name: so it is made of
    words of that name, their beginnings, and one word of their own at most."""
    cleaned = clean_name(text, CALLED)
    return Unfit.DAMAGED if isinstance(cleaned, str) and not _is_called(cleaned, name) else cleaned


def fitting_called(called: str, name: str) -> str:
    """As it was kept, or nothing where it is none: the rule was not always there, and names change."""
    return called if called and clean_called(called, name) == called else ""


def _is_called(called: str, name: str) -> bool:
    if is_no_name(called) or not all(each in _BETWEEN or _is_letter(each) for each in called):
        return False
    known = fold(name).split()
    own = [word for word in called.split() if not _is_of(fold(word).strip(".'’-"), known)]
    return len(own) <= 1 and all(len(word) <= WORD for word in own)


def _is_of(word: str, known: list[str]) -> bool:
    return any(each.startswith(word) for each in known)


def _is_letter(character: str) -> bool:
    return character.isalpha() or unicodedata.category(character).startswith("M")
