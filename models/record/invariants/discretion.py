"""Invariants of discretion: nothing tells of a no, or reaches whom it was not meant for. S8, S9, S11."""

from models.effects import FreeSlot, SettleAsk, WriteAgain, WriteLetter
from models.letters import LetterKind, Role
from models.news import Edited, Introduced, Resent, SentBack, Silent, TimeIsUp, Undeliverable
from models.outcomes import Ending
from models.record.invariants.facts import Facts, Happened, letters_planned, undoes

UNTOLD = (Ending.DECLINED, Ending.LAPSED, Ending.STOPPED, Ending.NO_ROUTE, Ending.UNDELIVERABLE)


def only_time_tells_of_an_ending(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S8. The requester hears that there is no introduction because its time has come, never because somebody spoke."""
    if before.introduced or isinstance(happened.news, TimeIsUp | Introduced) or _is_the_requesters(before, happened):
        return None
    for effect in happened.event.effects:
        if isinstance(effect, WriteLetter) and effect.letter == LetterKind.NO_INTRODUCTION:
            return "the requester is told of an ending the moment it happens"
        if isinstance(effect, FreeSlot):
            return "the requester's slot is freed the moment an introduction ends"
    ended = after.stage == "closed" and not before.told
    return "it closes the moment somebody else speaks" if ended else None


def closings_are_alike(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S8. Every ending without an introduction is told in the same letter, and none is left untold."""
    for effect in happened.event.effects:
        if isinstance(effect, WriteLetter) and effect.letter == LetterKind.NO_INTRODUCTION and effect.words:
            return "a closing carries words of its own"
    where = happened.event.standing
    if where.stage != "closed" or where.ending not in UNTOLD or _is_the_requesters(before, happened):
        return None
    gone = before.began.requester in before.left
    return None if where.told or gone else f"it ended ({where.ending}) and the requester was never told"


def others_leave_the_requesters_asks_open(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S8. What lies open before the requester is settled by them or by time: else it would tell of a no."""
    news = happened.news
    if (
        isinstance(news, TimeIsUp | Introduced | Edited)
        or undoes(happened)
        or _is_the_requesters(before, happened)
        or before.introduced
    ):
        return None
    for effect in happened.event.effects:
        ask = before.ask(effect.ask) if isinstance(effect, SettleAsk) else None
        if ask and ask.role == Role.REQUESTER:
            return "somebody else's news settles an ask of the requester"
    return None


def words_reach_whom_they_were_written_for(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S9. Nobody's words travel but a target's two lines, and thanks their writer lets the connector read.

    An operator's advice reaches the requester in the step in which it is given, and their line the reader of the
    letter they send again."""
    allowed = {LetterKind.TWO_LINES: before.lines, LetterKind.HOW_IT_WENT: after.thanks}
    if isinstance(happened.news, SentBack):
        allowed[LetterKind.ADVICE] = happened.news.words
    line = happened.news.words if isinstance(happened.news, Resent) else None
    for effect in happened.event.effects:
        if not isinstance(effect, WriteLetter | WriteAgain) or effect.words is None:
            continue
        if effect.words not in (allowed.get(effect.letter), line):
            return f"words nobody meant for it travel in {effect.letter}"
    return None


def target_meets_the_approving_connector_only(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S9. The connector a target is told of is the one who approved."""
    told = any(to == after.target for to, _ in letters_planned(before, happened.event.effects))
    if told and after.approval and after.connector != after.approval.person:
        return "the target would be told of a connector who did not approve"
    return None


def who_left_is_left_alone(before: Facts, happened: Happened, after: Facts) -> str | None:
    """S11, S12. No letter about this to somebody who opted out or blocked."""
    left = after.left
    written = [to for to, _ in letters_planned(before, happened.event.effects) if to in left]
    return f"a letter to {written[0]}, who wants none" if written else None


def _is_the_requesters(before: Facts, happened: Happened) -> bool:
    """Whether the requester themself caused this: their word, or their own silence."""
    news, requester = happened.news, before.began.requester
    if getattr(news, "by", None) == requester:
        return True
    ask = before.answered_ask(news)
    return isinstance(news, Silent | Undeliverable) and ask is not None and ask.role == Role.REQUESTER
