"""Invariants of the end: what is closed stays closed.

S19: nothing is heard any more but how it went and thanks written before, and nothing follows from that.
"""

from models.asks import HOW_IT_WAS, AskKind, AskState
from models.effects import SettleAsk
from models.news import Reported, Thanked
from models.record.invariants.facts import Facts, Happened


def only_an_outcome_is_heard(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S19. A party who was asked and has not said may still say; no letter follows, and no other ending."""
    if before.stage != "closed":
        return None
    news, ask = happened.news, before.answered_ask(happened.news)
    if not isinstance(news, Reported | Thanked) or not before.introduced:
        return "something else than an outcome is heard after the end"
    if ask is None or ask.kind not in (HOW_IT_WAS if isinstance(news, Reported) else (AskKind.THANKS,)):
        return "something else than an outcome is heard after the end"
    if ask.person != news.by or ask.state == AskState.ANSWERED:
        return "an outcome is heard of somebody who was not asked, or has said"
    if happened.event.effects != (SettleAsk(ask=ask.number, state=AskState.ANSWERED),):
        return "something follows from what is heard after the end"
    kept = (before.step + 1, "closed", before.ending, before.told, before.connector, before.version)
    stands = (after.step, after.stage, after.ending, after.told, after.connector, after.version)
    return None if stands == kept else "what is heard after the end changes where it stands"
