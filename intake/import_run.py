"""A file's way from the disk into the store. Read and checked, then taken whole, or reported and left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from intake.conflicts import read_conflicts
from intake.duplicates import FileDirectory
from intake.fault_reports import Checked, FileReport, Findings
from intake.files.rows import ReportProgress
from intake.files.sources import Source, open_source
from intake.linkedin import read_connections
from intake.people import read_people
from intake.remarks import note
from intake.ties import read_ties
from models.base import Frozen
from store.engine.database import Database
from store.engine.secrets import Keys
from store.importing.files import ConflictsFile, ConnectionsFile, Counted, File, PeopleFile, TiesFile
from store.importing.parts.counts import Tell
from store.importing.parts.origin import FILE_KEYS, Origin
from store.importing.parts.records import Named, PersonRecord
from store.importing.parts.remarks import Hear
from store.importing.transaction import NotTaken, TakenOver, take
from store.programmes.programmes import Programme

T = TypeVar("T")


class Phase(StrEnum):
    READING = "reading"
    WRITING = "writing"


Watch = Callable[[Phase, int, int], None]
"""Told now and then: how far, of how much. While writing, from the database's own thread."""


def nobody_watches(phase: Phase, done: int, of: int) -> None:
    pass


class Stored(Frozen):
    """What came of an import, and what deserves a look in each file."""

    counted: Counted
    notices: tuple[FileReport, ...]
    ends_the_trial: bool = False
    """Real people came into an installation that was played in, or would: unless that was meant, nothing was kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Importing:
    """One import: for whom, and how."""

    database: Database
    keys: Keys
    programme: Programme
    now: datetime
    refs_of: str = FILE_KEYS
    """Which system's keys the refs are."""
    kinds: frozenset[str] = frozenset()
    """Of people, that the programme's policy tells apart."""
    dry_run: bool = False
    real_people: bool = False
    """Whether they are meant, where a trial would end with them."""
    watch: Watch = nobody_watches

    def origin(self, checked: Checked[Any], *, is_export: bool = False) -> Origin:
        return Origin(programme=self.programme, file=checked.file, now=self.now, keys=self.refs_of, is_export=is_export)

    @property
    def reading(self) -> ReportProgress:
        return partial(self.watch, Phase.READING)


class _Piece(NamedTuple):
    """A checked file, and how the store takes it."""

    checked: Checked[Any]
    file: Callable[[Hear, Tell], File]


async def import_people(importing: Importing, path: Path) -> Stored | FileReport:
    people = _read(path, lambda source: read_people(source, importing.reading, importing.kinds))
    if isinstance(people, FileReport):
        return people
    return await _store(importing, [_Piece(people, partial(PeopleFile, importing.origin(people), people.records))])


async def import_ties(importing: Importing, path: Path, people_path: Path | None = None) -> Stored | FileReport:
    """Together with people.csv, where it is given: then everybody named must stand there."""

    directory, today = FileDirectory() if people_path else None, importing.now.date()

    def read_theirs(source: Source) -> Checked[PersonRecord] | FileReport:
        return read_people(source, importing.reading, importing.kinds, directory)

    people = _read(people_path, read_theirs) if people_path else None
    within = None if directory and directory.is_empty else directory  # of a file without people it would say of each
    ties = _read(path, lambda source: read_ties(source, today, within, importing.reading))
    if isinstance(people, FileReport):
        return people.model_copy(update={"also": (ties,)}) if isinstance(ties, FileReport) else people
    if isinstance(ties, FileReport):
        return ties
    pieces = [_Piece(people, partial(PeopleFile, importing.origin(people), people.records))] if people else []
    return await _store(importing, [*pieces, _Piece(ties, partial(TiesFile, importing.origin(ties), ties.records))])


async def import_conflicts(importing: Importing, path: Path) -> Stored | FileReport:
    found = _read(path, lambda source: read_conflicts(source, importing.reading))
    if isinstance(found, FileReport):
        return found
    piece = _Piece(found, partial(ConflictsFile, importing.origin(found), found.records))
    return await _store(importing, [piece])


async def import_connections(
    importing: Importing, path: Path, connector: Named, told: Mapping[str, str] | None = None
) -> Stored | FileReport:
    """`told`: which title means which column, where the export is in a language we do not know."""
    today = importing.now.date()
    found = _read(path, lambda source: read_connections(source, connector, today, importing.reading, told))
    if isinstance(found, FileReport):
        return found
    origin = importing.origin(found, is_export=True)
    return await _store(importing, [_Piece(found, partial(ConnectionsFile, origin, connector, found.records))])


def _read(path: Path, reader: Callable[[Source], Checked[T] | FileReport]) -> Checked[T] | FileReport:
    source = open_source(path)
    return source if isinstance(source, FileReport) else reader(source)


async def _store(importing: Importing, pieces: Sequence[_Piece]) -> Stored | FileReport:
    def work(connection: Connection) -> tuple[TakenOver | NotTaken, list[Findings]]:
        heard = [Findings(piece.checked.file) for piece in pieces]
        files = [
            piece.file(partial(note, findings), tell)
            for piece, findings, tell in zip(pieces, heard, _tellers(importing, pieces), strict=True)
        ]
        how = {"dry_run": importing.dry_run, "real_people": importing.real_people}
        return take(connection, importing.keys, files, **how), heard

    taken, heard = await importing.database.write(work)
    if isinstance(taken, NotTaken):
        return next(findings.report() for findings in heard if findings.fault_count)
    notices = (
        report
        for piece, findings in zip(pieces, heard, strict=True)
        for report in (piece.checked.told, findings.told())
        if report.faults
    )
    return Stored(counted=taken.counted, notices=tuple(notices), ends_the_trial=taken.ends_the_trial)


def _tellers(importing: Importing, pieces: Sequence[_Piece]) -> list[Tell]:
    """Each counts on where the file before it ended."""
    total = sum(piece.checked.count for piece in pieces)
    before = [sum(piece.checked.count for piece in pieces[:place]) for place in range(len(pieces))]
    return [partial(_tell, importing.watch, start, total) for start in before]


def _tell(watch: Watch, start: int, total: int, written: int) -> None:
    watch(Phase.WRITING, start + written, total)
