"""People already on file. Known by a key or by an address, never by name; for many people at a time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, select

from models.ids import PersonId
from store.importing.known.merge_rules import Fields
from store.importing.parts.origin import Origin
from store.people.addresses import Address
from store.tables import channel, introduction, known_as, letter, membership, person


@dataclass(frozen=True, slots=True)
class PersonOnFile:
    """By this key we know this person; `said` is what its source said of them last."""

    person: PersonId
    said: Fields


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Some addresses, as the tenant has them."""

    owner: Mapping[str, PersonId]
    stopped: frozenset[str]
    """Nobody is written to there, whoever's it is."""


@dataclass(frozen=True, slots=True)
class Here:
    """One person as they are here."""

    id: PersonId
    facts: Mapping[str, Any]
    membership: Row[Any] | None
    addresses: dict[str, bool] = field(default_factory=dict)
    """Their own, and whether each is stopped."""
    under_way: bool = False
    """Written to before, or asked for in an introduction that goes on: an import does not stop that."""


def by_key(connection: Connection, origin: Origin, keys: Collection[str]) -> dict[str, PersonOnFile]:
    if not keys:
        return {}
    rows = connection.execute(_known_as(known_as.c.key, known_as.c.person, known_as.c.said, origin=origin, keys=keys))
    return {row.key: PersonOnFile(PersonId(row.person), row.said) for row in rows}


def ids_by_key(connection: Connection, origin: Origin, keys: Collection[str]) -> dict[str, PersonId]:
    """The same, without what their sources said of them."""
    if not keys:
        return {}
    rows = connection.execute(_known_as(known_as.c.key, known_as.c.person, origin=origin, keys=keys))
    return {key: PersonId(person_id) for key, person_id in rows}


def _known_as(*columns: Column[Any], origin: Origin, keys: Collection[str]) -> Select[Any]:
    here = (known_as.c.tenant == origin.tenant, known_as.c.key.in_(set(keys)), person.c.erased_at.is_(None))
    return select(*columns).join(person, person.c.id == known_as.c.person).where(*here)


def by_address(connection: Connection, origin: Origin, addresses: Collection[Address]) -> Mailboxes:
    """Their own address tells who somebody is; else the one a connector gave for them, as long as letters go there."""
    if not addresses:
        return Mailboxes({}, frozenset())
    said = (channel.c.person, channel.c.value, channel.c.stopped_at, channel.c.introduction, channel.c.ended_at)
    found = connection.execute(
        select(person.c.tenant, *said)
        .join(person, person.c.id == channel.c.person)
        .where(
            person.c.erased_at.is_(None),
            channel.c.kind == "email",
            channel.c.match_key.in_({address.mailbox for address in addresses}),
        )
        .order_by(channel.c.created_at, channel.c.id)
    )
    # Asked for in the statement, the tenant would lead SQLite through everybody whom the tenant knows.
    rows = [row for row in found if row.tenant == origin.tenant]
    owner: dict[str, PersonId] = {}
    for row in sorted(rows, key=_doubt):
        if not row.ended_at and not (row.introduction and row.stopped_at):
            owner.setdefault(_key(row), PersonId(row.person))
    return Mailboxes(owner, frozenset(_key(row) for row in rows if row.stopped_at))


def people(connection: Connection, origin: Origin, ids: Sequence[PersonId]) -> dict[PersonId, Here]:
    members = {row.person: row for row in _memberships(connection, origin, ids)}
    rows = connection.execute(select(person).where(person.c.id.in_(ids)))
    begun = _under_way(connection, [each for each in ids if each not in members])
    found = {
        PersonId(row.id): Here(PersonId(row.id), row._asdict(), members.get(row.id), under_way=row.id in begun)
        for row in rows
    }
    for row in _own_addresses(connection, ids):
        addresses = found[row.person].addresses
        addresses[_key(row)] = bool(row.stopped_at) and addresses.get(_key(row), True)
    return found


def _memberships(connection: Connection, origin: Origin, ids: Sequence[PersonId]) -> Iterable[Row[Any]]:
    return connection.execute(
        select(membership).where(membership.c.programme == origin.programme.id, membership.c.person.in_(ids))
    )


def _under_way(connection: Connection, ids: Sequence[PersonId]) -> frozenset[str]:
    if not ids:
        return frozenset()
    written_to = select(letter.c.person).where(letter.c.person.in_(ids))
    asked_for = select(introduction.c.target).where(introduction.c.target.in_(ids), introduction.c.closed_at.is_(None))
    return frozenset(connection.execute(written_to.union(asked_for)).scalars())


def _own_addresses(connection: Connection, ids: Sequence[PersonId]) -> Iterable[Row[Any]]:
    return connection.execute(
        select(channel.c.person, channel.c.value, channel.c.stopped_at).where(
            channel.c.person.in_(ids), channel.c.kind == "email", channel.c.introduction.is_(None)
        )
    )


def _doubt(row: Any) -> tuple[bool, bool]:
    return row.introduction is not None, row.stopped_at is not None


def _key(row: Any) -> str:
    """An address in the form that two people cannot share: kept with its domain in ASCII, only case is left."""
    return str(row.value).lower()
