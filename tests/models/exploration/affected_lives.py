"""Golden decisions made again with a fault in one function. Only what comes through it is told again.

Elsewhere it is never called, and every line of the golden page would be the same: whole lives in which it has no part,
and in all others those moments at which nothing that could be said comes to it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest
from types import FrameType
from typing import NamedTuple

from models.process.state.introduction import Introduction
from tests.models.exploration.decisions import Tried, heard, otherwise
from tests.models.exploration.life import Life
from tests.models.exploration.lives import LIVES


class Kept(NamedTuple):
    """One moment as it is without any fault: its lines, and what comes through which function of the file."""

    heard: str
    otherwise: list[str]
    called: set[str]
    tried: Tried


class Reached:
    """Each life of the golden page as it is told without any fault, and which functions of a file it comes through."""

    def __init__(self, file: str) -> None:
        self.lives: dict[str, list[Kept]] = {}
        self.called: dict[str, set[str]] = {}
        tried: Tried = set()
        for name, life in LIVES.items():
            with calls(file) as lived:
                play = life.lived()
            before, self.lives[name] = None, []
            for moment in play.moments:
                known, line = set(tried), heard(before, moment)
                before = moment.step.after
                with calls(file) as called:
                    lines = list(otherwise(before, moment.at, tried))
                self.lives[name].append(Kept(line, lines, called, tried - known))
            self.called[name] = lived.union(*(kept.called for kept in self.lives[name]))

    def compare(self, fault: str) -> None:
        """Raises at the first line that differs."""
        function, tried = without(fault), Tried()
        for name, kept in self.lives.items():
            if function not in self.called[name]:
                tried.update(*(moment.tried for moment in kept))
            elif not _is_the_same(kept, LIVES[name], function, tried):
                raise AssertionError(name)


def _is_the_same(kept: list[Kept], life: Life, function: str, tried: Tried) -> bool:
    before: Introduction | None = None
    for was, moment in zip_longest(kept, life.lived().moments):
        if was is None or moment is None or was.heard != heard(before, moment):
            return False
        before = moment.step.after
        if function not in was.called:
            tried |= was.tried
        elif was.otherwise != list(otherwise(before, moment.at, tried)):
            return False
    return True


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
