"""Instants that can be compared with ours. Those that UTC has a date for."""

from datetime import UTC, datetime


def in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError from error
