"""Booking links: where somebody lets a time be booked, found among what they shared and in their terms.

A link is one for booking if the answer page put it into the terms as such, if its label says so, or if it leads to a
house that does nothing else.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from mailroom.compose.quoted_words import Url
from models.letters import LANGUAGES
from store.letters.letter_facts import PartySide
from telling.answer_terms import TERM_BOOKING
from telling.languages import said

_HOUSES = (
    "acuityscheduling.com",
    "cal.com",
    "calendar.app.google",
    "calendly.com",
    "koalendar.com",
    "meetings.hubspot.com",
    "savvycal.com",
    "tidycal.com",
    "youcanbook.me",
    "zcal.co",
)
_SAYS_SO = re.compile(r"\b(book\w*|calendar\w*|agenda\w*|reserv\w*|marcar|hor[aá]rios?)\b", re.IGNORECASE)
_AN_ADDRESS = TypeAdapter[str](Url)


def booking_link(side: PartySide) -> str | None:
    """The first that can stand behind a button."""
    return next((link for link in _links(side) if _is_address(link)), None)


def _links(side: PartySide) -> Iterator[str]:
    for line in side.terms.body.splitlines() if side.terms else ():
        yield from (found[1] for language in LANGUAGES if (found := _said_in(language).match(line.strip())))
    yield from (way.value for way in side.shared if way.kind == "link" and _is_for_booking(way.label, way.value))


def _said_in(language: str) -> re.Pattern[str]:
    before, _, after = said(TERM_BOOKING, language, link="|").partition("|")
    return re.compile(rf"{re.escape(before)}(\S+){re.escape(after)}")


def _is_for_booking(label: str, link: str) -> bool:
    host = urlsplit(link).hostname or ""
    return bool(_SAYS_SO.search(label)) or any(host == each or host.endswith(f".{each}") for each in _HOUSES)


def _is_address(link: str) -> bool:
    try:
        _AN_ADDRESS.validate_python(link)
    except ValidationError:
        return False
    return True
