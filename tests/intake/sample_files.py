"""Files as people make them, and what came of reading them; for the tests of imports."""

from datetime import date
from typing import TypeVar

from intake.cells import fields
from intake.duplicates import FileDirectory
from intake.fault_reports import Checked, FileReport
from intake.files.limits import LIMITS, Limits
from intake.files.sources import Source, source_of
from intake.linkedin import read_connections
from intake.people import read_people
from intake.ties import read_ties
from store.importing.parts.records import ByAddress, ByRef, Connection, PersonRecord, TieRecord

T = TypeVar("T")
TODAY = date(2026, 3, 2)
CARL = ByRef(ref="carl")
LINKEDIN_HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"


def source(content: str | bytes, limits: Limits = LIMITS) -> Source:
    opened = source_of("file.csv", content.encode() if isinstance(content, str) else content, limits)
    assert isinstance(opened, Source), list(opened.sentences())
    return opened


def refused(content: str | bytes, limits: Limits = LIMITS) -> str:
    """The one sentence with which a file is refused as a whole."""
    report = source_of("file.csv", content.encode() if isinstance(content, str) else content, limits)
    assert isinstance(report, FileReport)
    (fault,) = report.faults
    return str(fault)


def people(content: str | bytes) -> list[PersonRecord]:
    return list(sound(read_people(source(content))))


def people_faults(content: str | bytes) -> list[str]:
    return faults(read_people(source(content)))


def people_notices(content: str | bytes) -> list[str]:
    return [str(notice) for notice in sound(read_people(source(content))).notices]


def ties(content: str, directory: FileDirectory | None = None) -> list[TieRecord]:
    return list(sound(read_ties(source(content), TODAY, directory)))


def tie_faults(content: str, directory: FileDirectory | None = None) -> list[str]:
    return faults(read_ties(source(content), TODAY, directory))


def connections(content: str | bytes, connector: ByRef | ByAddress = CARL) -> list[Connection]:
    return list(sound(read_connections(source(content), connector, TODAY)))


def connection_faults(content: str | bytes) -> list[str]:
    return faults(read_connections(source(content), CARL, TODAY))


def sound(read: Checked[T] | FileReport) -> Checked[T]:
    assert isinstance(read, Checked), list(read.sentences())
    return read


def faults(read: Checked[T] | FileReport) -> list[str]:
    assert isinstance(read, FileReport)
    return [str(fault) for fault in read.faults]


def by_address(text: str) -> ByAddress:
    found = fields.person_named(text)
    assert isinstance(found, ByAddress)
    return found
