"""What a mail program makes a link of, or a reader takes for an address, though nobody wrote one."""

import re
import unicodedata

from models.request.links import links_in

_LINKED = re.compile(
    r"\S@\S|\bwww\.\S|://|\b[a-z0-9-]{2,63}\.(?:com|org|net|info|biz|eu|es|pt|br|uk|de|fr|io|co|me|ai|app|dev|ly|link|xyz)\b",
    re.IGNORECASE,
)
_LIKE_AN_ADDRESS = re.compile(r"[@<>]|://|\bwww\.|[^\W_]{2,}\.[^\W\d_]{2,}", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d[\s().+/-]*){6,}")
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))  # as browsers read them in the name of a host


def is_reachable(words: str) -> bool:
    """Whether some of it would be pressed: an address, a host, a link. However wide it is written."""
    plain = _plain(words)
    return bool(links_in(plain) or _LINKED.search(plain))


def is_no_name(words: str) -> bool:
    """Whether a short name would pass for something else: an address, a host, a number to be called. Stricter than
    `is_reachable`: in a name a dot between two words, with no space, says nothing."""
    plain = _plain(words)
    return bool(is_reachable(plain) or _LIKE_AN_ADDRESS.search(plain) or _NUMBER.search(plain))


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words.translate(_DOTS))
