"""Bodies of requests: how long, how slow, of which kind and in which encoding they may be, told before any is decoded.

Python knows a hundred encodings, and some of them take seconds for a form of 64 kB (`charset=punycode`), in which
nobody else is answered. So we read the one that browsers send, and no more fields than a page of ours has.
"""

import asyncio
from collections.abc import AsyncIterator

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive

BODY_LIMIT = 64 * 1024
GIVEN_BACK = 4 * BODY_LIMIT  # of a form that is too long: somebody may have typed it
UPLOAD_LIMIT = BODY_LIMIT + 512 * 1024  # where a page of ours takes one file
PHOTO_LIMIT = 12 * 1024 * 1024  # where somebody's own page takes a photo; of one a little too large it says so itself
PHOTO_WITHIN, PHOTOS_AT_ONCE = 60.0, 4  # seconds of one; of all that are on their way
BODY_WITHIN = 20.0  # seconds from its first byte to its last: more than the slowest telephone needs for 64 kB
FIELDS = 200  # of one form: twice as many as any page of ours has
LONGEST_TYPE = 200  # of a Content-Type: what is longer is slow to take apart, and no browser sends it
FORM, PARTS = b"application/x-www-form-urlencoded", b"multipart/form-data"  # parts: what mail programs may send
TOLD = frozenset({b"boundary", b"charset"})  # beside the kind
ENCODINGS = frozenset({b"utf-8", b"utf8"})


class Unread(Exception):
    """This body is not read: an HTTP status, and a sentence for whoever sent it.

    `body`: what a form too long held, so that a page may give its words back.
    """

    def __init__(self, status: int, sentence: str, body: bytes = b"") -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.body = status, sentence, body


# Raised anew each time: an exception keeps every frame that raised it, and what a stranger sent with it.
TOO_LONG = (413, "That is too long.\n")
BUSY = (503, "Several photos are arriving at this moment. Please send yours again in a minute.\n")
TOO_SLOW = (408, "That took too long to arrive.\n")
NO_FORM = (415, "That is no form as we read it: send it as a browser does, in UTF-8.\n")
TOO_MANY = (413, "That form has too many fields.\n")


async def whole(
    chunks: AsyncIterator[bytes], headers: Headers, limit: int = BODY_LIMIT, within: float = BODY_WITHIN
) -> bytes:
    """All of a body, or a refusal: of one that says or turns out to be too long, and of one that takes too long."""
    declared = headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > 12 or int(declared) > limit:
        raise Unread(*TOO_LONG)
    body = bytearray()
    try:
        async with asyncio.timeout(within):
            async for chunk in chunks:
                body += chunk
                if len(body) > limit:
                    raise Unread(*TOO_LONG)
    except TimeoutError:
        raise Unread(*TOO_SLOW) from None
    return bytes(body)


async def chunks_of(receive: Receive) -> AsyncIterator[bytes]:
    """The pieces of a body as they arrive."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        yield message.get("body", b"")
        more = message.get("more_body", False)


def is_form(headers: Headers) -> bool:
    """Of the plain kind, whose fields are quoted in one line."""
    return headers.get("content-type", "").lower().startswith(FORM.decode())


def refuse_unless_form(body: bytes, headers: Headers) -> None:
    """A form as browsers and mail programs send it, or nothing at all. A body of no stated kind is read by nobody."""
    stated = headers.getlist("content-type")
    if not body or not stated:
        return
    is_plain = headers.get("content-encoding", "identity") == "identity" and "*" not in stated[0]  # RFC 2231: charset*
    if len(stated) > 1 or len(stated[0]) > LONGEST_TYPE or not is_plain:
        raise Unread(*NO_FORM)
    kind, told = parse_options_header(stated[0])
    encoding = told.get(b"charset", b"utf-8")
    if kind not in (FORM, PARTS) or not told.keys() <= TOLD or encoding.lower() not in ENCODINGS:
        raise Unread(*NO_FORM)
    if body.count(b"&" if kind == FORM else b"--" + told.get(b"boundary", b"")) > FIELDS:
        raise Unread(*TOO_MANY)
