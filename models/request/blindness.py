"""Blindness: words that would tell who the requester is.

A blind request is read without a name until both have agreed.
"""

import re
from collections.abc import Iterable, Iterator

from models.folding import fold

SHORTEST_NAME = 3  # letters: below that, parts of names are words of every language
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TELLING = re.compile(
    r"(?<![^\s@])[^\s@]+@[^\s@]+\.[^\s@]+"  # an address; sought from where a word begins, or long ones take a second
    r"|(?<!\w)@\w{2,}"  # a handle
    r"|(?:https?://|www\.)\S+"
    r"|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,5}\.(?:com|org|net|io|ai|dev|app|co|eu|es|pt|br|uk|de|fr|me)\b\S*"
    r"|\+?\d[\d ().-]{6,}\d",  # a phone number
    re.IGNORECASE,
)
_LEGAL_FORMS = {"ltd", "inc", "llc", "gmbh", "lda", "ltda", "limited", "the", "sociedad", "sociedade", "company", "and"}


def telling(text: str, names: Iterable[str]) -> list[str]:
    """The words that would tell, as they are written: addresses, links, numbers, and these names or parts of them."""
    found = [match.group() for match in _TELLING.finditer(text)]
    folded = _folded(text)
    found += [part for name in names for part in _parts(name) if _stands_in(part, folded)]
    return list({each.casefold(): each for each in reversed(found)}.values())[::-1]  # each once, as first written


def _parts(name: str) -> Iterator[str]:
    """A name whole, and each of its words that is long enough to name somebody."""
    words = _WORD.findall(name)
    yield from (word for word in words if len(word) >= SHORTEST_NAME and word.casefold() not in _LEGAL_FORMS)


def _stands_in(part: str, folded: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_folded(part))}(?!\w)", folded) is not None


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
