"""People by import. Each is recognised or new; nobody is widened or revived."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from models.ids import PersonId
from store.engine.ids import new_id
from store.engine.secrets import Keys
from store.importing import membership, reachability
from store.importing.known.batch import Handful, look
from store.importing.known.merge_rules import Fields, person_changes, said_of
from store.importing.known.on_file import Here
from store.importing.parts.counts import Counter
from store.importing.parts.origin import Origin
from store.importing.parts.records import PersonRecord
from store.importing.parts.remarks import Remarks, Why
from store.people.addresses import Address
from store.tables.folded_columns import folded


@dataclass
class PeopleImport:
    """Takes people, a handful of records at a time."""

    connection: Connection
    keys: Keys
    origin: Origin
    remarks: Remarks
    counter: Counter = field(default_factory=Counter)
    lines: dict[PersonId, int] = field(default_factory=dict)  # on which line of this file somebody was met

    def take(self, records: Sequence[PersonRecord]) -> list[PersonId | None]:
        """Who each of them is; None for a row that stops the file, or is passed over."""
        handful = look(self.connection, self.keys, self.origin, self.remarks, records)
        ids = [self._take(handful, record) for record in records]
        handful.writes.write(self.connection)
        return ids

    def _take(self, handful: Handful, record: PersonRecord) -> PersonId | None:
        if handful.is_erased(record):
            handful.mention(record, None, Why.ERASED)
            return None
        who, address = _recognise(handful, record)
        if who is None:
            who = _new(handful, record)
            self.lines[who] = record.line
            self.counter.new += 1
        elif self._is_first(handful, record, who):
            self.counter.known(changed=_merge(handful, record, handful.people[who], address))
        elif not self.origin.is_export:
            return None
        return who

    def _is_first(self, handful: Handful, record: PersonRecord, who: PersonId) -> bool:
        line = self.lines.setdefault(who, record.line)
        if line != record.line:
            handful.object(record, None, Why.SAME_PERSON, about=str(line))
        return line == record.line


def _recognise(handful: Handful, record: PersonRecord) -> tuple[PersonId | None, Address | None]:
    """By their key, else by their address, never by name; and the address, unless it is somebody else's."""
    known = handful.known_by(record)
    owner = handful.mailboxes.owner.get(record.email.key) if record.email else None
    if known is None or owner is None or owner == known.person:
        return (known.person if known else owner), record.email
    handful.object(record, "email", Why.ADDRESS_OF_ANOTHER)
    return known.person, None


def _new(handful: Handful, record: PersonRecord) -> PersonId:
    who, origin = PersonId(new_id("per")), handful.origin
    home = {"language": origin.programme.language, "zone": origin.programme.zone}
    told = home | said_of(record)
    own = {"id": who, "tenant": origin.tenant, "places": [], "salt": secrets.token_hex(32), "created_at": origin.now}
    facts: Fields = {"called": "", "headline": "", "organisation": "", "topics": [], "opted_out_at": None}
    facts |= {"country": None, "region": None}
    handful.writes.people.append(facts | told | own | reachability.first_address(handful, record, who))
    _remember(handful, record, who, told)
    membership.join_new(handful, record, who)
    return who


def _merge(handful: Handful, record: PersonRecord, here: Here, address: Address | None) -> bool:
    """Whether anything is another than before."""
    changes = [
        _describe(handful, record, here),
        membership.stay(handful, record, here),
        reachability.one_more_address(handful, record, here, address),
    ]
    return any(changes)


def _describe(handful: Handful, record: PersonRecord, here: Here) -> bool:
    said, known = said_of(record), handful.known_by(record)
    changes = person_changes(here.facts, said, known.said if known else None)
    if changes:
        told_anew = folded({**here.facts, **changes})
        handful.writes.changed_people.append(changes | told_anew | {"was_id": here.id})
    _remember(handful, record, here.id, said)
    return bool(changes)


def _remember(handful: Handful, record: PersonRecord, who: PersonId, said: Fields) -> None:
    """What this source said, by which the next import tells what was changed by hand."""
    if record.ref is None:
        return
    tenant, key = handful.origin.tenant, handful.origin.key(record.ref)
    known = handful.known_by(record)
    if known is None:
        handful.writes.known_as.append({"tenant": tenant, "key": key, "person": who, "said": said})
    elif known.said | said != known.said:
        handful.writes.changed_sayings.append({"was_tenant": tenant, "was_key": key, "said": known.said | said})
