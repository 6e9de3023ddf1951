"""Instants in turns: a long walk through time that looks at some of them in `make test`, and at all in `make soak`.

A walk looks at its first instant, and at every third of those that follow. Which of them, its variant says: walked by
three variants or more, each instant is looked at by one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

TURNS = 3


@dataclass
class Turn:
    """Whose turn it is; `None`: every instant's."""

    now: int | None = None

    def looks_at(self, instant: int) -> bool:
        return self.now is None or instant == 0 or instant % TURNS == self.now


TURN = Turn()
in_turns = pytest.mark.usefixtures("turn")


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.soak)], ids=["in turns", "every instant"])
def turn(request: pytest.FixtureRequest) -> Iterator[None]:
    variant = sum(request.node.callspec.indices.values())
    TURN.now = None if request.param else variant % TURNS
    yield
    TURN.now = None
