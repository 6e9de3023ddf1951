"""Signed return addresses: what comes back names its letter, and nobody can make one up.

The address holds the letter's id, when it started, and our mark over both, so that nobody can report a letter they
have not been sent. It stands in no header of ours. Capital letters do not matter: some mail servers lose them.
"""

import base64
import binascii
from datetime import UTC, datetime, timedelta

from models.base import Frozen
from models.ids import LetterId
from store.engine.secrets import Keys

LASTS = timedelta(days=30)
PURPOSE = "return address"
ID_BYTES, TIME_BYTES, MARK_BYTES = 12, 4, 12
_PREFIX = "let_"


class Signed(Frozen):
    """One attempt at one letter, named by an address that only we can have made."""

    letter: LetterId
    started_at: int  # seconds


class ReturnAddresses:
    """Addresses of the form `bounces+…@domain`, below the one that the settings name."""

    def __init__(self, keys: Keys, address: str) -> None:
        self._keys = keys
        self._local, _, self._domain = address.lower().rpartition("@")

    def of(self, letter: LetterId, started_at: datetime) -> str:
        named = bytes.fromhex(letter.removeprefix(_PREFIX)) + int(started_at.timestamp()).to_bytes(TIME_BYTES)
        mark = bytes.fromhex(self._keys.keyed_hash(named, PURPOSE))[:MARK_BYTES]
        spelt = base64.b32encode(named + mark).decode().lower().rstrip("=")
        return f"{self._local}+{spelt}@{self._domain}"

    def read(self, address: str, now: datetime) -> Signed | None:
        """None for an address that is not ours, was altered, or has expired."""
        local, _, domain = address.strip().strip("<>").lower().rpartition("@")
        base, _, spelt = local.partition("+")
        if (base, domain) != (self._local, self._domain) or len(spelt) > 64:
            return None
        held = _bytes(spelt)
        named, mark = held[: ID_BYTES + TIME_BYTES], held[ID_BYTES + TIME_BYTES :]
        if len(held) != ID_BYTES + TIME_BYTES + MARK_BYTES or not self._is_ours(named, mark):
            return None
        seconds = int.from_bytes(named[ID_BYTES:])
        if now - datetime.fromtimestamp(seconds, UTC) > LASTS:
            return None
        return Signed(letter=LetterId(_PREFIX + named[:ID_BYTES].hex()), started_at=seconds)

    def _is_ours(self, named: bytes, mark: bytes) -> bool:
        return self._keys.recognises_start(mark, named, PURPOSE)


def _bytes(spelt: str) -> bytes:
    try:
        return base64.b32decode(spelt.upper() + "=" * (-len(spelt) % 8))
    except (binascii.Error, ValueError):
        return b""
