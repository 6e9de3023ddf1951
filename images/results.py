"""Results of cleaning: a picture of our own making, or why a file is not taken.

What is said of each fault stands in `telling/image_faults.py`. Nothing here loads a decoder.
"""

import hashlib
from enum import Enum
from typing import NamedTuple


class PictureRules(NamedTuple):
    """What a picture is for, and what is taken for it. Bounds of a side and of all pixels are said by a file's head."""

    name: str
    kinds: tuple[str, ...]
    file_limit: int  # bytes handed in
    side_limit: int
    pixel_limit: int
    least: int  # pixels of a side


LOGO = PictureRules("logo", ("PNG", "JPEG", "SVG"), 512 * 1024, 6000, 12_000_000, 16)
PHOTO = PictureRules("photo", ("PNG", "JPEG"), 10 * 1024 * 1024, 10_000, 50_000_000, 64)
RULES = {each.name: each for each in (LOGO, PHOTO)}


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
    NO_IMAGE = "no_image"  # of no kind that is taken, whatever it is called
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


class UnfitPicture(Exception):
    """This file is not taken."""

    def __init__(self, fault: ImageFault) -> None:
        super().__init__(fault.value)
        self.fault = fault
