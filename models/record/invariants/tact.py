"""Invariants of tact: nothing is held against a person that they, or the other party, did not say. N18, N21, N24."""

from models.asks import AskKind
from models.effects import CountNoShow, KeepTie, OpenAsk
from models.letters import PARTIES, Role
from models.news import Reported
from models.outcomes import NO_MEETING, Ending, NoShow
from models.process.reports import OTHER
from models.record.invariants.facts import Facts, Happened


def both_say_that_nothing_came_of_it(before: Facts, happened: Happened, after: Facts) -> str | None:
    """N21. Where both are heard, no connector is told that two did not meet on one party's word, or on silence."""
    ending = happened.event.standing.ending
    if ending != Ending.DID_NOT_MEET or after.stage != "closed" or not after.began.hear_both:
        return None
    return None if all(_last(after, role) in NO_MEETING for role in PARTIES) else "one word against nobody's"


def only_the_other_tells_of_a_no_show(before: Facts, happened: Happened, after: Facts) -> str | None:
    """N24. A no-show counts by the other party's report of it alone: never by silence, never by one's own word."""
    news = happened.news
    for effect in happened.event.effects:
        if not isinstance(effect, CountNoShow):
            continue
        ask = before.answered_ask(news)
        if not isinstance(news, Reported) or not isinstance(news.outcome, NoShow) or ask is None:
            return "a no-show is counted that nobody has reported"
        if effect.by != news.by or effect.person != after.person(OTHER[ask.role]):
            return "a no-show is counted against somebody it was not said of by the other"
    return None


def a_denied_no_show_does_not_count(before: Facts, happened: Happened, after: Facts) -> str | None:
    """N24. Where the two tell it differently, nobody counts as absent, and no relationship is kept on it."""
    said = {_last(after, role) for role in PARTIES}
    for effect in happened.event.effects:
        if isinstance(effect, CountNoShow) and (said >= {"met", "no_show"} or _both_absent(after)):
            return "a no-show is counted that is denied"
        if isinstance(effect, KeepTie) and effect.met and said >= {"met", "no_show"}:
            return "a tie is kept on a meeting that one of them denies"
    return None


def first_contact_is_asked_once(before: Facts, happened: Happened, after: Facts) -> str | None:
    """N18. Whether the requester has written is asked of each once."""
    for effect in happened.event.effects:
        if isinstance(effect, OpenAsk) and effect.ask.kind == AskKind.WRITTEN:
            asked = [ask for ask in before.asks if ask.kind == AskKind.WRITTEN and ask.role == effect.ask.role]
            if asked:
                return "somebody is asked twice whether anything was written"
    return None


def _last(facts: Facts, role: Role) -> str | None:
    return next((kind for who, kind in reversed(facts.reports) if who == role), None)


def _both_absent(facts: Facts) -> bool:
    return all(_last(facts, role) == "no_show" for role in PARTIES)
