"""Limits of a connection, over real sockets: a head that does not end, and one that does not come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse, Response

from tests.web.http_server import serving
from web.shared.http import connection_limits
from web.shared.http.security import Shield

HEAD = b"GET /x HTTP/1.1\r\nHost: here\r\n"


@asynccontextmanager
async def house() -> AsyncIterator[str]:
    app = FastAPI()

    @app.get("/x")
    async def answer() -> Response:
        return PlainTextResponse("here")

    app.add_middleware(Shield, public_url="http://here")
    async with serving(app) as address:
        yield address


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    try:
        yield reader, writer
    finally:
        writer.close()


async def rest(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side closes."""
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionResetError:
        return b""


async def test_a_head_without_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_limits, "HEAD_WITHIN", 60)  # only the length may end it
    async with house() as address, connected(address) as (reader, writer):
        writer.write(HEAD + b"A: ")
        try:
            for _ in range(200):
                writer.write(b"a" * 10_000)
                await writer.drain()
        except ConnectionError:
            pass
        assert await rest(reader) == b""


@pytest.mark.parametrize("begun", [b"", b"GET", HEAD, HEAD + b"A: b\r\n"])
async def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, begun: bytes) -> None:
    monkeypatch.setattr(connection_limits, "HEAD_WITHIN", 0.1)
    async with house() as address, connected(address) as (reader, writer):
        writer.write(begun)
        assert await rest(reader) == b""
    async with house() as address, connected(address) as (reader, writer):
        writer.write(HEAD + b"\r\n")  # nor is the second on a connection
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.write(begun or b"G")
        assert b"here" in await rest(reader)


async def test_many_requests_on_one_connection_and_long_ones_are_answered() -> None:
    async with house() as address, httpx2.AsyncClient(base_url=address) as client:
        for length in (10, 8_000, 10, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000):
            assert (await client.get("/x", headers={"a": "b" * length})).text == "here"
        assert (await client.get("/x", headers={"a": "b" * 20_000})).status_code == 431
        assert (await client.get("/x", headers={f"a{each}": "b" for each in range(120)})).status_code == 431
        assert (await client.get(f"/x?{'&' * 5000}")).status_code == 414


@pytest.mark.parametrize(
    "ends",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5",
        b"Content-Length: 5\r\nContent-Length: 6",
        b"Content-Length: 5, 6",
        b"Content-Length: +5",
        b"Transfer-Encoding: chunked, identity",
        b"Transfer-Encoding : chunked",
        b"Transfer-Encoding: xchunked",
    ],
)
async def test_a_request_with_two_ends_is_none(ends: bytes) -> None:
    """What one server on the way takes for a body is the next request to another."""
    async with house() as address, connected(address) as (reader, writer):
        writer.write(b"POST /x HTTP/1.1\r\nHost: here\r\n" + ends + b"\r\n\r\n0\r\n\r\n" + HEAD + b"\r\n")
        answer = await rest(reader)
        assert b" 400 " in answer.partition(b"\r\n")[0]
        assert b"HTTP/1.1 200" not in answer
