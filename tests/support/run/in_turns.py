"""Instants in turns: a long walk through time that looks at some of them in `make test`, and at all in `make soak`.

A walk looks at its first instant, and at every third of those that follow; `in_two_turns` at every second, and
`in_six_turns` at every sixth. Which of them, its variant says: walked by as many variants or more, each instant is
looked at by one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest


@dataclass
class Turn:
    """Whose turn it is, out of how many; `None`: every instant's."""

    now: int | None = None
    turns: int = 1

    def looks_at(self, instant: int) -> bool:
        return self.now is None or instant == 0 or instant % self.turns == self.now


TURN = Turn()
in_turns = pytest.mark.usefixtures("turn")
in_two_turns = pytest.mark.usefixtures("turn_of_two")
in_six_turns = pytest.mark.usefixtures("turn_of_six")
either = pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.soak)], ids=["in turns", "every instant"])


@either
def turn(request: pytest.FixtureRequest) -> Iterator[None]:
    yield from _walk(request, 3)


@either
def turn_of_two(request: pytest.FixtureRequest) -> Iterator[None]:
    yield from _walk(request, 2)


@either
def turn_of_six(request: pytest.FixtureRequest) -> Iterator[None]:
    yield from _walk(request, 6)


def _walk(request: pytest.FixtureRequest, turns: int) -> Iterator[None]:
    variant = sum(request.node.callspec.indices.values())
    TURN.now, TURN.turns = None if request.param else variant % turns, turns
    yield
    TURN.now = None
