"""Look-up of people by an address: exactly those who are reached under it, and beside them those near it.

A mailbox is a key to suppress, not to identify: at `team+olive@` and `team+wanda@` two people may read. Whoever is near
is shown as near, for somebody to choose by the id.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from models.base import Frozen
from models.ids import PersonId
from store.people.addresses import Address
from store.people.identity import is_of_use
from store.tables import channel, person


class ReachedPerson(Frozen):
    """Somebody, and the address under which they are reached."""

    person: PersonId
    name: str
    address: str


class Reached(Frozen):
    """Who is reached under exactly one address; and who is near it, by a +tag or by dots that do not count."""

    people: tuple[ReachedPerson, ...]
    near: tuple[ReachedPerson, ...]

    @property
    def only(self) -> PersonId | None:
        """The one person meant; None where there is nobody, or more than one."""
        return self.people[0].person if len(self.people) == 1 else None

    @property
    def choice(self) -> tuple[ReachedPerson, ...]:
        """Whom to choose from by the id, where nobody in particular is meant."""
        return () if self.only else (*self.people, *self.near)


def reached_under(connection: Connection, address: Address, tenant: str | None = None) -> Reached:
    """Everybody with this address on file, whether or not letters go there; of one tenant, where it is named.

    What a connector gave and undid, or what proved to be somebody else's, tells nobody.
    """
    rows = connection.execute(
        select(person.c.id, person.c.name, channel.c.value)
        .join(channel, channel.c.person == person.c.id)
        .where(
            channel.c.kind == "email",
            channel.c.match_key.in_({address.key, address.mailbox}),
            is_of_use(channel),
            person.c.erased_at.is_(None),
            *([person.c.tenant == tenant] if tenant else []),
        )
        .order_by(person.c.id, channel.c.created_at, channel.c.id)
    ).all()
    meant = _people(row for row in rows if is_exactly(row.value, address))
    near = _people(row for row in rows if row.id not in meant)
    return Reached(people=tuple(meant.values()), near=tuple(near.values()))


def is_exactly(written: str, address: Address) -> bool:
    """Whether an address on file is this one: addresses are kept with their domain in ASCII, only case is left."""
    return written.lower() == address.key


def _people(rows: Iterable[Any]) -> dict[str, ReachedPerson]:
    """Each once, with the first of their addresses."""
    found: dict[str, ReachedPerson] = {}
    for row in rows:
        found.setdefault(row.id, ReachedPerson(person=PersonId(row.id), name=row.name, address=row.value))
    return found
