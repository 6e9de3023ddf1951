"""Days and times as people read them, in their language and zone: on pages, in letters, at the command line."""

import math
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta, get_timezone_location
from babel.units import format_unit

from telling.languages import Reader

CLOCKWORK = timedelta(hours=2)  # what is nearer than this is said in letters as a time left, with the clock beside it

_DATE = {"en": "d MMMM", "es": "d 'de' MMMM", "pt": "d 'de' MMMM"}
_DAY = {"en": f"EEEE {_DATE['en']}", "es": f"EEEE {_DATE['es']}", "pt": f"EEEE, {_DATE['pt']}"}
_YEAR = {"en": " y", "es": " 'de' y", "pt": " 'de' y"}
_TODAY = {"en": "today", "es": "hoy", "pt": "hoje"}
_SINCE = {"en": "since {}", "es": "desde {}", "pt": "desde {}"}
_SATURDAY = 5
_A_DAY = 86_400
_UNITS: tuple[tuple[Literal["year", "month", "week", "day", "hour", "minute", "second"], int], ...] = (
    ("year", 365 * _A_DAY),
    ("month", 30 * _A_DAY),
    ("week", 7 * _A_DAY),
    ("day", _A_DAY),
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)


def long_moment(at: datetime, reader: Reader) -> str:
    """ "Tuesday 3 March, 14:05", in the reader's zone and language."""
    local = at.astimezone(ZoneInfo(reader.zone))
    return f"{_said(local.date(), _DAY[reader.language], reader.language)}{_at(local, reader.language)}"


def long_day(at: datetime, reader: Reader) -> str:
    """ "3 March 2026": the day this instant falls on where the reader lives."""
    pattern = _DATE[reader.language] + _YEAR[reader.language]
    return _said(at.astimezone(ZoneInfo(reader.zone)).date(), pattern, reader.language)


def how_far(at: datetime, now: datetime, reader: Reader) -> str:
    """ "in 24 seconds", "in 3 days", "2 hours ago"."""
    return format_timedelta(at - now, add_direction=True, threshold=1, locale=reader.language)


def how_long(seconds: float, reader: Reader) -> str:
    """ "10 minutes", "10 days": in the largest unit that says it exactly, since it is what people are promised."""
    unit = next((unit for unit, lasts in _UNITS if seconds % lasts == 0), _UNITS[-1][0])
    # Not format_unit, which knows no days and months in Portuguese. Above every threshold the granularity decides.
    return format_timedelta(timedelta(seconds=seconds), granularity=unit, threshold=math.inf, locale=reader.language)


def zone_name(reader: Reader) -> str:
    """The place whose clock is used, as a reader would call it: "Lisbon", "São Paulo", "UTC"."""
    if reader.zone in ("UTC", "Etc/UTC"):
        return "UTC"
    return get_timezone_location(reader.zone, locale=reader.language, return_city=True)


def by(due: datetime, now: datetime, zone: str, language: str) -> str:
    """ "by Tuesday 3 March, 17:00 (Lisbon time)", or "within 10 minutes (by 14:32, Lisbon time)"."""
    local, left = due.astimezone(ZoneInfo(zone)), due - now
    if timedelta() < left < CLOCKWORK:
        return _within(local, left, zone, language)
    day = _day(local, now, zone, language)
    said = {
        "en": f"by {day}",
        "es": f"antes del {day}",
        "pt": f"até {day}",
    }
    return f"{said[language]}{_at(local, language)} ({clock_of(zone, language)})"


def on(instant: datetime, now: datetime, zone: str, language: str) -> str:
    """ "today", or "on Monday 2 March"."""
    local = instant.astimezone(ZoneInfo(zone))
    if local.date() == now.astimezone(ZoneInfo(zone)).date():
        return _TODAY[language]
    day = _day(local, now, zone, language)
    before = {"en": "on", "es": "el", "pt": "no" if local.weekday() >= _SATURDAY else "na"}
    return f"{before[language]} {day}"


def day(instant: datetime, now: datetime, zone: str, language: str) -> str:
    """ "Monday 2 March": the day alone."""
    return _day(instant.astimezone(ZoneInfo(zone)), now, zone, language)


def since(day: date, language: str) -> str:
    """ "since 2019", as on the page behind the letter: an import may have told the year alone."""
    return _SINCE[language].format(day.year)


def clock_of(zone: str, language: str) -> str:
    """Whose clock: "Lisbon time", "hora de São Paulo", "UTC"."""
    place = get_timezone_location(zone, locale=language, return_city=True).rpartition("/")[2]
    if place.startswith(("UTC", "GMT")):
        return place
    said = {"en": f"{place} time", "es": f"hora de {place}", "pt": f"horário de {place}"}
    return said[language]


def _within(local: datetime, left: timedelta, zone: str, language: str) -> str:
    # A letter is written a moment after its deadline was set: 9 min 58 s is said as ten minutes.
    minutes, seconds = round(left.total_seconds() / 60), round(left.total_seconds())
    in_seconds = seconds < 90
    unit = "duration-second" if in_seconds else "duration-minute"
    amount = format_unit(seconds if in_seconds else minutes, unit, locale=language)
    one = amount.startswith("1 ")
    said = {
        "en": f"within {amount} (by {local:%H:%M}",
        "es": f"en {'el próximo' if one else 'los próximos'} {amount} (antes de {_las(local)} {local:%H:%M}",
        "pt": f"{'no próximo' if one else 'nos próximos'} {amount} (até {_as(local)} {local:%H:%M}",
    }
    return f"{said[language]}, {clock_of(zone, language)})"


def _at(local: datetime, language: str) -> str:
    said = {"en": ",", "es": f" a {_las(local)}", "pt": f", {_as(local)}"}
    return f"{said[language]} {local:%H:%M}"


def _las(local: datetime) -> str:
    return "la" if local.hour == 1 else "las"


def _as(local: datetime) -> str:
    return "à" if local.hour == 1 else "às"


def _day(local: datetime, now: datetime, zone: str, language: str) -> str:
    same_year = local.year == now.astimezone(ZoneInfo(zone)).year
    pattern = _DAY[language] + ("" if same_year else _YEAR[language])
    return _said(local.date(), pattern, language)


def _said(day: date, pattern: str, language: str) -> str:
    # In Portuguese the first of a month is the "1º".
    first = language == "pt" and day.day == 1
    return format_date(day, pattern.replace("d 'de'", "d'º de'") if first else pattern, locale=language)
