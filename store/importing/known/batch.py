"""One batch of an import: what the store knows of its people, and what is to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from models.ids import PersonId
from models.policy.policy import Policy
from store.boundaries import suppressions
from store.boundaries.suppressions import SuppressedFor
from store.engine.secrets import Keys
from store.importing.known import on_file
from store.importing.known.on_file import Here, Mailboxes, PersonOnFile
from store.importing.parts.bulk_writes import Writes
from store.importing.parts.origin import Origin
from store.importing.parts.records import PersonRecord
from store.importing.parts.remarks import Remarks, Why
from store.people.addresses import Address
from store.programmes.policies import policy_in_force


@dataclass(frozen=True, kw_only=True, slots=True)
class Handful:
    """Everything found at once, and the rows to be written at once."""

    connection: Connection
    keys: Keys
    origin: Origin
    remarks: Remarks
    known: Mapping[str, PersonOnFile]
    mailboxes: Mailboxes
    people: Mapping[PersonId, Here]
    suppressed: Mapping[str, SuppressedFor]
    erased_keys: frozenset[str]
    rules: Policy | None  # in force, where a record speaks of a kind of people
    writes: Writes = field(default_factory=Writes)

    def known_by(self, record: PersonRecord) -> PersonOnFile | None:
        return self.known.get(self.origin.key(record.ref)) if record.ref else None

    def suppressed_for(self, address: Address | None) -> SuppressedFor | None:
        return self.suppressed.get(address.mailbox) if address else None

    def is_erased(self, record: PersonRecord) -> bool:
        """They asked to be forgotten: known again by an address or a key of theirs, and left out."""
        by_key = record.ref is not None and self.origin.key(record.ref) in self.erased_keys
        return by_key or self.suppressed_for(record.email) == "erased"

    def object(self, record: PersonRecord, field: str | None, why: Why, about: str = "") -> None:
        """Stops a file that its maker can mend; a row of a connector's export is passed over instead."""
        say = self.remarks.mention if self.origin.is_export else self.remarks.object
        say(record.line, field, why, about)

    def mention(self, record: PersonRecord, field: str | None, why: Why) -> None:
        self.remarks.mention(record.line, field, why)


def look(
    connection: Connection, keys: Keys, origin: Origin, remarks: Remarks, records: Sequence[PersonRecord]
) -> Handful:
    addresses = [record.email for record in records if record.email]
    known = on_file.by_key(connection, origin, [origin.key(record.ref) for record in records if record.ref])
    mailboxes = on_file.by_address(connection, origin, addresses)
    ids = {each.person for each in known.values()} | set(mailboxes.owner.values())
    return Handful(
        connection=connection,
        keys=keys,
        origin=origin,
        remarks=remarks,
        known=known,
        mailboxes=mailboxes,
        people=on_file.people(connection, origin, sorted(ids)),
        suppressed=suppressions.reasons(connection, keys, origin.tenant, addresses),
        rules=policy_in_force(connection, origin.programme.id) if any(each.kind for each in records) else None,
        erased_keys=suppressions.erased_keys(
            connection, keys, origin.tenant, (origin.key(record.ref) for record in records if record.ref)
        ),
    )
