"""Bodies of requests. At most 64 kB of plain JSON: no depth, no numbers without end, no name twice."""

import json
import re
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from web.shared.http.problems import FieldError, Refusal
from web.shared.http.request_bodies import Unread, whole

DEEPEST, MOST_BRACKETS = 16, 1000
READING = ("GET", "HEAD", "OPTIONS")
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)  # the last may not end: never tried twice
_ALL_BUT_BRACKETS = re.compile(r"[^\[\]{}]++")
_NAMES = {413: "too_large", 408: "too_slow"}


class StrictRoute(APIRoute):
    """A route whose bodies are read by our rules before anything looks at them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            _refuse_twice_said(request)
            return await inner(_Bounded(request.scope, request.receive))

        return handle


def _refuse_twice_said(request: Request) -> None:
    """As in a body, no name stands twice: of two values one would be passed over in silence."""
    times = Counter(name for name, _ in request.query_params.multi_items())
    if twice := [name[:100] for name, found in times.items() if found > 1]:
        said = "This stands there more than once."
        raise Refusal(422, "invalid", [FieldError(field=name, name="repeated", detail=said) for name in twice])


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
        try:
            return await whole(self.stream(), self.headers)
        except Unread as why:
            raise Refusal(why.status, _NAMES[why.status]) from None

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
    """Before parsing, which recurses. What stands within strings does not count."""
    brackets, depth = _ALL_BUT_BRACKETS.sub("", _STRING.sub("", text)), 0
    if len(brackets) > MOST_BRACKETS:
        raise ValueError
    for bracket in brackets:
        depth += 1 if bracket in "[{" else -1
        if depth > DEEPEST:
            raise ValueError


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_constant(_: str) -> None:
    raise ValueError
