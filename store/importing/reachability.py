"""Addresses by import. One more at most; what was stopped or opted out stays so."""

from sqlalchemy import select

from models.ids import PersonId
from store.boundaries import suppressions
from store.engine.ids import new_id
from store.importing.known.batch import Handful
from store.importing.known.merge_rules import Fields
from store.importing.known.on_file import Here
from store.importing.parts.records import PersonRecord
from store.importing.parts.remarks import Why
from store.journal.known_opt_outs import is_told_to_staff
from store.people.addresses import Address
from store.tables import person


def first_address(handful: Handful, record: PersonRecord, who: PersonId) -> Fields:
    """Of somebody new. What its mailbox has refused for all letters holds for the person that now comes with it."""
    if record.email:
        _add(handful, record, who, record.email)
    return _opted_out(handful, record, record.email)


def one_more_address(handful: Handful, record: PersonRecord, here: Here, address: Address | None) -> bool:
    """Of somebody who is here. Whether it was added."""
    gone = here.facts["opted_out_at"]
    if gone and _is_told(handful, here):
        handful.mention(record, None, Why.OPTED_OUT)
    if address is None:
        return False
    if address.key in here.addresses:
        if here.addresses[address.key]:
            handful.mention(record, "email", Why.ADDRESS_STOPPED)
        return False
    if not all(here.addresses.values()):
        handful.mention(record, "email", Why.ADDRESS_ADDED)
    _add(handful, record, here.id, address)
    if gone:  # what they said of all their letters holds for an address that we learn of later
        tenant = handful.origin.tenant
        suppressions.add(handful.connection, handful.keys, tenant, address.written, "opt_out", gone)
    elif refused := _opted_out(handful, record, address):
        handful.writes.changed_people.append(refused | {"was_id": here.id})
    return True


def _is_told(handful: Handful, here: Here) -> bool:
    """Whoever reads the report of an import learns of an opt-out when staff do."""
    told = select(person.c.id).where(person.c.id == here.id, is_told_to_staff(handful.origin.now))
    return handful.connection.execute(told).first() is not None


def _add(handful: Handful, record: PersonRecord, who: PersonId, address: Address) -> None:
    """An address that was stopped stays so, whoever's it is said to be now."""
    is_stopped = address.key in handful.mailboxes.stopped
    if is_stopped:
        handful.mention(record, "email", Why.ADDRESS_STOPPED)
    origin = handful.origin
    handful.writes.channels.append(
        {"id": new_id("cha"), "person": who, "kind": "email", "value": address.written}
        | {"match_key": address.mailbox, "source": origin.source, "created_at": origin.now}
        | {"stopped_at": origin.now if is_stopped else None}
    )


def _opted_out(handful: Handful, record: PersonRecord, address: Address | None) -> Fields:
    if handful.suppressed_for(address) != "opt_out":
        return {}
    handful.mention(record, "email", Why.OPTED_OUT)
    return {"opted_out_at": handful.origin.now}
