"""The network used for measuring becomes files that the import takes without a fault."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.email_eu import GRAPH, LABELS, name_of, people, read_network, strength, ties, write_files
from intake.duplicates import FileDirectory
from intake.files.sources import Source, open_source
from intake.people import read_people
from intake.ties import read_ties
from tests.intake.sample_files import TODAY, sound


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four people in two departments: 0 and 1 write to each other, 2 writes to 0 and to itself, 3 to nobody."""
    (tmp_path / GRAPH).write_text("0 1\n1 0\n2 0\n2 2\n")
    (tmp_path / LABELS).write_text("0 3\n1 3\n2 14\n3 14\n")
    return tmp_path


def test_the_files_are_imported_without_a_fault(folder: Path) -> None:
    write_files(read_network(folder), folder / "out", TODAY)
    everybody = sound(read_people(opened(folder / "out" / "people.csv")))
    known = sound(read_ties(opened(folder / "out" / "ties.csv"), TODAY, FileDirectory.of(everybody)))
    assert (everybody.count, known.count) == (4, 3)
    assert everybody.notices == known.notices == ()
    assert all(tie.confirmed_on and tie.strength for tie in known)


def test_who_answers_is_known_better(folder: Path) -> None:
    rows = [row[:3] for row in ties(read_network(folder), TODAY)]
    assert rows == [("p0", "p1", "3"), ("p1", "p0", "3"), ("p2", "p0", "1")]


@pytest.mark.parametrize(
    ("in_common", "answered", "expected"),
    [(9, False, 1), (10, False, 2), (99, False, 2), (9, True, 3), (10, True, 4), (19, True, 4), (20, True, 5)],
)
def test_strength_grows_with_answers_and_common_correspondents(in_common: int, answered: bool, expected: int) -> None:
    assert strength(in_common, answered=answered) == expected


def test_addresses_are_made_up_and_stay_the_same(folder: Path) -> None:
    rows = list(people(read_network(folder)))
    assert [row[2] for row in rows] == [
        "p0@dept3.example",
        "p1@dept3.example",
        "p2@dept14.example",
        "p3@dept14.example",
    ]
    assert [row[3] for row in rows] == ["en", "es", "pt", "en"]
    assert rows == list(people(read_network(folder)))


def test_everybody_has_a_name_of_their_own() -> None:
    assert len({name_of(number) for number in range(1005)}) == 1005


def test_ties_were_confirmed_lately(folder: Path) -> None:
    days = {date.fromisoformat(row[5]) for row in ties(read_network(folder), TODAY)}
    assert all(0 <= (TODAY - day).days < 90 for day in days)


def opened(path: Path) -> Source:
    source = open_source(path)
    assert isinstance(source, Source)
    return source
