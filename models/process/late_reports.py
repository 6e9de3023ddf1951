"""Late reports: what is still heard once an introduction is over.

How it went, from a party who was asked and has not said; and thanks that were written before the end.

It is written down, and nothing follows from it: no letter, no question, no other ending than the one that was told.
"""

from datetime import datetime

from models.asks import HOW_IT_WAS, Ask, AskKind, AskState
from models.news import News, Reported, Thanked
from models.outcomes import INTRODUCED, DidNotMeet, Met, NoShow
from models.process.objections import objection
from models.process.reports import is_an_answer
from models.process.state.introduction import Introduction
from models.process.state.stages import Closed
from models.process.turn import Turn
from models.process.verdict import REFUSED, Reason, Refused, Step

LATE = (Met, DidNotMeet, NoShow)  # "not yet" and "I would rather not say" are no outcome any more


def hear_afterwards(introduction: Introduction, news: News, now: datetime, *, in_time: bool = False) -> Step | Refused:
    """A late report, kept, and thanks that were acknowledged in time; anything else comes too late."""
    stage = introduction.stage
    if not isinstance(news, Reported | Thanked) or (isinstance(news, Thanked) and not in_time):
        return REFUSED[objection(introduction, news, now) or Reason.CLOSED]
    if not isinstance(stage, Closed) or stage.ending not in INTRODUCED:
        return REFUSED[Reason.CLOSED]
    ask = introduction.ask(news.ask)
    if ask is None:
        return REFUSED[Reason.UNKNOWN_ASK]
    why = _objection(introduction, ask, news)
    return REFUSED[why] if why else Turn(introduction, news, now).answer(ask).step()


def _objection(introduction: Introduction, ask: Ask, news: Reported | Thanked) -> Reason | None:
    if news.by != ask.person:
        return Reason.NOT_YOURS
    if ask.state == AskState.ANSWERED:
        return Reason.ALREADY_ANSWERED
    if isinstance(news, Thanked):
        return None if ask.kind == AskKind.THANKS else Reason.NOT_AN_ANSWER
    if ask.kind not in HOW_IT_WAS:
        return Reason.CLOSED
    known = isinstance(news.outcome, LATE) and is_an_answer(introduction, ask, news.outcome)
    return None if known else Reason.NOT_AN_ANSWER
