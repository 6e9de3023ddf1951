"""Keys and keyed hashes: marks that only we recognise and that cannot be read back."""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Self

SHORTEST_MARK = 12  # bytes
WHO_ANSWERS = "who answers"  # the purpose of a mark by which our pages are told from anybody else's


class Keys:
    """A ring of keys, the newest first. What older keys have marked is still recognised until they are retired."""

    def __init__(self, ring: Iterable[tuple[str, bytes]]) -> None:
        self._ring = tuple(ring)
        if not self._ring:
            raise ValueError("a key ring without a key")

    @classmethod
    def of(cls, secret: bytes, key_id: str = "only") -> Self:
        """A ring of one key."""
        return cls([(key_id, secret)])

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(key_id for key_id, _ in self._ring)

    def keyed_hash(self, content: bytes, purpose: str = "suppression") -> str:
        """Under the newest key. The purpose is part of it, so that no mark made for one use fits another."""
        return _keyed(self._ring[0][1], content, purpose)

    def keyed_hashes(self, content: bytes, purpose: str = "suppression") -> tuple[str, ...]:
        """Under each key: what to look for, since the mark may have been made with any of them."""
        return tuple(_keyed(secret, content, purpose) for _, secret in self._ring)

    def recognises(self, mark: str, content: bytes, purpose: str) -> bool:
        """Whether one of our keys made this mark of this; a near miss takes as long as a wild guess."""
        return any(hmac.compare_digest(mark, each) for each in self.keyed_hashes(content, purpose))

    def recognises_start(self, mark: bytes, content: bytes, purpose: str) -> bool:
        """The same for a mark cut short, where there is little room for it: 12 bytes at least."""
        if len(mark) < SHORTEST_MARK:
            return False
        whole = (bytes.fromhex(each) for each in self.keyed_hashes(content, purpose))
        return any(hmac.compare_digest(mark, each[: len(mark)]) for each in whole)

    def __repr__(self) -> str:
        return f"Keys({', '.join(self.ids)})"


def _keyed(secret: bytes, content: bytes, purpose: str) -> str:
    return hmac.new(secret, purpose.encode() + b"\0" + content, hashlib.sha256).hexdigest()
