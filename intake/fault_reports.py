"""Reports of a file's faults: what is wrong, where, and what would be right.

Every fault at once, for whoever made the file.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from intake.checked_records import CheckedRecords
from models.base import Frozen

T = TypeVar("T")
FAULT_LIMIT = 100
SHOWN_LIMIT = 60


class Wrong(NamedTuple):
    """A fault before anybody knows where it stands."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Repaired(Generic[T]):
    """A value that was not written as it should be, though only one thing can be meant; and what was done about it."""

    value: T
    told: Wrong


class FileFault(Frozen):
    line: int | None
    """Where the row begins; None when the fault is the file's own."""
    field: str | None
    wrong: str
    remedy: str

    def __str__(self) -> str:
        place = ", ".join(filter(None, (f"line {self.line}" if self.line else None, self.field)))
        said = f"{self.wrong}. {self.remedy}{'' if self.remedy.endswith('?') else '.'}"
        return f"{place}: {said}" if place else said


class UnknownTitles(Frozen):
    """Columns called as nobody here calls them, and those of ours that may be among them: somebody has to say."""

    titles: tuple[str, ...]
    wanted: tuple[str, ...]
    needed: frozenset[str]
    """Those of the wanted without which the file says nothing."""


class FileReport(Frozen):
    """What is to be said of one file: why nothing of it was taken; or what deserves a look though it was."""

    file: str
    faults: tuple[FileFault, ...]
    more: int = 0
    unknown: UnknownTitles | None = None
    also: tuple["FileReport", ...] = ()
    """Of the files that were to be taken together with it, and have faults too."""

    def sentences(self) -> Iterator[str]:
        yield from (f"{self.file}: {fault}" for fault in self.faults)
        if self.more:
            yield f"{self.file}: and {self.more} more"
        for other in self.also:
            yield from other.sentences()


@dataclass(frozen=True)
class Checked(Generic[T]):
    """A file without a fault, and its records."""

    file: str
    records: CheckedRecords[T] = field(repr=False)
    notices: tuple[FileFault, ...]
    """What was passed over or deserves a look; none of it stopped the file."""
    more_notices: int

    @property
    def count(self) -> int:
        return self.records.count

    @property
    def told(self) -> FileReport:
        return FileReport(file=self.file, faults=self.notices, more=self.more_notices)

    def __iter__(self) -> Iterator[T]:
        return iter(self.records)


class Findings:
    """Collects faults and notices while a file is read; keeps the first hundred of each, counts the rest."""

    def __init__(self, file: str) -> None:
        self.file = shown(file)
        self.faults: list[FileFault] = []
        self.notices: list[FileFault] = []
        self.fault_count = 0
        self.notice_count = 0

    def fault(self, line: int | None, field: str | None, wrong: Wrong) -> None:
        self.fault_count += 1
        if len(self.faults) < FAULT_LIMIT:
            self.faults.append(FileFault(line=line, field=field, wrong=wrong.what, remedy=wrong.remedy))

    def notice(self, line: int | None, field: str | None, wrong: Wrong) -> None:
        self.notice_count += 1
        if len(self.notices) < FAULT_LIMIT:
            self.notices.append(FileFault(line=line, field=field, wrong=wrong.what, remedy=wrong.remedy))

    def told(self) -> FileReport:
        """The notices: none of them stopped the file."""
        return FileReport(file=self.file, faults=tuple(self.notices), more=self.notice_count - len(self.notices))

    def report(self) -> FileReport:
        return FileReport(file=self.file, faults=tuple(self.faults), more=self.fault_count - len(self.faults))


def check(file: str, produce: Callable[[Findings], Iterator[T]]) -> Checked[T] | FileReport:
    """Read the whole file once for its faults. Only a file without any gives records."""
    findings, records = Findings(file), CheckedRecords[T]()
    for record in produce(findings):
        if not findings.fault_count:
            try:
                records.add(record)
            except OSError as error:  # of this machine, not of the file
                return refusal(file, Wrong("There is no room to check it", error.strerror or str(error)))
    if not records.count and not findings.fault_count:
        findings.fault(None, None, Wrong("There is no row to import", "Write one row for each, below the column names"))
    if findings.fault_count:
        return findings.report()
    more = findings.notice_count - len(findings.notices)
    return Checked(findings.file, records, tuple(findings.notices), more)


def refusal(file: str, wrong: Wrong) -> FileReport:
    """The report of a file that is refused as a whole."""
    findings = Findings(file)
    findings.fault(None, None, wrong)
    return findings.report()


def shown(text: str) -> str:
    """Foreign text made safe for a terminal: nothing hidden, nothing that moves the cursor or turns the line round."""
    cut = text if len(text) <= SHOWN_LIMIT else text[: SHOWN_LIMIT - 1] + "…"
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in cut)
