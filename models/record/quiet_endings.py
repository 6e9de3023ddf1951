"""Quiet endings: what ended without a party's yes, kept from staff until the question's own deadline (S41).

A no and a silence read alike to staff, so a no may not show before the silence would. Where it would then go on to
other connectors (an edit, or a connector who thinks again), nobody can say to whom: so who is asked next is kept from
staff for as long, whether or not there was a no, or until a connector has answered.
"""

from datetime import datetime

from models.asks import AskKind
from models.letters import Role
from models.news import Barred, Blocked, Declined, Erased, News, OptedOut, TookBack
from models.outcomes import Ending
from models.process.state.introduction import Introduction
from models.process.state.stages import Resting
from models.process.timetable import Waking, wakes
from models.record.ledger import ENDED, Began, Event, Moved

QUIET = (Declined, Barred, OptedOut, Blocked, TookBack, Erased)
ENDS = (Waking.DEADLINE, Waking.PROMISE, Waking.ASK_AGAIN)  # where the open question would be settled one way or other
QUIETLY_ASKED = (AskKind.CONFIRM, AskKind.OPT_IN)


def may_be_kept_back(event: Began | Moved) -> bool:
    if not isinstance(event, Moved):
        return False
    ended = event.standing.stage in ENDED and isinstance(event.news, QUIET)
    return ended or any(effect.kind == "find_connector" for effect in event.effects)


def silent_until(introduction: Introduction) -> datetime | None:
    """When silence would end what is open now, or put it off."""
    ends = [wake.at for wake in wakes(introduction) if wake.what in ENDS]
    checked = [ask.due_at for ask in introduction.open_asks() if ask.checking]  # their silence is being looked at
    return min([*ends, *checked], default=None)


def ends_quietly(before: Introduction, event: Event, after: Introduction, at: datetime) -> bool:
    """A party, or what stands between the two, has ended it while a party was asked; or, once it has ended, a party
    whose own question lies open has said no to that."""
    if not isinstance(event, Moved) or not is_quiet(before, event.news):
        return False
    by = getattr(event.news, "by", None)
    ends = before.stage.kind not in ENDED and after.stage.kind in ENDED
    says_no = before.stage.kind == "resting"
    asked = any(ask.kind in QUIETLY_ASKED and (ends or ask.person == by) for ask in before.open_asks())
    at_stake = asked or (says_no and before.ends_as_silence_would and _waits_for_a_letter(before))
    until = silent_until(before)
    return (ends or says_no) and at_stake and until is not None and until > at


def _waits_for_a_letter(before: Introduction) -> bool:
    """It ended for want of a letter that may be sent again, and would then go on."""
    stage = before.stage
    ended_so = isinstance(stage, Resting) and stage.ending == Ending.UNDELIVERABLE
    return ended_so and any(ask.unreached and not ask.sent_again for ask in before.asks)


def is_quiet(before: Introduction, news: News) -> bool:
    """Staff may know at once of a connector's no, and of a request that its requester takes away, in any words."""
    by = getattr(news, "by", None)
    is_connectors = any(ask.role == Role.CONNECTOR and ask.person == by for ask in before.asks)
    return isinstance(news, QUIET) and not is_connectors and not _takes_it_away(before, news)


def _takes_it_away(before: Introduction, news: News) -> bool:
    """As a withdrawal does: they leave altogether, or decline what was written in their name."""
    if getattr(news, "by", None) != before.requester.id:
        return False
    ask = before.ask(news.ask) if isinstance(news, Declined) else None
    return not isinstance(news, Declined) or (ask is not None and ask.kind == AskKind.CONFIRM)


def goes_on_to_others(before: Introduction, after: Introduction) -> bool:
    return after.stage.kind == "finding" and before.stage.kind not in (*ENDED, "finding", "screening")


def deadline_of_a_party(before: Introduction, at: datetime) -> datetime | None:
    """Until when a party's question could be open: the earliest, where several are."""
    asked = (
        each
        for each in before.asks
        if each.kind in QUIETLY_ASKED and each.version == before.version and not each.agreed
    )
    return min((each.due_at for each in asked if each.due_at > at), default=None)
