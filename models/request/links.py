"""Links in a text, and whether they say where they lead. A note may point at something, not advertise or hide it."""

import re
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
