"""Recognition of our own pages at an address, by their mark of a word nobody could have guessed.

Whether somebody listens tells nothing: it may be anybody's server. Ours marks the word it is asked with by the
installation's own key, and whoever has the same `keys.json` recognises the mark.
"""

import asyncio
import json
import secrets
from contextlib import suppress

from store.engine.secrets import WHO_ANSWERS, Keys

HEALTH = "/api/v1/health"
PATIENCE = 5.0  # seconds until somebody who says nothing is not us
LARGEST = 65_536  # bytes of an answer; ours has a few hundred


def challenge() -> str:
    return secrets.token_hex(16)


def path_asking(word: str) -> str:
    return f"{HEALTH}?challenge={word}"


def is_ours(body: bytes, word: str, keys: Keys) -> bool:
    """Whether this answer carries our mark of the word."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    mark = told.get("mark") if isinstance(told, dict) else None
    return isinstance(mark, str) and mark.isascii() and keys.recognises(mark, word.encode(), WHO_ANSWERS)


async def we_answer(host: str, port: int, name: str, keys: Keys) -> bool:
    """Whether our pages answer there, within `PATIENCE`. `name`: the host under which they are asked for."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            return await _answer(host, port, name, keys)
    return False


async def _answer(host: str, port: int, name: str, keys: Keys) -> bool:
    word = challenge()
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    try:
        # HTTP/1.0: the answer ends where the connection does.
        writer.write(f"GET {path_asking(word)} HTTP/1.0\r\nHost: {name}\r\n\r\n".encode())
        await writer.drain()
        head, _, body = (await _all_of(reader)).partition(b"\r\n\r\n")
    except OSError:
        return False
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
    return head.split(b" ", 2)[1:2] == [b"200"] and is_ours(body, word, keys)


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    found = b""
    while len(found) < LARGEST and (more := await reader.read(LARGEST)):
        found += more
    return found
