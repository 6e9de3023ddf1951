"""A large file is read row by row: memory grows by what must be compared, not by what is read."""

import tracemalloc

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
