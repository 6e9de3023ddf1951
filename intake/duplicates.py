"""Doubles within one file: of people, and of pairs who know each other."""

from array import array
from collections.abc import Iterable

from intake.fault_reports import Wrong
from intake.files.rows import Row
from store.importing.parts.pair_lines import PairLines
from store.importing.parts.records import Named, PersonRecord, TieRecord


class FileDirectory:
    """Refs and addresses of one file. The same ref twice is a repeated row; one address with two refs is a fault."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}  # ref, or address where there is none: line and hash of the facts
        self._owner: dict[str, str] = {}  # every ref and address, to the key it is seen under
        self._line_of_mailbox: dict[str, int] = {}

    @classmethod
    def of(cls, people: Iterable[PersonRecord]) -> "FileDirectory":
        directory = cls()
        for person in people:
            directory._add(_key(person), person)
        return directory

    @property
    def is_empty(self) -> bool:
        return not self._seen

    def find(self, named: Named) -> str | None:
        """One key for a person, whichever way they are named; None for somebody who is not in the file."""
        return self._owner.get(named.key)

    def sharer(self, person: PersonRecord) -> int | None:
        """The line of somebody else with the same address."""
        owner = self._owner.get(person.email.key) if person.email else None
        return None if owner is None or owner == _key(person) else self._seen[owner][0]

    def takes(self, person: PersonRecord, row: Row) -> bool:
        """Adds a person who is here for the first time; says on the row what else it found."""
        key = _key(person)
        if key in self._seen:
            return self._is_known_from(key, person, row)
        line = self.sharer(person)
        if line is not None:
            shared = Wrong(f"Line {line} has the same address", "One address belongs to one person: keep one row")
            row.refuse("email", shared)
            return False
        self._look_at_mailbox(person, row)
        self._add(key, person)
        return True

    def _add(self, key: str, person: PersonRecord) -> None:
        self._seen[key] = (person.line, hash(person.facts()))
        self._owner[key] = key
        if person.email:
            self._owner[person.email.key] = key

    def _is_known_from(self, key: str, person: PersonRecord, row: Row) -> bool:
        line, facts = self._seen[key]
        if facts == hash(person.facts()):
            row.notice(None, Wrong(f"This row says the same as line {line}", "It was read once"))
        else:
            row.refuse(
                "url" if person.linkedin else "ref",
                Wrong(f"Line {line} has the same key and says something else", "Keep one of the two rows"),
            )
        return False

    def _look_at_mailbox(self, person: PersonRecord, row: Row) -> None:
        if person.email is None:
            return
        line = self._line_of_mailbox.setdefault(person.email.mailbox, person.line)
        if line != person.line:
            same = Wrong(
                f"Mail to this address probably reaches the person of line {line}", "Check that these are two people"
            )
            row.notice("email", same)


class FilePairs:
    """The pairs of one file: nobody knows themself, and one pair has one row."""

    def __init__(self) -> None:
        self._lines = PairLines()
        self._facts = array("q")  # hashes of what each line says, by its number

    def takes(self, connector: str, person: str, tie: TieRecord, row: Row) -> bool:
        if connector == person:
            row.fault("person", Wrong("Connector and person are the same", "Name two people"))
            return False
        line = self._lines.first(connector, person, tie.line)
        if line == tie.line:
            self._keep(line, hash(tie.facts()))
            return True
        if self._facts[line] == hash(tie.facts()):
            row.notice(None, Wrong(f"This row says the same as line {line}", "It was read once"))
        else:
            row.fault(
                None, Wrong(f"Line {line} has the same two people and says something else", "Keep one of the two rows")
            )
        return False

    def _keep(self, line: int, facts: int) -> None:
        missing = line + 1 - len(self._facts)
        if missing > 0:
            self._facts.extend([0] * missing)
        self._facts[line] = facts


def _key(person: PersonRecord) -> str:
    if person.ref is not None:
        return person.ref.casefold()
    assert person.email is not None, "a record without a ref has an address"
    return person.email.key
