"""The instant at which a command is typed: by this machine's clock, unless whoever has it typed set another."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime


def by_this_machine() -> datetime:
    return datetime.now(UTC)


CLOCK: ContextVar[Callable[[], datetime]] = ContextVar("CLOCK", default=by_this_machine)


def now() -> datetime:
    return CLOCK.get()()
