"""Kinds of import files, and how each is taken. A handful of records after the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, select

from models.base import Frozen
from models.ids import PersonId
from store.boundaries import conflicts
from store.engine.secrets import Keys
from store.importing.known.references import Names
from store.importing.parts import records
from store.importing.parts.counts import Counter, Counts, Tell, handfuls
from store.importing.parts.origin import Origin
from store.importing.parts.records import ConflictRecord
from store.importing.parts.remarks import Hear, Remarks, Why
from store.importing.people import PeopleImport
from store.importing.ties import Pair, Ties
from store.tables import membership


class Counted(Frozen):
    """What came of a file's people and of its ties."""

    people: Counts = Counts()
    ties: Counts = Counts()
    conflicts: Counts = Counts()

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            people=self.people + other.people,
            ties=self.ties + other.ties,
            conflicts=self.conflicts + other.conflicts,
        )


class File(Protocol):
    """One checked file on its way in."""

    @property
    def origin(self) -> Origin: ...

    @property
    def hear(self) -> Hear: ...

    def take(self, connection: Connection, keys: Keys, remarks: Remarks) -> Counted: ...


@dataclass(frozen=True, slots=True)
class PeopleFile:
    origin: Origin
    records: Iterable[records.PersonRecord]
    hear: Hear
    tell: Tell

    def take(self, connection: Connection, keys: Keys, remarks: Remarks) -> Counted:
        people = PeopleImport(connection, keys, self.origin, remarks)
        for handful in handfuls(self.records, self.tell):
            people.take(handful)
        return Counted(people=people.counter.counts)


@dataclass(frozen=True, slots=True)
class TiesFile:
    origin: Origin
    records: Iterable[records.TieRecord]
    hear: Hear
    tell: Tell

    def take(self, connection: Connection, keys: Keys, remarks: Remarks) -> Counted:
        ties = Ties(connection, self.origin, remarks, Names(self.origin, keys))
        for handful in handfuls(self.records, self.tell):
            ties.take(handful)
        return Counted(ties=ties.counter.counts)


@dataclass(frozen=True, slots=True)
class ConflictsFile:
    origin: Origin
    records: Iterable[ConflictRecord]
    hear: Hear
    tell: Tell

    def take(self, connection: Connection, keys: Keys, remarks: Remarks) -> Counted:
        counter, names = Counter(), Names(self.origin, keys)
        for handful in handfuls(self.records, self.tell):
            names.look_up(connection, (each for row in handful for each in (row.one, row.other) if each))
            for row in handful:
                self._take(connection, names, row, remarks, counter)
        return Counted(conflicts=counter.counts)

    def _take(
        self, connection: Connection, names: Names, row: ConflictRecord, remarks: Remarks, counter: Counter
    ) -> None:
        one = _side(names, row, "one", row.one, row.one_organisation, remarks)
        other = _side(names, row, "other", row.other, row.other_organisation, remarks)
        if one is None or other is None:
            return
        if one.key == other.key:
            remarks.object(row.line, "other", Why.SAME_SIDES)
            return
        where, now = self.origin.programme.id, self.origin.now
        if conflicts.mark(connection, where, one, other, "import", None, now) is None:
            counter.unchanged += 1
        else:
            counter.new += 1


def _side(
    names: Names, row: ConflictRecord, column: str, named: records.Named | None, at: str, remarks: Remarks
) -> conflicts.ConflictSide | None:
    if named is None:
        return conflicts.ConflictSide(organisation=at)
    who = names.find(named, row.line, column, remarks)
    return conflicts.ConflictSide(person=who) if who else None


@dataclass(frozen=True, slots=True)
class ConnectionsFile:
    """A connector's own: each row a person, and a tie to them that nobody has confirmed."""

    origin: Origin
    connector: records.Named
    records: Iterable[records.Connection]
    hear: Hear
    tell: Tell

    def take(self, connection: Connection, keys: Keys, remarks: Remarks) -> Counted:
        who = self._connector(connection, keys, remarks)
        if who is None:
            return Counted()
        people = PeopleImport(connection, keys, self.origin, remarks)
        ties = Ties(connection, self.origin, remarks, Names(self.origin, keys))
        for handful in handfuls(self.records, self.tell):
            found = people.take([each.person for each in handful])
            ties.write([(Pair(who, each), row.tie) for each, row in zip(found, handful, strict=True) if each])
        return Counted(people=people.counter.counts, ties=ties.counter.counts)

    def _connector(self, connection: Connection, keys: Keys, remarks: Remarks) -> PersonId | None:
        names = Names(self.origin, keys)
        names.look_up(connection, [self.connector])
        who = names.find(self.connector, None, "connector", remarks)
        here = (membership.c.programme == self.origin.programme.id, membership.c.person == who)
        if who and not connection.execute(select(membership.c.person).where(*here)).first():
            remarks.mention(None, "connector", Why.CONNECTOR_OUTSIDE)
        return who
