"""Security at the door: headers of every answer, limits of bodies, origins of POSTs, nonces.

Headers on every answer, a limit on every body, a look at every POST's origin, and a nonce that binds a form to the
page it was shown on.
"""

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.engine.secrets import Keys
from web.shared.http.nul_bytes import shown_in_address, shown_in_form

BODY_LIMIT = 64 * 1024
NONCE, LONGEST_NONCE = "nonce", 100
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEAD = "introbroker.head"  # in the scope of what is asked for as GET and answered without its body
FROM_ANYWHERE = "/unsubscribe/"  # pressed by mail programs (RFC 8058); no cookie counts there, only link and nonce
API = "/api/"  # reads its bodies by the same limit, and refuses them in its own form

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",  # links hold tokens: no page may learn where its visitor came from
    "x-robots-tag": "noindex, nofollow, noarchive",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
KEPT = "public, max-age=31536000, immutable"  # static files: their address changes with their content


class Shield:
    """Wraps the whole application. A room may set a header of its own; what it leaves out is filled in here."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app, self.own = app, _origin(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope, headers = shown_in_address(scope), Headers(scope=scope)
        guarded = _with_headers(send, scope["path"])
        if scope["method"] == "HEAD":  # answered like GET everywhere (RFC 9110, 9.3.2): no room knows of it
            scope, guarded = {**scope, "method": "GET", HEAD: True}, _without_body(guarded)
        guarded_here = scope["method"] not in SAFE_METHODS and not scope["path"].startswith(FROM_ANYWHERE)
        if guarded_here and self._is_foreign(headers):
            await PlainTextResponse("That was sent from another site.\n", 403)(scope, receive, guarded)
            return
        if scope["path"].startswith(API):
            await self.app(scope, receive, guarded)
            return
        body = None if _too_long(headers) else await _whole_body(receive, scope["method"])
        if body is None:
            await PlainTextResponse("That is too long.\n", 413)(scope, receive, guarded)
            return
        await self.app(scope, _replayed(shown_in_form(body, headers), receive), guarded)

    def _is_foreign(self, headers: Headers) -> bool:
        """Browsers say where a form comes from. Our own pages send no referrer, so their Origin is "null"."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in ("same-origin", "none")
        origin = headers.get("origin", "null")
        return origin != "null" and origin not in (self.own, f"http://{headers.get('host')}")


def is_read(request: Request) -> bool:
    """Whether anybody reads the answer. Scanners ask for the head of a page, and nobody has seen it then."""
    return not request.scope.get(HEAD, False)


def new_nonce(keys: Keys, bound_to: str) -> str:
    """One page's nonce: random, and good only for what it is bound to (a link's token, a session)."""
    dice = secrets.token_urlsafe(16)
    return f"{dice}.{keys.keyed_hash(_bound(dice, bound_to), NONCE)}"


def read_nonce(keys: Keys, bound_to: str, sent: str) -> str | None:
    """The nonce as the inbox keeps it, or None where no page of ours for this thing has sent it.

    A page sent twice sends it twice: that it counts once is the store's part.
    """
    dice, _, mark = sent.partition(".")
    whole = dice.isascii() and mark.isascii() and len(sent) < LONGEST_NONCE
    return dice if whole and keys.recognises(mark, _bound(dice, bound_to), NONCE) else None


def _bound(dice: str, bound_to: str) -> bytes:
    return f"{dice} {bound_to}".encode()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _too_long(headers: Headers) -> bool:
    said = headers.get("content-length", "0")
    return not said.isdecimal() or int(said[:20]) > BODY_LIMIT


async def _whole_body(receive: Receive, method: str) -> bytes | None:
    """What was sent, or None when it is longer than its header said it would be."""
    body, more = b"", method not in SAFE_METHODS
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_LIMIT:
            return None
    return body


def _replayed(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


def _with_headers(send: Send, path: str) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if path.startswith("/static/"):
                headers.setdefault("cache-control", KEPT)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded


def _without_body(send: Send) -> Send:
    async def bare(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return bare
