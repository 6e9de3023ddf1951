"""Security at the door: headers of every answer, limits of bodies, origins of POSTs, nonces.

Headers on every answer, a limit on every head and body, a look at every POST's origin, and a nonce that binds a form
to the page it was shown on.
"""

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.engine.secrets import Keys
from web.shared.http.host_check import LOOPBACK, name_in
from web.shared.http.nul_bytes import shown_in_address, shown_in_form
from web.shared.http.request_bodies import (
    BODY_LIMIT,
    BUSY,
    GIVEN_BACK,
    PHOTO_LIMIT,
    PHOTO_WITHIN,
    PHOTOS_AT_ONCE,
    TOO_LONG,
    UPLOAD_LIMIT,
    Unread,
    chunks_of,
    is_form,
    refuse_unless_form,
    whole,
)

NONCE, LONGEST_NONCE = "nonce", 100
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HEAD = "introbroker.head"  # in the scope of what is asked for as GET and answered without its body
FROM_ANYWHERE = "/unsubscribe/"  # pressed by mail programs (RFC 8058); no cookie counts there, only link and nonce
TAKES_FILES = {  # beside the words of a form: a logo, a photo
    "/console/face": UPLOAD_LIMIT,
    "/console/face/preview": UPLOAD_LIMIT,
    "/me/settings/photo": PHOTO_LIMIT,
}
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
FIELDS, HEAD_LIMIT, ADDRESS_LIMIT = 100, 16 * 1024, 4096  # headers of one request; their bytes; of path and query
ONLY_TLS = "max-age=63072000; includeSubDomains"  # two years, from every answer anew
KEPT = "public, max-age=31536000, immutable"  # static files: their address changes with their content


FOREIGN = (403, "That was sent from another site.\n")
LONG_ADDRESS = (414, "That address is too long.\n")
LONG_HEAD = (431, "That request has too many headers, or too long ones.\n")


class Shield:
    """Wraps the whole application. A room may set a header of its own; what it leaves out is filled in here."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app, self.own, self.headers = app, _origin(public_url), headers_of(public_url)
        self.photos = 0  # on their way in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        guarded = _with_headers(send, self.headers, scope["path"])
        if scope["method"] == "HEAD":  # answered like GET everywhere (RFC 9110, 9.3.2): no room knows of it
            scope, guarded = {**scope, "method": "GET", HEAD: True}, _without_body(guarded)
        try:
            received = await self._looked_at(scope, receive)
        except Unread as why:
            await (await _refusal(scope, why))(scope, receive, guarded)
            return
        await self.app(_at_its_address(shown_in_address(scope)), received, guarded)

    async def _looked_at(self, scope: Scope, receive: Receive) -> Receive:
        """Before anybody reads it. The API reads its own bodies, by the same limits."""
        headers = Headers(scope=scope)
        _refuse_long_head(scope)
        if scope["method"] in SAFE_METHODS:
            return _replayed(b"", receive)
        if self._is_foreign(headers) and not scope["path"].startswith(FROM_ANYWHERE):
            raise Unread(*FOREIGN)
        if scope["path"].startswith(API):
            return receive
        # Of a file each byte is what it is: its own page looks at the texts beside it.
        takes_file = scope["path"] in TAKES_FILES and not is_form(headers)
        limit = TAKES_FILES[scope["path"]] if takes_file else BODY_LIMIT
        if limit == PHOTO_LIMIT:
            return _replayed(await self._photo(headers, receive), receive)
        body = await whole(chunks_of(receive), headers, GIVEN_BACK if is_form(headers) else limit)
        refuse_unless_form(body, headers)
        if len(body) > limit:
            raise Unread(*TOO_LONG, body=body)
        return _replayed(body if takes_file else shown_in_form(body, headers), receive)

    async def _photo(self, headers: Headers, receive: Receive) -> bytes:
        """A few at a time: each is held whole, and nobody has looked yet who sends it."""
        if self.photos >= PHOTOS_AT_ONCE:
            raise Unread(*BUSY)
        self.photos += 1
        try:
            body = await whole(chunks_of(receive), headers, PHOTO_LIMIT, PHOTO_WITHIN)
        finally:
            self.photos -= 1
        refuse_unless_form(body, headers)
        return body

    def _is_foreign(self, headers: Headers) -> bool:
        """Browsers say where a form comes from. Our own pages send no referrer, so their Origin is "null"."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site not in ("same-origin", "none")
        origin, host = headers.get("origin", "null"), headers.get("host", "")
        may_be_plain = self.own.startswith("http:") or name_in(host) in LOOPBACK  # else somebody on the way wrote it
        return origin not in ("null", self.own) and not (may_be_plain and origin == f"http://{host}")


async def _refusal(scope: Scope, why: Unread) -> ASGIApp:
    """One line; or the application's own page, where somebody may have typed what is not taken."""
    told = scope["app"].exception_handlers.get(Unread) if why.body and "app" in scope else None
    answer: ASGIApp = await told(Request(scope), why) if told else PlainTextResponse(why.sentence, why.status)
    return answer


def headers_of(public_url: str) -> dict[str, str]:
    """On every answer of a house; of one that is reached over TLS, also that it is never reached otherwise."""
    return HEADERS | ({"strict-transport-security": ONLY_TLS} if public_url.startswith("https:") else {})


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


def _refuse_long_head(scope: Scope) -> None:
    """What a header holds is taken apart by many, and not all of them are quick with a long one."""
    if len(scope["path"]) + len(scope["query_string"]) > ADDRESS_LIMIT:
        raise Unread(*LONG_ADDRESS)
    if len(scope["headers"]) > FIELDS or sum(len(name) + len(text) for name, text in scope["headers"]) > HEAD_LIMIT:
        raise Unread(*LONG_HEAD)


def _at_its_address(scope: Scope) -> Scope:
    """A slash too many at the end is overlooked: to lead elsewhere would say a link's token aloud once more."""
    path = scope["path"].rstrip("/") or "/"
    return scope if path == scope["path"] or path.startswith(API) else {**scope, "path": path}


def _replayed(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


def _with_headers(send: Send, wanted: dict[str, str], path: str) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if path.startswith("/static/"):
                headers.setdefault("cache-control", KEPT)
            for name, value in wanted.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded


def _without_body(send: Send) -> Send:
    async def bare(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return bare
