"""Links in a text, and whether they say where they lead. A note may point at something, a name at nothing."""

import re
import unicodedata
from urllib.parse import parse_qsl, urlsplit

from models.base import Frozen

SHORTENERS = frozenset(
    {
        *("bit.ly", "t.co", "tinyurl.com", "goo.gl", "ow.ly", "is.gd", "v.gd", "buff.ly", "cutt.ly", "rebrand.ly"),
        *("lnkd.in", "shorturl.at", "t.ly", "rb.gy", "tiny.cc", "bl.ink", "s.id", "shrtco.de", "dub.sh", "qr.ae"),
        *("short.io", "linktr.ee"),
    }
)
TRACKING = re.compile(
    r"utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|_hs\w+|hsa_\w+|ref|referral|referrer|aff|aff_id|affiliate|partner|campaign|"
    r"promo|promocode|coupon|discount|voucher|invite|invitecode",
    re.IGNORECASE,
)
# With a scheme, with www, or a bare domain followed by a path: what a mail program would make a link of.
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,10}://|www\.)[^\s<>\"]{1,2000}|\b(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}/[^\s<>\"]{0,2000}",
    re.IGNORECASE,
)
# What a mail program makes a link of though nobody wrote one, and what a reader takes for an address.
_LINKED = re.compile(
    r"\S@\S|\bwww\.\S|://|\b[a-z0-9-]{2,63}\.(?:com|org|net|info|biz|eu|es|pt|br|uk|de|fr|io|co|me|ai|app|dev|ly|link|xyz)\b",
    re.IGNORECASE,
)
_LIKE_AN_ADDRESS = re.compile(r"[@<>]|://|\bwww\.|[^\W_]{2,}\.[^\W\d_]{2,}", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\d[\s().+/-]*){6,}")
_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))  # as browsers read them in the name of a host
_TRAILING = ".,;:!?)]}'\""
_NUMBERS = re.compile(r"[0-9a-fx.:]+", re.IGNORECASE)


class Link(Frozen):
    """One link as it was written."""

    written: str
    hides: bool  # a shortened address, a bare number, a name before an @, letters of another alphabet
    promotes: bool  # it carries a tracking code, a referral or a voucher


def links_in(text: str) -> list[Link]:
    """Every link, in the order of the text."""
    return [_link(match.group().rstrip(_TRAILING)) for match in _LINK.finditer(text)]


def is_reachable(words: str) -> bool:
    """Whether some of it would be pressed: an address, a host, a link. However wide it is written."""
    plain = _plain(words)
    return bool(links_in(plain) or _LINKED.search(plain))


def is_no_name(words: str) -> bool:
    """Whether a short name would pass for something else: an address, a host, a number to be called. Stricter than
    `is_reachable`: in a name a dot between two words, with no space, says nothing."""
    plain = _plain(words)
    return bool(is_reachable(plain) or _LIKE_AN_ADDRESS.search(plain) or _NUMBER.search(plain))


def _link(written: str) -> Link:
    try:
        parts = urlsplit(written if "://" in written else f"https://{written}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return Link(written=written, hides=True, promotes=False)
    hides = (
        parts.scheme.lower() not in ("http", "https")
        or "@" in parts.netloc
        or host in SHORTENERS
        or not host.isascii()
        or "xn--" in host
        or "." not in host
        or _NUMBERS.fullmatch(host) is not None
    )
    named = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    return Link(written=written, hides=hides, promotes=any(TRACKING.fullmatch(name) for name in named))


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words.translate(_DOTS))
