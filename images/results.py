"""Results of cleaning: a picture of our own making, or why a file is not taken.

What is said of each fault stands in `telling/image_faults.py`. Nothing here loads a decoder.
"""

import hashlib
from enum import Enum
from typing import NamedTuple

FILE_LIMIT = 512 * 1024  # bytes handed in


class CleanImage(NamedTuple):
    """A PNG. The same picture always has the same mark."""

    png: bytes
    width: int
    height: int

    @property
    def mark(self) -> str:
        return hashlib.sha256(self.png).hexdigest()[:32]


class ImageFault(Enum):
    """An Enum, not a StrEnum, so that it is never taken for words."""

    TOO_LARGE = "too_large"  # bytes of the file
    NO_IMAGE = "no_image"  # neither PNG nor JPEG nor SVG, whatever it is called
    OTHER_KIND = "other_kind"  # called one kind, and another
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"  # said by its head, before anything is unpacked
    ANIMATED = "animated"
    SCRIPT = "script"
    ELSEWHERE = "elsewhere"  # it would bring something from elsewhere
    ENTITIES = "entities"
    TOO_MUCH_IN_IT = "too_much_in_it"
    NOT_SHAPES = "not_shapes"  # text, filters, pictures within the picture
    TOO_SMALL = "too_small"
    EMPTY = "empty"
    BUSY = "busy"  # others are being drawn: nothing is said of this one


class NoLogo(Exception):
    """This file is not taken."""

    def __init__(self, fault: ImageFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
