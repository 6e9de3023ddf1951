"""Conflict of interest: an operator who is a party of an introduction does nothing to it; another operator does.

The requester and the target steer nothing about themselves; what is theirs to say they say as the person they are.
Whoever is asked as a connector may go on working here, but gives themselves no more time.
"""

from models.news import (
    Extended,
    HandedOver,
    Held,
    News,
    Proposed,
    Resent,
    Resumed,
    Screened,
    SentBack,
    Stopped,
)
from models.process.state.introduction import Introduction
from models.process.verdict import Reason

OPERATING = (Screened, SentBack, Proposed, Stopped, HandedOver, Held, Resumed, Extended, Resent)


def objection_to_acting(introduction: Introduction, news: News) -> Reason | None:
    """Why this operator leaves it to another, or None."""
    if not introduction.own_left_to_others or not isinstance(news, OPERATING):
        return None
    ask = introduction.ask(news.ask) if isinstance(news, Extended) else None
    is_their_own = introduction.is_about(news.by) or (ask is not None and ask.person == news.by)
    return Reason.OWN_PART if is_their_own else None
