"""Checked records of one file on their way from its reading to the store, beside memory where there are many.

They lie in a temporary file without a name, which is gone with the process, whatever becomes of it.
"""

import pickle
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Generic, TypeVar, cast
from weakref import finalize

T = TypeVar("T")
AT_ONCE = 500  # records written together
IN_MEMORY = 1_048_576  # bytes, until they go to the disk


class CheckedRecords(Generic[T]):
    """Added once, read as often as somebody asks."""

    def __init__(self) -> None:
        self.count = 0
        self._is_read = False
        self._last: list[T] = []
        self._before = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (lives as long as the records)
        finalize(self, self._before.close)

    def add(self, record: T) -> None:
        """Raises OSError where the disk is full, and ValueError once they have been read."""
        if self._is_read:
            raise ValueError("these records are read already")
        self._last.append(record)
        self.count += 1
        if len(self._last) == AT_ONCE:
            pickle.dump(self._last, self._before, protocol=pickle.HIGHEST_PROTOCOL)
            self._last = []

    def __iter__(self) -> Iterator[T]:
        self._is_read = True
        self._before.seek(0)
        for _ in range(self.count // AT_ONCE):
            yield from cast(list[T], pickle.load(self._before))
        yield from self._last
