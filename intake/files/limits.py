"""Limits of a file: its bytes, lines, columns and rows, held before anything is parsed."""

from models.base import Frozen


class Limits(Frozen):
    """Generous for a programme, small for a machine: a file at every limit needs some hundred megabytes to check."""

    bytes: int = 64 * 1024 * 1024
    lines: int = 500_000
    columns: int = 100
    record: int = 32 * 1024
    """Characters in one row, its quoted line breaks included."""


LIMITS = Limits()
