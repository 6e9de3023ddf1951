"""Instants that can be compared with ours. Those that UTC has a date for."""

import re
from datetime import UTC, datetime

_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]")


def is_written(said: object) -> object:
    """A year, or any other bare number, is no instant: read as seconds since 1970 it would narrow nothing."""
    if isinstance(said, str) and _DATE.match(said):
        return said
    raise ValueError


def in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError from error
