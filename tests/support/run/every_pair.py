"""Pairs of variants: some in `make test`, so that each of both has its turn, and all of them in `make soak`."""

from collections.abc import Mapping

import pytest
from _pytest.mark.structures import ParameterSet


def pairs(ones: Mapping[str, object], others: Mapping[str, object]) -> list[ParameterSet]:
    """Each of both in a pair at least."""
    turns = max(len(ones), len(others))
    now = {(list(ones)[turn % len(ones)], list(others)[turn % len(others)]) for turn in range(turns)}
    return [
        pytest.param(one, other, id=f"{name}, {beside}", marks=marks)
        for name, one in ones.items()
        for beside, other in others.items()
        for marks in [() if (name, beside) in now else (pytest.mark.soak,)]
    ]
