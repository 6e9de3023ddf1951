"""To which addresses may nothing ever be sent? Kept as keyed hashes, so that the record outlives the address."""

from datetime import datetime
from typing import Literal, Protocol

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from store.tables import suppression

Why = Literal["opt_out", "bounced", "not_me"]


class KeyedHash(Protocol):
    """A hash that only this house can make."""

    def keyed_hash(self, content: bytes) -> str: ...


def address_hash(keys: KeyedHash, match_key: str) -> str:
    """What stands for an address here: made of its canonical mailbox, so that aliases are one (store/addresses.py)."""
    return keys.keyed_hash(b"address " + match_key.encode())


def suppress(connection: Connection, tenant: str, hashed: str, why: Why, now: datetime) -> None:
    """From this commit on no letter to this address may start. The first reason stands."""
    row = {"tenant": tenant, "address_hash": hashed, "reason": why, "at": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(suppression).values(row))
    except IntegrityError:
        return


def lift(connection: Connection, tenant: str, hashed: str, why: Why) -> None:
    """Only what was kept for this reason: somebody who wants letters again has not mended a dead address."""
    this = (suppression.c.tenant == tenant, suppression.c.address_hash == hashed, suppression.c.reason == why)
    connection.execute(delete(suppression).where(*this))


def is_suppressed(connection: Connection, tenant: str, hashed: str) -> bool:
    found = select(suppression.c.at).where(suppression.c.tenant == tenant, suppression.c.address_hash == hashed)
    return connection.execute(found).first() is not None
