"""A large file is read row by row, once: memory grows by what must be compared, not by what is read."""

import errno
import tracemalloc

import pytest

from intake.checked_records import AT_ONCE, IN_MEMORY, CheckedRecords
from intake.people import read_people
from tests.intake.sample_files import people_faults, sound, source

ROWS = 5_000
TEXT = "a headline of a hundred characters " * 3


def test_records_are_not_kept() -> None:
    header = "ref,name,email,headline\n"
    large = source(header + "".join(f"p{i},Rosa Ibarra,p{i}@x.test,{TEXT}{i}\n" for i in range(ROWS)))
    read_people(source(header + "p,Rosa,p@x.test,\n"))  # what is loaded once does not count
    tracemalloc.start()
    checked = sound(read_people(large))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert checked.count == ROWS
    assert peak < ROWS * 1000, "a kept record alone takes more than a kilobyte"


def test_nothing_is_added_once_they_are_read() -> None:
    records = CheckedRecords[str]()
    records.add("one")
    assert list(records) == ["one"]
    with pytest.raises(ValueError, match="read already"):
        records.add("another")


def test_a_disk_that_is_full_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(CheckedRecords, "add", is_full)
    (said,) = people_faults("ref,name,email\np,Rosa,p@x.test\n")
    assert "There is no room to check it" in said


def test_records_are_read_in_their_order_as_often_as_somebody_asks() -> None:
    """A transaction that was cut off begins again with the first of them."""
    records = CheckedRecords[tuple[int, str]]()
    many = [(n, TEXT) for n in range(IN_MEMORY // len(TEXT) + AT_ONCE + 1)]
    for each in many:
        records.add(each)
    broken_off = iter(records)
    assert [next(broken_off) for _ in range(AT_ONCE + 1)] == many[: AT_ONCE + 1]
    assert list(records) == list(records) == many
