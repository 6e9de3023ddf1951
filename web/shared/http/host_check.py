"""The check of the Host header. A page elsewhere can point its own name at 127.0.0.1; the Host header tells."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class OnlyOurHosts:
    """Refuses every request whose Host is not ours, before anything reads a cookie (DNS rebinding)."""

    def __init__(self, app: ASGIApp, ours: frozenset[str]) -> None:
        self.app, self.ours = app, ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or name_in(Headers(scope=scope).get("host", "")) in self.ours:
            await self.app(scope, receive, send)
            return
        await PlainTextResponse("This address does not lead here.\n", status_code=421)(scope, receive, send)


def our_hosts(public_url: str, host: str) -> frozenset[str]:
    """The names we answer to: the public one, and the loopback's only where nobody else can reach us."""
    public = name_in(urlsplit(public_url).netloc)
    bound = f"[{host}]" if ":" in host else host.lower()
    return frozenset({public}) | (LOOPBACK if bound in LOOPBACK or bound.startswith("127.") else frozenset())


def name_in(netloc: str) -> str:
    """The host without its port, in lower case; an IPv6 address keeps its brackets."""
    name, _, port = netloc.rpartition(":")
    return (name if name and port.isdigit() else netloc).lower()
