"""Loopback requests: sent on this machine to this machine, by no proxy, to a house that the world was never let into.

For these alone there are mailboxes, and whatever else one person may do as everybody. A proxy beside us hands on what
strangers send, from the loopback like anybody here, so whatever a proxy leaves on a request closes them; and what any
process of the installation was ever told is asked of the database each time. Where that is away, they are closed too.
"""

from ipaddress import ip_address

from fastapi import Request
from starlette.datastructures import Headers

from store.audit import exposure
from store.engine.database import DatabaseAway
from web.shared.house import MAILBOXES, house_built
from web.shared.http.host_check import name_in

LEFT_BY_PROXIES = (  # how their headers begin; no browser sends one that begins with x-
    *("x-", "forwarded", "via", "proxy-", "client-ip", "true-client-ip", "cdn-", "cf-", "fastly-", "fly-", "akamai-"),
    *("tailscale-", "ngrok-", "front-end-https", "traceparent", "surrogate-", "remote-", "ssl-", "early-data"),
)
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
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


def _is_handed_on(headers: Headers) -> bool:
    return any(name.startswith(LEFT_BY_PROXIES) for name in headers)


async def _is_private(request: Request) -> bool:
    try:
        return not await house_built(request).database.read(exposure.found)
    except DatabaseAway:
        return False
