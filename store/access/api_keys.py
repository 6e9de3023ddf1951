"""API keys. A key is shown once; we keep its first letters to find it by, and a keyed hash of it."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from models.base import Frozen
from models.ids import ProgrammeId
from store.engine.ids import new_id
from store.engine.secrets import Keys
from store.tables import api_key

PURPOSE = "api key"
_SHAPE = re.compile(r"(ibk_[0-9a-f]{8})_[A-Za-z0-9_-]{43}")  # a prefix that secret scanners can know


class Scope(StrEnum):
    READ = "introductions:read"
    WRITE = "introductions:write"
    STAFF = "introductions:staff"  # what operators read and decide, each time for one of them by name
    PEOPLE = "people:rights"  # a copy of everything about somebody, and having them forgotten


class ApiKey(Frozen):
    """A key as it is listed. What opens the door is nowhere in it."""

    id: str
    programme: ProgrammeId
    prefix: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def make_key(
    connection: Connection,
    keys: Keys,
    programme: ProgrammeId,
    name: str,
    scopes: Iterable[Scope],
    now: datetime,
    expires_at: datetime | None = None,
) -> str:
    """A new key: the whole of it, this once. Two may live side by side, so that one can take over from the other."""
    prefix = f"ibk_{secrets.token_hex(4)}"
    raw = f"{prefix}_{secrets.token_urlsafe(32)}"
    row = {"id": new_id("key"), "programme": programme, "prefix": prefix, "name": name, "created_at": now}
    row |= {"hash": keys.keyed_hash(raw.encode(), PURPOSE), "scopes": sorted(set(scopes)), "expires_at": expires_at}
    connection.execute(insert(api_key).values(row))
    return raw


def holder_of(connection: Connection, keys: Keys, raw: str, now: datetime) -> ApiKey | None:
    """The key this is, if it is one and still good. A wrong key costs what a right one costs."""
    shape = _SHAPE.fullmatch(raw)
    prefix = shape[1] if shape else "ibk_"
    row = connection.execute(select(api_key).where(api_key.c.prefix == prefix)).one_or_none()
    if not keys.recognises(row.hash if row else "", raw.encode(errors="replace"), PURPOSE) or row is None:
        return None
    found = _key(row)
    return found if found.is_live(now) else None


def revoke(connection: Connection, programme: ProgrammeId, key_id: str, now: datetime) -> bool:
    """From this commit on it opens nothing. False where there is no such live key."""
    theirs = (api_key.c.id == key_id, api_key.c.programme == programme, api_key.c.revoked_at.is_(None))
    return connection.execute(update(api_key).where(*theirs).values(revoked_at=now)).rowcount == 1


def keys_of(connection: Connection, programme: ProgrammeId) -> tuple[ApiKey, ...]:
    """Every key of a programme, the newest first."""
    rows = connection.execute(
        select(api_key).where(api_key.c.programme == programme).order_by(api_key.c.created_at.desc(), api_key.c.id)
    )
    return tuple(_key(row) for row in rows)


def _key(row: Row[Any]) -> ApiKey:
    found = row._mapping
    return ApiKey(**{name: found[name] for name in ApiKey.model_fields})
