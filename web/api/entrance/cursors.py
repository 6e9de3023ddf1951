"""Cursors of lists. A cursor is opaque and marked by us: an altered one is no cursor."""

import base64
import binascii
import hmac
from datetime import UTC, datetime

from models.ids import IntroductionId
from store.engine.secrets import Keys

PURPOSE = "cursor"
MARK = 16  # bytes of the mark that travel


def cursor(keys: Keys, scope: str, asked_at: datetime, last: IntroductionId) -> str:
    """For this scope (a key's programme, and what the list was narrowed to) only."""
    place = f"{asked_at.isoformat()} {last}".encode()
    return base64.urlsafe_b64encode(_mark(keys, scope, place) + place).decode().rstrip("=")


def place(keys: Keys, scope: str, written: str) -> tuple[datetime, IntroductionId] | None:
    """What the cursor says, or None where it is not one of ours."""
    try:
        raw = base64.urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4))
    except (ValueError, binascii.Error):
        return None
    mark, said = raw[:MARK], raw[MARK:]
    is_canonical = base64.urlsafe_b64encode(raw).decode().rstrip("=") == written
    if not is_canonical or not hmac.compare_digest(mark, _mark(keys, scope, said)):
        return None
    at, _, last = said.decode().partition(" ")
    return datetime.fromisoformat(at).astimezone(UTC), IntroductionId(last)


def _mark(keys: Keys, scope: str, said: bytes) -> bytes:
    return bytes.fromhex(keys.keyed_hash(scope.encode() + b"\0" + said, PURPOSE))[:MARK]
