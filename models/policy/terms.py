"""Terms and their ends. A closing question to both, and the connector's letter with thanks."""

import re
from datetime import date, datetime, time
from typing import Annotated

from pydantic import AfterValidator, Field

from models.base import Frozen
from models.policy.durations import Lasting
from models.time.open_hours import Calendar, on_clock, open_at
from models.time.patience import MORNING

_EVERY_YEAR = re.compile(r"(\d\d)-(\d\d)")
_COMMON_YEAR = 2026  # a term that ended on 29 February would end in few years


def _day(written: str) -> str:
    every_year = _EVERY_YEAR.fullmatch(written)
    try:
        date.fromisoformat(f"{_COMMON_YEAR}-{written}" if every_year else written)
    except ValueError:
        raise ValueError('must be a day such as "06-30", each year, or "2027-06-30", once') from None
    return written


Day = Annotated[str, AfterValidator(_day)]


class TermRules(Frozen):
    """The terms of a programme in which people meet more than once."""

    ends: tuple[Day, ...] = Field(min_length=1, max_length=24, description="last days, each year or once")
    answer_within: Lasting = Field(description="to answer then; after that the connector hears how it went")

    def end_after(self, start: datetime, calendar: Calendar) -> datetime | None:
        """The morning of the first last day of a term after this instant; None where no term is left."""
        today = calendar.clock.wall(start).date()
        days = (date.fromisoformat(each) for each in self._written_out(today.year))
        later = min((day for day in days if day > today), default=None)
        return open_at(on_clock(later, time(MORNING), calendar.clock), calendar) if later else None

    def _written_out(self, year: int) -> list[str]:
        yearly = [each for each in self.ends if _EVERY_YEAR.fullmatch(each)]
        once = [each for each in self.ends if each not in yearly]
        return [*once, *(f"{each_year}-{day}" for each_year in (year, year + 1) for day in yearly)]
