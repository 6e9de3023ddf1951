"""Countries and regions to choose from. Countries by name, and their parts with holidays of their own."""

from functools import cache

from babel import Locale

import calendars
from store.people.person import Person
from telling.languages import Reader, phrase, said

PROGRAMMES = phrase("As the programme has them")
WHOLE_COUNTRY = phrase("The whole country's")


def countries(reader: Reader) -> list[tuple[str, str]]:
    """What may be chosen, by name; first the programme's own."""
    return [("", said(PROGRAMMES, reader.language)), *_named(reader.language)]


def regions(person: Person, reader: Reader) -> list[tuple[str, str]]:
    """The parts of the country they have chosen; empty where none has holidays of its own."""
    known = calendars.regions(person.country) if person.country else {}
    named = sorted(known.items(), key=lambda each: each[1])
    return [("", said(WHOLE_COUNTRY, reader.language)), *named] if named else []


@cache
def _named(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale(language).territories
    known = ((code, names.get(code, code)) for code in calendars.countries())
    return tuple(sorted(known, key=lambda each: each[1]))
