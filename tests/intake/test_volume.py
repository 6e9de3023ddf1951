"""A large file is read row by row, once: memory grows by what must be compared, not by what is read."""

import tracemalloc

from intake.checked_records import AT_ONCE, IN_MEMORY, CheckedRecords
from intake.people import read_people
from tests.intake.sample_files import sound, source

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


def test_records_are_read_in_their_order_as_often_as_somebody_asks() -> None:
    """A transaction that was cut off begins again with the first of them."""
    records = CheckedRecords[tuple[int, str]]()
    many = [(n, TEXT) for n in range(IN_MEMORY // len(TEXT) + AT_ONCE + 1)]
    for each in many:
        records.add(each)
    broken_off = iter(records)
    assert [next(broken_off) for _ in range(AT_ONCE + 1)] == many[: AT_ONCE + 1]
    assert list(records) == list(records) == many
