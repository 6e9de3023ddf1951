"""Direction of writing. A name that runs from right to left keeps its own two ends in a line that runs the other way.

HTML says it with <bdi>; Subjects, senders' names and text parts with the isolates of Unicode, and only where needed.
"""

import unicodedata

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = {"R", "AL"}


def isolated(value: str) -> str:
    """The value between isolates, where any of it runs from right to left; else as it is."""
    if value.isascii() or not any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in value):
        return value
    return f"{FIRST_STRONG_ISOLATE}{value}{POP_ISOLATE}"
