"""What stands between a page and the world? Headers on every answer, a limit on every body, a look at every POST's
origin, and a nonce that binds a form to the page it was shown on."""

import base64
import binascii
import hmac
import secrets
from typing import Protocol
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 64 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

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
        headers = Headers(scope=scope)
        guarded = _with_headers(send, scope["path"])
        if scope["method"] not in SAFE_METHODS and self._is_foreign(headers):
            await PlainTextResponse("That was sent from another site.\n", 403)(scope, receive, guarded)
            return
        body = None if _too_long(headers) else await _whole_body(receive, scope["method"])
        if body is None:
            await PlainTextResponse("That is too long.\n", 413)(scope, receive, guarded)
            return
        await self.app(scope, _replayed(body, receive), guarded)

    def _is_foreign(self, headers: Headers) -> bool:
        """Browsers say where a form comes from. Our own pages send no referrer, so their Origin is "null"."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in ("same-origin", "none")
        origin = headers.get("origin", "null")
        return origin != "null" and origin not in (self.own, f"http://{headers.get('host')}")


class KeyedHash(Protocol):
    """A hash that only this house can make."""

    def keyed_hash(self, content: bytes) -> str: ...


def new_nonce(keys: KeyedHash, bound_to: str) -> str:
    """One page's nonce: random, and good only for what it is bound to (a link's token, a session)."""
    dice = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
    return f"{dice}.{_seal(keys, bound_to, dice)}"


def is_own_nonce(keys: KeyedHash, bound_to: str, nonce: str) -> bool:
    """Whether this nonce came from a page of ours for the same thing. One page may be sent twice: the store counts."""
    dice, _, seal = nonce[:100].partition(".")
    return nonce.isascii() and _is_dice(dice) and hmac.compare_digest(seal, _seal(keys, bound_to, dice))


def _seal(keys: KeyedHash, bound_to: str, dice: str) -> str:
    return keys.keyed_hash(f"nonce {bound_to} {dice}".encode())[:32]


def _is_dice(dice: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(dice + "==")) == 16
    except (binascii.Error, ValueError):
        return False


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
