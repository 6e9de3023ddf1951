"""Bounds on what repeats itself: how often an act is taken, and how much longer each look in vain waits.

Introductions whose opening is older than these rules keep none of them (`bounded`). Bounded elsewhere: edits by the
policy, a letter sent again once, and connectors each asked once about one version.
"""

from datetime import timedelta

from models.asks import Ask
from models.news import Extended, Held, News, PutOff
from models.process.state.introduction import Introduction
from models.process.verdict import Reason

MOST_UNDONE = 3  # yeses to one question, taken back: a slip, then a doubt; after it a no is still heard
MOST_LATER = 5  # times that one question is put off; the last day it may be put off to is bounded beside it
MOST_EXTENDED = 5  # times that one question gets more time; never beyond the promised day
MOST_HOLDS = 10  # of one introduction: each may take a deadline's length, and none outlasts the promise

SWEPT_EVERY = timedelta(seconds=10)  # the slowest that a mailroom looks for news which nobody has heard yet
HEARD_WITHIN = SWEPT_EVERY + timedelta(seconds=5)  # what can no longer be taken back reaches the process in that time

FIRST_LOOK, LONGEST_LOOK = timedelta(seconds=30), timedelta(hours=1)


def objection_to_repeating(introduction: Introduction, news: News) -> Reason | None:
    """Why this has been done as often as it may be, or None."""
    if not introduction.bounded:
        return None
    ask = introduction.ask(news.ask) if isinstance(news, PutOff | Extended) else None
    match news:
        case Held():
            enough = introduction.holds >= MOST_HOLDS
        case Extended():
            enough = ask is not None and ask.extended >= MOST_EXTENDED
        case PutOff():
            enough = ask is not None and _times_put_off(introduction, ask) >= MOST_LATER
        case _:
            enough = False
    return Reason.OFTEN_ENOUGH if enough else None


def undone_often(introduction: Introduction, ask: Ask) -> bool:
    return introduction.bounded and ask.undone >= MOST_UNDONE


def next_look(introduction: Introduction, looks: int) -> timedelta:
    """How long to wait where somebody's answer is on its way and was not there yet at the last so many looks."""
    return min(FIRST_LOOK * 2 ** min(looks, 7), LONGEST_LOOK) if introduction.bounded else FIRST_LOOK


def _times_put_off(introduction: Introduction, ask: Ask) -> int:
    same = (ask.kind, ask.person, ask.version)
    return sum((each.kind, each.person, each.version) == same and each.until is not None for each in introduction.asks)
