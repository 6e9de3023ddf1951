"""The keys an installation signs and encrypts with. Made once, kept beside the data, the newest first."""

import base64
import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from embedded.folder import StartRefused, kept_text

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class InstallationKey:
    """One key and the name under which whatever was made with it remembers it."""

    id: str
    secret: bytes = field(repr=False)


def key_ring(folder: Path) -> tuple[InstallationKey, ...]:
    """New things use the first key; older keys stay, so that what they made can still be read."""
    file = folder / "keys.json"
    try:
        ring = tuple(read_key(entry) for entry in json.loads(kept_text(file, fresh_ring()))["keys"])
    except (ValueError, KeyError, TypeError, OSError):
        raise StartRefused(f"The key file {file} cannot be read: bring it back from a backup.") from None
    if not ring:
        raise StartRefused(f"The key file {file} holds no key: bring it back from a backup.")
    return ring


def fresh_ring() -> str:
    secret = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return json.dumps({"keys": [{"id": secrets.token_hex(4), "secret": secret}]}, indent=2)


def read_key(entry: dict[str, str]) -> InstallationKey:
    key = InstallationKey(id=str(entry["id"]), secret=base64.urlsafe_b64decode(entry["secret"]))
    if len(key.secret) != KEY_BYTES:
        raise ValueError(f"key {key.id} is not {KEY_BYTES} bytes long")
    return key
