"""Golden letters and pages, looked at again with a fault in one function.

What the golden pages look at is kept as it was in that instant, each in a database of its own. Only what comes through
the fault is looked at again; the first of each first, since most faults show there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any

from tests.mailroom.story_replay import copy_of
from tests.models.exploration import golden_pages
from tests.models.exploration.affected_lives import calls, without
from tests.store.asks.pages_shown import instants, looks, pages_shown
from tests.store.letters.letters_started import introducing, letters_started, readings, scenes, verdicts

Looks = Iterator[tuple[str, Callable[[], Any]]]  # by name
Kept = Iterator[Callable[[], Looks]]  # one instant each

LETTERS_STARTED = "mailroom/golden/letters_started.txt"
PAGES_SHOWN = "store/golden/pages_shown.txt"


@dataclass(frozen=True)
class Seen:
    """What was found without any fault, and which functions it came through."""

    found: Any
    called: set[str]


class Looked:
    """Every look at everything that was kept of one page."""

    def __init__(self, file: str, keep: Callable[[], Kept], whole: Callable[[], None]) -> None:
        self.file, self.whole = file, whole
        with calls(file) as self.telling:
            self.kept = list(keep())
        self.seen = [self._seen(look()) for look in self.kept]

    def compare(self, fault: str) -> None:
        """Raises where something is not as it was."""
        function = without(fault)
        if function in self.telling:  # the story itself comes through it: it is told again
            self.whole()
            return
        for first in (True, False):
            for look, seen in zip(self.kept, self.seen, strict=True):
                if any(function in each.called for each in seen.values()):
                    _look_again(look(), seen, function, first)

    def _seen(self, looks: Looks) -> dict[str, Seen]:
        seen: dict[str, Seen] = {}
        with calls(self.file) as before:
            first = next(looks, None)
        for name, look in chain([first] if first else (), looks):
            with calls(self.file) as called:
                found = look()
            seen[name] = Seen(found, called | before)
        return seen


def of_letters(file: str) -> Looked:
    return Looked(file, _letters, partial(golden_pages.compare, LETTERS_STARTED, letters_started))


def _letters() -> Kept:
    for _ in introducing():
        pass
    kept = [(replace(scene, connection=copy_of(scene.connection), touched=set()), new) for _, scene, new in scenes()]
    yield from (partial(readings, scene, is_new) for scene, is_new in kept)
    yield from (partial(verdicts, scene) for scene, is_new in kept if is_new)


def of_pages(file: str) -> Looked:
    return Looked(file, _pages, partial(golden_pages.compare, PAGES_SHOWN, pages_shown))


def _pages() -> Kept:
    kept = [(copy_of(connection), whose, questions) for _, (connection, whose, questions) in instants()]
    yield from (partial(looks, *each) for each in kept)


def _look_again(looks: Looks, seen: dict[str, Seen], function: str, first: bool) -> None:
    for name, look in looks:
        if function in seen[name].called and look() != seen[name].found:
            raise AssertionError(name)
        if first:
            return
