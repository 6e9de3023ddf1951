"""Whoever answers on a port is asked for their name, and another server's answer is never taken for ours."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from embedded import who_answers
from embedded.who_answers import is_ours, we_answer
from store.engine.secrets import WHO_ANSWERS, Keys

OURS = Keys.of(b"o" * 32)
OTHERS = [
    b"HTTP/1.1 200 OK\r\n\r\n" + body
    for body in (
        b"",
        b"[]",
        b'{"state": "well"}',
        b'{"mark": null}',
        b'{"mark": "\xc3\xa4"}',
        b'{"mark": "0"}',
        b"\xff",
    )
] + [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"\r\n\r\n"]


@asynccontextmanager
async def somebody(answer: bytes) -> AsyncIterator[int]:
    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        word = asked.partition(b"challenge=")[2].partition(b" ")[0]
        mark = OURS.keyed_hash(word, WHO_ANSWERS).encode()
        writer.write(answer.replace(b"MARK", mark))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(say, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def ask(answer: bytes, keys: Keys = OURS) -> bool:
    async with somebody(answer) as port:
        return await we_answer("127.0.0.1", port, "127.0.0.1", keys)


@pytest.mark.parametrize("answer", OTHERS)
async def test_anybody_else_s_answer_is_not_ours(answer: bytes) -> None:
    assert not await ask(answer)


async def test_whoever_says_nothing_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who_answers, "PATIENCE", 0.05)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        assert not await we_answer("127.0.0.1", server.sockets[0].getsockname()[1], "127.0.0.1", OURS)


async def test_ours_is_known_by_its_mark() -> None:
    ours = b'HTTP/1.1 200 OK\r\n\r\n{"mark": "MARK"}'
    assert await ask(ours)
    assert not await ask(ours, Keys.of(b"another installation's key......"))
    assert not await ask(ours.replace(b"200", b"503"))
    assert not await we_answer("127.0.0.1", 9, "127.0.0.1", OURS), "nobody is there"


def test_a_mark_is_good_for_one_word() -> None:
    """Whoever has heard an answer before cannot give it again: each asking has a word of its own."""
    mark = OURS.keyed_hash(b"a" * 32, WHO_ANSWERS)
    body = f'{{"mark": "{mark}"}}'.encode()
    assert is_ours(body, "a" * 32, OURS)
    assert not is_ours(body, "b" * 32, OURS)
