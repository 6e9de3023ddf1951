"""Ties by import. Never over a connector's own, later word."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, exists, select, tuple_

from models.ids import PersonId
from store.importing.known.merge_rules import TIE_FACTS, tie_changes, tie_facts
from store.importing.known.references import Names
from store.importing.parts.bulk_writes import Insertion, TieWrites
from store.importing.parts.counts import Counter
from store.importing.parts.origin import Origin
from store.importing.parts.pair_lines import PairLines
from store.importing.parts.records import TieRecord
from store.importing.parts.remarks import Remarks, Why
from store.tables import person, tie


class Pair(NamedTuple):
    connector: PersonId
    person: PersonId


@dataclass
class Ties:
    """Takes ties, a handful of records at a time."""

    connection: Connection
    origin: Origin
    remarks: Remarks
    names: Names
    counter: Counter = field(default_factory=Counter)
    lines: PairLines = field(default_factory=PairLines)
    knew_somebody: dict[PersonId, bool] = field(default_factory=dict)  # connectors, before this file
    insertion: Insertion = field(init=False)

    def __post_init__(self) -> None:
        told = {"no_go": False, "source": self.origin.source}
        self.insertion = Insertion(self.connection, tie, *Pair._fields, *TIE_FACTS, told=told)

    def take(self, records: Sequence[TieRecord]) -> None:
        """Both are named in the file, by a key or an address."""
        self.names.look_up(self.connection, [each for record in records for each in (record.connector, record.person)])
        self.write([(pair, record) for record in records if (pair := self._pair(record))])

    def write(self, pairs: Sequence[tuple[Pair, TieRecord]]) -> None:
        """Both are known."""
        new_pairs = [(pair, record) for pair, record in pairs if self._may_stand(pair, record)]
        here, writes = self._here([pair for pair, _ in new_pairs]), TieWrites(self.insertion)
        for pair, record in new_pairs:
            if pair in here:
                self._merge(pair, record, here[pair], writes)
            else:
                writes.new.append((*pair, *tie_facts(record).values()))
        self.counter.new += len(writes.new)
        writes.write(self.connection)

    def _pair(self, record: TieRecord) -> Pair | None:
        connector = self.names.find(record.connector, record.line, "connector", self.remarks)
        person = self.names.find(record.person, record.line, "person", self.remarks)
        return Pair(connector, person) if connector and person else None

    def _may_stand(self, pair: Pair, record: TieRecord) -> bool:
        """Nobody knows themself, and one pair has one row, however the file names the two."""
        say = self.remarks.mention if self.origin.is_export else self.remarks.object
        if pair.connector == pair.person:
            say(record.line, "person", Why.THEMSELF)
            return False
        line = self.lines.first(pair.connector, pair.person, record.line)
        if line != record.line and not self.origin.is_export:  # in an export it has been said of the person
            say(record.line, None, Why.SAME_PAIR, about=str(line))
        return line == record.line

    def _here(self, pairs: Sequence[Pair]) -> dict[Pair, Mapping[str, Any]]:
        """Asked only about connectors who knew somebody before this file: of a first import nothing is there."""
        self._look_at({each.connector for each in pairs if each.connector not in self.knew_somebody})
        old = [each for each in pairs if self.knew_somebody[each.connector]]
        if not old:
            return {}
        rows = self.connection.execute(select(tie).where(tuple_(tie.c.connector, tie.c.person).in_(old)))
        return {Pair(row.connector, row.person): row._asdict() for row in rows}

    def _look_at(self, connectors: Collection[PersonId]) -> None:
        """Before anything of theirs is written."""
        knows = exists().where(tie.c.connector == person.c.id)
        found = (
            self.connection.execute(select(person.c.id).where(person.c.id.in_(connectors), knows)) if connectors else ()
        )
        self.knew_somebody |= dict.fromkeys(connectors, False) | {row.id: True for row in found}

    def _merge(self, pair: Pair, record: TieRecord, here: Mapping[str, Any], writes: TieWrites) -> None:
        changes = tie_changes(here, tie_facts(record), is_export=self.origin.is_export)
        self.counter.known(changed=bool(changes))
        if changes:
            kept = {name: here[name] for name in TIE_FACTS}
            found = {
                "was_connector": pair.connector,
                "was_person": pair.person,
                "was_confirmed_at": here["confirmed_at"],
            }
            source = here["source"] if self.origin.is_export else self.origin.source
            writes.changed.append(kept | changes | found | {"source": source})
