"""Turns of long walks: whatever `make test` leaves out for one variant, it looks at for another."""

from collections.abc import Callable, Iterator
from itertools import product
from types import ModuleType
from typing import Any

import pytest

from tests.web import test_twin_acts, test_twin_windows, test_twins

TURNS = {"turn": 3, "turn_of_two": 2, "turn_of_six": 6}


@pytest.mark.parametrize("module", [test_twins, test_twin_acts, test_twin_windows])
def test_each_turn_is_somebodys(module: ModuleType) -> None:
    walks = {name: walk for name, walk in vars(module).items() if name.startswith("test_") and _turns(walk)}
    assert walks
    for name, walk in walks.items():
        assert {variant % _turns(walk) for variant in _variants(walk)} == set(range(_turns(walk))), name


def _turns(walk: Callable[..., Any]) -> int:
    return max((TURNS.get(each, 0) for mark in _marks(walk, "usefixtures") for each in mark.args), default=0)


def _variants(walk: Callable[..., Any]) -> Iterator[int]:
    """The number of each that `make test` walks, as `in_turns` counts them."""
    for chosen in product(*(list(enumerate(mark.args[1])) for mark in _marks(walk, "parametrize"))):
        soak = any(mark.name == "soak" for _, value in chosen for mark in getattr(value, "marks", ()))
        if not soak:
            yield sum(place for place, _ in chosen)


def _marks(walk: Callable[..., Any], name: str) -> list[pytest.Mark]:
    return [mark for mark in getattr(walk, "pytestmark", ()) if mark.name == name]
