"""Countries and regions in cells; a person's weekend and holidays follow from them."""

from difflib import get_close_matches
from functools import cache, lru_cache

from babel import Locale

import calendars
from intake.fault_reports import Repaired, Wrong, shown
from intake.files.columns import fold
from models.letters import LANGUAGES

ALSO_CALLED = {"uk": "GB", "u.k.": "GB", "great britain": "GB", "gran bretana": "GB", "gra-bretanha": "GB"}


@lru_cache(maxsize=1024)
def country(text: str) -> str | Repaired[str] | Wrong:
    """A code of two letters, or the country's name in one of our languages; what everybody writes instead is told."""
    known, wanted = _countries(), fold(text)
    if wanted in known:
        return known[wanted]
    if wanted in ALSO_CALLED:
        code = ALSO_CALLED[wanted]
        return Repaired(code, Wrong(f"“{shown(text)}” was read as {code}", "Check that it is right"))
    close = get_close_matches(wanted, known, n=1)
    right = known[close[0]] if close else "MX"
    return Wrong(f"“{shown(text)}” is no country whose holidays we know", f"Write a code like {right}")


@lru_cache(maxsize=1024)
def region(within: str | None, text: str) -> str | Wrong:
    """A code or a name, as the country itself has them."""
    if within is None:
        return Wrong("A region says nothing without its country", "Fill in the country too, or leave the region empty")
    codes = calendars.regions(within)
    known = {fold(each): code for code, name in codes.items() for each in (name, code)}
    if fold(text) in known:
        return known[fold(text)]
    if not codes:
        return Wrong(f"{within} has no regions with holidays of their own", "Leave the region empty")
    close = get_close_matches(fold(text), known, n=1)
    right = known[close[0]] if close else next(iter(codes))
    return Wrong(f"“{shown(text)}” is no region of {within} that we know", f"Write a code like {right}")


@cache
def _countries() -> dict[str, str]:
    names = [Locale(language).territories for language in LANGUAGES]
    found = {fold(each[code]): code for each in names for code in calendars.countries() if code in each}
    return found | {fold(code): code for code in calendars.countries()}
