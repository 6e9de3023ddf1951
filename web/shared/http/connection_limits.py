"""Limits of a connection: how long the head of a request may be, and how long it may take to arrive.

The server itself has none: whoever sends a header without an end fills our memory, and whoever sends nothing holds a
connection for good. What a head holds once it is here is the shield's part (web/shared/http/security.py).
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_WITHIN = 10.0  # seconds from the connection, or from the head's first byte, to the head's last
UNFINISHED = 64 * 1024  # bytes of a head that has not ended yet; one that has is measured by the shield


class Entrance(HttpToolsProtocol):
    """Each connection of the web. One that is too slow or too long with a head is closed without a word."""

    _due: asyncio.TimerHandle | None = None
    _unfinished = 0
    _is_in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_in_head and self._due is None:
            self._expect_head()
        self._unfinished += len(data)
        super().data_received(data)
        if self._is_in_head and self._unfinished > UNFINISHED:
            self.transport.abort()

    def on_message_begin(self) -> None:
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._expect_nothing()
        super().on_headers_complete()

    def on_message_complete(self) -> Any:
        self._is_in_head, self._unfinished = True, 0  # whatever comes next is another head
        return super().on_message_complete()

    def _expect_head(self) -> None:
        self._due = self.loop.call_later(HEAD_WITHIN, self.transport.abort)

    def _expect_nothing(self) -> None:
        self._is_in_head, self._unfinished = False, 0
        if self._due is not None:
            self._due.cancel()
            self._due = None
