"""Counts of an import: how many records were new, changed, or here already."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from models.base import Frozen

T = TypeVar("T")
Tell = Callable[[int], None]  # how many records have been written so far
HANDFUL = 500  # records looked up and written together: few statements, and few bound values in each


class Counts(Frozen):
    """Rows by what became of them."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            new=self.new + other.new,
            changed=self.changed + other.changed,
            unchanged=self.unchanged + other.unchanged,
        )


@dataclass(slots=True)
class Counter:
    """The same while it is still counted."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def known(self, *, changed: bool) -> None:
        self.changed += changed
        self.unchanged += not changed

    @property
    def counts(self) -> Counts:
        return Counts(new=self.new, changed=self.changed, unchanged=self.unchanged)


def handfuls(records: Iterable[T], tell: Tell) -> Iterator[list[T]]:
    left, written = iter(records), 0
    while handful := list(islice(left, HANDFUL)):
        yield handful
        written += len(handful)
        tell(written)
