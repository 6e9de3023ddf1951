"""The usual time: within how many days an introduction comes about in a programme, told to whoever asks.

Out of introductions that came about alone, whose people all know of them: who said no, who was silent and who was asked
in vain changes nothing of it (S8, S10). Told of many and of nobody: nobody counts in more than two of at least twenty,
whole months only are counted, and days are rounded up to a few steps, so that no single introduction shows (decision
0230).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from models.base import Frozen
from models.ids import PersonId

LEAST, MOST_OF_ONE = 20, 2
LOOKED_BACK = timedelta(days=365)
STEPS = (1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 42, 60, 90)  # days, as people say them
USUALLY = 3, 4  # of four introductions three: what is longer is not usual


class CameAbout(Frozen):
    """One introduction: who was in it, and how long after it was asked for the two were introduced."""

    people: tuple[PersonId, ...]
    took: timedelta


def counted_span(now: datetime) -> tuple[datetime, datetime]:
    """From when to when an introduction counts: up to the last month's end, so that none moves what is said today."""
    until = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return until - LOOKED_BACK, until


def usual_days(newest_first: Iterable[CameAbout], at_most: timedelta) -> int | None:
    """None: too few to say, or no sooner than `at_most`, by when the requester hears anyway."""
    took = sorted(_nobody_often(newest_first))
    if len(took) < LEAST:
        return None
    of, among = USUALLY
    usual = took[-(-len(took) * of // among) - 1]
    days = next((each for each in STEPS if timedelta(days=each) >= usual), None)
    return days if days and timedelta(days=days) < at_most else None


def _nobody_often(newest_first: Iterable[CameAbout]) -> Sequence[timedelta]:
    """Each with whoever has not been counted often enough."""
    often: Counter[PersonId] = Counter()
    found = []
    for each in newest_first:
        if all(often[who] < MOST_OF_ONE for who in each.people):
            often.update(each.people)
            found.append(each.took)
    return found
