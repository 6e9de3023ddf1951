"""Findings of one look. It is well, it could not be told, or it is wrong; and what to do about it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

CheckState = Literal["well", "unsure", "wrong"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the doctor's. `do` says what to do, where there is anything to do."""

    about: str
    state: CheckState
    said: str
    do: str = ""

    def as_facts(self) -> dict[str, Any]:
        return asdict(self)


Look = Callable[[], Awaitable[list[Diagnosis]]]
PATIENCE = 20.0  # seconds for one look; a doctor who waits for ever tells nobody anything


def well(about: str, said: str) -> Diagnosis:
    return Diagnosis(about, "well", said)


def unsure(about: str, said: str, do: str = "") -> Diagnosis:
    return Diagnosis(about, "unsure", said, do)


def wrong(about: str, said: str, do: str) -> Diagnosis:
    return Diagnosis(about, "wrong", said, do)


async def in_time(about: str, look: Look) -> list[Diagnosis]:
    """What a look finds; one that breaks or takes too long is a finding too, and holds up no other."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await look()
    except TimeoutError:
        return [wrong(about, f"no answer within {PATIENCE:.0f} seconds", "See whether it can be reached from here.")]
    except Exception as problem:
        return [wrong(about, f"it could not be looked at ({type(problem).__name__})", "See its own log.")]
