"""Dates in cells, as people and programs write them in English, Spanish, Portuguese and German."""

import re
from collections.abc import Iterable
from datetime import date
from enum import Enum
from functools import lru_cache

from models.folding import fold

MONTHS = (
    ("january", "enero", "janeiro", "januar", "janner"),
    ("february", "febrero", "fevereiro", "februar", "feber"),
    ("march", "marzo", "marco", "marz", "maerz"),
    ("april", "abril"),
    ("may", "mayo", "maio", "mai"),
    ("june", "junio", "junho", "juni"),
    ("july", "julio", "julho", "juli"),
    ("august", "agosto"),
    ("september", "septiembre", "setiembre", "setembro"),
    ("october", "octubre", "outubro", "oktober"),
    ("november", "noviembre", "novembro"),
    ("december", "diciembre", "dezembro", "dezember"),
)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
TIME_OF_DAY = re.compile(r"[,\sT]+\d{1,2}:\d{2}(:\d{2})?(\s*[ap]\.?\s?m\.?)?(\s*(utc|z))?$", re.IGNORECASE)
FILLERS = {"de", "del", "do", "of", "st", "nd", "rd", "th", "o"}  # “1 de marzo”, “1st of March”, “1º de março”


class DateOrder(Enum):
    """How dates written only in numbers are meant. Only the file as a whole can tell."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def order_of(texts: Iterable[str]) -> DateOrder | None:
    """The order that the file's own dates prove; None if none of them has a number above twelve, or they disagree."""
    proven = set()
    for text in texts:
        match = NUMBERS.fullmatch(_day_part(text))
        if match and (int(match[1]) > 12) != (int(match[2]) > 12):
            proven.add(DateOrder.DAY_FIRST if int(match[1]) > 12 else DateOrder.MONTH_FIRST)
    return proven.pop() if len(proven) == 1 else None


def is_ambiguous(text: str) -> bool:
    """Two different days, depending on the order."""
    match = NUMBERS.fullmatch(_day_part(text))
    return bool(match and int(match[1]) <= 12 and int(match[2]) <= 12 and match[1] != match[2])


@lru_cache(maxsize=4096)
def read_day(text: str, order: DateOrder | None = None) -> date | None:
    """The day meant. Without an order, dates in bare numbers are not guessed at."""
    day = _day_part(text)
    if match := ISO.fullmatch(day):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := NUMBERS.fullmatch(day):
        return _in_order(int(match[1]), int(match[2]), _year(match[3]), order)
    return _in_words(day)


def _day_part(text: str) -> str:
    return TIME_OF_DAY.sub("", text.strip())


def _in_order(first: int, second: int, year: int, order: DateOrder | None) -> date | None:
    if order is None:
        return None
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    return _date(year, month, day)


def _in_words(text: str) -> date | None:
    parts = [part for part in re.findall(r"\d+|[a-z]+", fold(text)) if part not in FILLERS]
    if len(parts) != 3 or not parts[2].isdigit():
        return None
    day, month = (parts[1], parts[0]) if parts[1].isdigit() else (parts[0], parts[1])
    number = _month(month)
    return _date(_year(parts[2]), number, int(day)) if number and day.isdigit() else None


def _month(word: str) -> int | None:
    """By its beginning, three letters at least: Sep, Sept, set and Setembro are all the ninth."""
    if len(word) < 3:
        return None
    return next((number for number, names in enumerate(MONTHS, 1) if any(n.startswith(word) for n in names)), None)


def _year(digits: str) -> int:
    return 2000 + int(digits) if len(digits) == 2 else int(digits)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
