"""Durations and caps as fields of a policy. Each refuses what would make no sense in its place."""

from typing import Annotated

from pydantic import AfterValidator, Field

from models.base import Frozen
from models.time.patience import Patience


def _lasting(patience: Patience) -> Patience:
    if not patience.amount:
        raise ValueError("must be longer than nothing")
    return patience


def _on_the_clock(patience: Patience) -> Patience:
    if patience.unit not in ("s", "min", "h"):
        raise ValueError("must be counted in s, min or h")
    return patience


Lasting = Annotated[Patience, AfterValidator(_lasting)]
OnTheClock = Annotated[Patience, AfterValidator(_on_the_clock)]  # no calendar: the same for everybody, night and day


class CapRules(Frozen):
    """So many in so long a time, at most."""

    cap: int = Field(ge=1, le=100)
    cap_per: Lasting
