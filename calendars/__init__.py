"""Days off and clocks where a person lives, read here to be told to processes as data.

A country's weekend and public holidays, for the months ahead; the offsets of its clocks are in `calendars.clocks`.

The library that knows them takes half a second to load, so it is loaded when the first country is asked for, once a
process; worker and web ask at their start for the countries that people live in. Where none is known, nothing is
loaded.

Zone law comes from the locked `tzdata` in every process, whatever the machine has beside it.
"""

import zoneinfo
from datetime import date, timedelta
from functools import cache, lru_cache

from models.time.open_hours import Days

zoneinfo.reset_tzpath(to=())

HORIZON = timedelta(days=430)  # from the first of this month: longer than any wait of a policy that ships


def days_of(country: str | None, region: str | None, today: date) -> Days:
    """Somebody's days off from this month on; Saturdays and Sundays alone where we know no country."""
    return _days(country, region, today.replace(day=1)) if country else Days()


@cache
def countries() -> dict[str, tuple[str, ...]]:
    """The countries whose holidays are known, each with the regions that have holidays of their own."""
    import holidays

    found = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(regions) for code, regions in sorted(found.items()) if len(code) == 2}


@cache
def regions(country: str) -> dict[str, str]:
    """The regions of a country, each code with the name it is known by there."""
    import holidays

    if country not in countries():
        return {}
    names = holidays.country_holidays(country).get_subdivision_aliases()
    return {code: (names.get(code) or [code])[0] for code in countries()[country]}


@lru_cache(maxsize=1024)
def _days(country: str, region: str | None, first: date) -> Days:
    import holidays

    if country not in countries():
        return Days()
    known, last = (region if region in countries()[country] else None), first + HORIZON
    days = holidays.country_holidays(country, subdiv=known, years=range(first.year, last.year + 1))
    weekend = tuple(sorted(days.weekend))
    off = (day for day in sorted(days) if first <= day <= last and day.weekday() not in weekend)
    return Days(weekend=weekend, holidays=tuple(off))
