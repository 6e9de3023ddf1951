"""Local requests: sent on this machine to this machine, by no proxy, to a house that the world was never let into.

For these alone there are mailboxes, and whatever else one person may do as everybody. A proxy beside us hands on what
strangers send, from the loopback like anybody here, so whatever a proxy leaves on a request closes them; and what any
process of the installation was ever told is asked of the database each time. Where that is away, they are closed too.
"""

from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers

from loopback import is_loopback
from store.audit import exposure
from store.engine.database import DatabaseAway
from web.shared.house import MAILBOXES, house_built
from web.shared.http.host_check import name_in

# What a browser or a program at this machine sends. Whoever hands on what others sent adds to it: X-Forwarded-For,
# Real-IP, Via, a trace, a name for the request. Each product has its own words: whatever is not here tells of one.
SENT_HERE = frozenset(
    {
        *("host", "user-agent", "connection", "keep-alive", "cookie", "content-type", "content-length", "date"),
        *("accept", "accept-charset", "accept-encoding", "accept-language", "dnt", "save-data", "priority", "te"),
        *("cache-control", "pragma", "if-modified-since", "if-none-match", "range", "if-range", "expect", "purpose"),
        *("upgrade-insecure-requests", "transfer-encoding", "origin", "referer", "last-event-id", "authorization"),
    }
)
OF_BROWSERS = "sec-"  # Sec-Fetch-Site, Sec-CH-UA and their like
LED_HERE_BY = ("origin", "referer")  # where it was followed or sent from: an address of this machine, if it says one
OF_PROXIES = frozenset({"1.0"})  # what nginx speaks to those behind it; browsers have left it long ago


async def look_whether_local(request: Request) -> None:
    """Asked before every page: `House.embedded` is true for this request only where all of it holds."""
    request.scope[MAILBOXES] = house_built(request).embedded and is_direct(request) and await _is_private(request)


def is_direct(request: Request) -> bool:
    """The address asked for and the connection are of this machine, and nothing shows that anybody stands between."""
    asked = request.headers.getlist("host")
    return (
        request.client is not None
        and is_loopback(request.client.host)
        and len(asked) == 1
        and is_loopback(name_in(asked[0]))
        and request.scope.get("http_version") not in OF_PROXIES
        and not _is_handed_on(request.headers)
        and all(_is_of_here(each) for name in LED_HERE_BY for each in request.headers.getlist(name))
    )


def _is_handed_on(headers: Headers) -> bool:
    return any(name not in SENT_HERE and not name.startswith(OF_BROWSERS) for name in headers)


def _is_of_here(address: str) -> bool:
    """A page that hides where it is says "null"; one that names another place is read there, through a proxy."""
    if address == "null":
        return True
    try:
        return is_loopback(urlsplit(address).hostname or "")
    except ValueError:
        return False


async def _is_private(request: Request) -> bool:
    try:
        return not await house_built(request).database.read(exposure.found)
    except DatabaseAway:
        return False
