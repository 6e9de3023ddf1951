"""References in a file to people, by key or address. Each is looked up once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from models.ids import PersonId
from store.boundaries import suppressions
from store.engine.secrets import Keys
from store.importing.known import on_file
from store.importing.parts.origin import Origin
from store.importing.parts.records import ByAddress, ByRef, Named
from store.importing.parts.remarks import Remarks, Why
from store.people.addresses import Address


@dataclass
class Names:
    """The people a file has named so far. A ref never has an @ in it, so that both share one list."""

    origin: Origin
    keys: Keys
    people: dict[str, PersonId | None] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    def look_up(self, connection: Connection, named: Iterable[Named]) -> None:
        unknown = {key: each for each in named if (key := each.key) not in self.people}
        if not unknown:
            return
        refs = {key: self.origin.key(each.ref) for key, each in unknown.items() if isinstance(each, ByRef)}
        addresses = {key: each.address for key, each in unknown.items() if isinstance(each, ByAddress)}
        known = on_file.ids_by_key(connection, self.origin, refs.values())
        owner = on_file.by_address(connection, self.origin, addresses.values()).owner
        self.people |= {key: known.get(ref) for key, ref in refs.items()}
        self.people |= {key: owner.get(address.key) for key, address in addresses.items()}
        self._note_erased(connection, refs, addresses)

    def find(self, named: Named, line: int | None, field: str, remarks: Remarks) -> PersonId | None:
        """Whom it means; where nobody is meant, the file is stopped, unless they asked to be forgotten."""
        found = self.people.get(named.key)
        if self.erased and named.key in self.erased:
            remarks.mention(line, field, Why.ERASED)
            return None
        if found is None:
            remarks.object(line, field, Why.NOBODY, about=named.key)
        return found

    def _note_erased(self, connection: Connection, refs: dict[str, str], addresses: dict[str, Address]) -> None:
        tenant = self.origin.tenant
        gone = suppressions.erased_keys(connection, self.keys, tenant, refs.values())
        reasons = suppressions.reasons(connection, self.keys, tenant, addresses.values())
        self.erased |= {key for key, ref in refs.items() if ref in gone}
        self.erased |= {key for key, address in addresses.items() if reasons.get(address.mailbox) == "erased"}
