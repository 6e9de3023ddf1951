"""Does the core still decide as it did, with a fault in one function? Only lives that come through it are told again.

In all others it is never called, and every line of the golden page would be the same.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from types import FrameType

from tests.models import decisions
from tests.models.lives import LIVES


class Reached:
    """Each life of the golden page as it is told without any fault, and which functions of a file it comes through."""

    def __init__(self, file: str) -> None:
        self.lines: dict[str, list[str]] = {}
        self.called: dict[str, set[str]] = {}
        self.tried: dict[str, set[object]] = {}
        tried: set[object] = set()
        for name, life in LIVES.items():
            before = set(tried)
            with calls(file) as self.called[name]:
                self.lines[name] = list(decisions.told(life.lived(), tried))
            self.tried[name] = tried - before

    def compare(self, fault: str) -> None:
        """Raises at the first line that differs."""
        function, tried = without(fault), set[object]()
        for name, lines in self.lines.items():
            if function not in self.called[name]:
                tried |= self.tried[name]
                continue
            told = decisions.told(LIVES[name].lived(), tried)
            if any(was != line for was, line in zip_longest(lines, told)):
                raise AssertionError(name)


@contextmanager
def calls(file: str) -> Iterator[set[str]]:
    """Which functions of this file are called meanwhile."""
    called: set[str] = set()

    def note(frame: FrameType, what: str, _: object) -> None:
        if what == "call" and frame.f_code.co_filename == file:
            called.add(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(None)


def without(fault: str) -> str:
    """The function as it is written, beside which mutmut has put those with a fault."""
    return f"{fault.rpartition('.')[2].rpartition('__mutmut_')[0]}__mutmut_orig"
