"""Suppressions: mailboxes never written to again.

Kept as keyed hashes, so that the record outlives the address itself.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.engine.secrets import Keys
from store.people.addresses import Address, Flaw, canonical
from store.tables import suppression

SuppressedFor = Literal["opt_out", "erased"]
KNOWN_AS = "known as"  # the purpose of a mark that stands for a source's key, not for an address


def add(connection: Connection, keys: Keys, tenant: str, address: str, reason: SuppressedFor, now: datetime) -> None:
    """Never write to this mailbox again, however its address is spelt."""
    suppress(connection, tenant, keys.keyed_hash(_mailbox(address)), reason, now)


def reason(connection: Connection, keys: Keys, tenant: str, address: str) -> SuppressedFor | None:
    """Why this mailbox may not be written to; None where it may. Older keys count until they are retired."""
    known = {"of": tenant, "marks": list(keys.keyed_hashes(_mailbox(address)))}
    return cast(SuppressedFor | None, connection.execute(_REASON, known).scalar_one_or_none())


def reasons(connection: Connection, keys: Keys, tenant: str, addresses: Iterable[Address]) -> dict[str, SuppressedFor]:
    """The same for many: why each may not be written to, by its mailbox; those that may are left out."""
    mailbox_of = {mark: each.mailbox for each in addresses for mark in keys.keyed_hashes(each.mailbox.encode())}
    if not mailbox_of:
        return {}
    rows = connection.execute(
        select(suppression.c.address_hash, suppression.c.reason)
        .where(suppression.c.tenant == tenant, suppression.c.address_hash.in_(mailbox_of))
        .order_by(_weight())  # what weighs most comes last, so that it stands
    )
    return {mailbox_of[row.address_hash]: cast(SuppressedFor, row.reason) for row in rows}


def suppress(connection: Connection, tenant: str, address_hash: str, reason: SuppressedFor, now: datetime) -> None:
    """The same by the mark alone. The first reason stands."""
    row = {"tenant": tenant, "address_hash": address_hash, "reason": reason, "at": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(suppression).values(row))
    except IntegrityError:
        pass  # suppressed already


def forget(connection: Connection, tenant: str, address_hash: str, now: datetime) -> None:
    """Whose this was is erased: that outweighs whatever stood here, so that no import brings them back."""
    suppress(connection, tenant, address_hash, "erased", now)
    here = (suppression.c.tenant == tenant, suppression.c.address_hash == address_hash)
    connection.execute(update(suppression).where(*here).values(reason="erased"))


def mark(keys: Keys, address: str) -> str:
    """By what this mailbox is known again."""
    return keys.keyed_hash(_mailbox(address))


def key_mark(keys: Keys, key: str) -> str:
    """By what a source's own key for somebody is known again."""
    return keys.keyed_hash(key.encode(), KNOWN_AS)


def erased_keys(connection: Connection, keys: Keys, tenant: str, known: Iterable[str]) -> frozenset[str]:
    """Those of these keys whose person has been erased."""
    key_of = {mark: each for each in known for mark in keys.keyed_hashes(each.encode(), KNOWN_AS)}
    if not key_of:
        return frozenset()
    rows = connection.execute(
        select(suppression.c.address_hash).where(
            suppression.c.tenant == tenant,
            suppression.c.address_hash.in_(key_of),
            suppression.c.reason == "erased",
        )
    )
    return frozenset(key_of[each] for each in rows.scalars())


def lift(connection: Connection, keys: Keys, tenant: str, address: str, reason: SuppressedFor) -> None:
    """Its owner wants letters again. What was suppressed for another reason stays so."""
    connection.execute(
        delete(suppression).where(
            suppression.c.tenant == tenant,
            suppression.c.address_hash.in_(keys.keyed_hashes(_mailbox(address))),
            suppression.c.reason == reason,
        )
    )


def _mailbox(address: str) -> bytes:
    found = canonical(address)
    # What is no address today may have been taken as one once: it is still recognised as the text it was.
    return (address.strip().lower() if isinstance(found, Flaw) else found.mailbox).encode()


def _weight() -> ColumnElement[int]:
    """That they are erased comes before their own word."""
    return case((suppression.c.reason == "erased", 2), else_=1)


# Built once: building a statement costs more than running it, and each letter that starts asks of each address.
_REASON = (
    select(suppression.c.reason)
    .where(
        suppression.c.tenant == bindparam("of"),
        suppression.c.address_hash.in_(bindparam("marks", expanding=True)),
    )
    .order_by(_weight().desc())
    .limit(1)
)
