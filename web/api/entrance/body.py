"""Bodies of requests. At most 64 kB of plain JSON: no depth, no numbers without end, no name twice."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from web.shared.http.problems import Refusal

LIMIT = 64 * 1024
DEEPEST = 16
READING = ("GET", "HEAD", "OPTIONS")


class StrictRoute(APIRoute):
    """A route whose bodies are read by our rules before anything looks at them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await inner(_Bounded(request.scope, request.receive))

        return handle


class _Bounded(Request):
    _read: bytes | None = None

    async def body(self) -> bytes:
        if self._read is None:
            self._read = await self._bounded()
            if self._read and self.method not in READING:
                self._check_type()
        return self._read

    async def json(self) -> Any:
        return parse(await self.body())

    async def _bounded(self) -> bytes:
        declared = self.headers.get("content-length", "0")
        if not declared.isdecimal() or len(declared) > 12 or int(declared) > LIMIT:
            raise Refusal(413, "too_large")
        body = b""
        async for chunk in self.stream():
            body += chunk
            if len(body) > LIMIT:
                raise Refusal(413, "too_large")
        return body

    def _check_type(self) -> None:
        kind, _, rest = self.headers.get("content-type", "").partition(";")
        charset = rest.strip().lower().removeprefix("charset=").strip('"')
        encoding = self.headers.get("content-encoding", "identity").strip().lower()
        if kind.strip().lower() != "application/json" or charset not in ("", "utf-8") or encoding != "identity":
            raise Refusal(415, "unsupported_media_type")


def parse(body: bytes) -> Any:
    """The JSON in it, or a refusal; whatever is ambiguous between readers is refused."""
    try:
        text = body.decode("utf-8")
        _check_depth(text)
        return json.loads(text, object_pairs_hook=_no_name_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "unreadable") from error


def _check_depth(text: str) -> None:
    """Before parsing, which recurses. One pass; what stands within strings does not count."""
    depth, within, escaped = 0, False, False
    for letter in text:
        if within:
            within, escaped = escaped or letter != '"', letter == "\\" and not escaped
        elif letter == '"':
            within = True
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        if depth > DEEPEST:
            raise ValueError


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(_: str) -> None:
    raise ValueError
