"""Offers: what can be answered or changed on an ask's page now.

The buttons are drawn from this, and a POST is held against it. It mirrors what `decide` takes, from the store's rows.
"""

from datetime import datetime, timedelta

from models.asks import AskKind, AskState
from models.calendar import after
from models.letters import Role
from models.outcomes import INTRODUCED
from store.ask_views import AskView, ConnectorView, TargetView

ANSWERS: dict[tuple[AskKind, Role], tuple[str, ...]] = {
    (AskKind.CONFIRM, Role.REQUESTER): ("yes", "no"),
    (AskKind.APPROVE, Role.CONNECTOR): ("introduce", "vouch", "forward", "later", "redirect", "not_me", "no"),
    (AskKind.ADDRESS, Role.CONNECTOR): ("give", "no"),
    (AskKind.OPT_IN, Role.TARGET): ("yes", "as_last_time", "two_lines", "later", "not_me", "no"),
    (AskKind.OPT_IN, Role.REQUESTER): ("yes", "no"),
    (AskKind.WRITTEN, Role.REQUESTER): ("wrote", "not_yet"),
    (AskKind.WRITTEN, Role.TARGET): ("wrote", "not_yet", "rather_not"),
    (AskKind.MEET, Role.REQUESTER): ("met", "ahead", "not_met", "no_show", "rather_not"),
    (AskKind.MEET, Role.TARGET): ("useful", "met", "ahead", "not_met", "no_show", "rather_not"),
    (AskKind.THANKS, Role.REQUESTER): ("thank", "already"),
    (AskKind.CLOSING, Role.REQUESTER): ("met", "not_met", "rather_not"),
    (AskKind.CLOSING, Role.TARGET): ("useful", "met", "not_met", "rather_not"),
}

_WHERE_BOTH_ARE_HEARD = {"useful", "no_show", "rather_not"}
_LATE = {"met", "not_met", "no_show"}
_UNDOABLE = (
    "request_confirmed",
    "connector_approved",
    "connector_forwards",
    "address_given",
    "opted_in",
    "answered_in_two_lines",
)
_BEFORE_DELIVERY = (
    "screening",
    "revising",
    "finding",
    "with_connector",
    "with_parties",
    "passing_on",
    "delivering",
    "resting",
)
# In which stages each kind of yes can still be undone (models/undoing.py), approvals with one condition more.
_UNDONE_IN: dict[AskKind, tuple[str, ...]] = {
    AskKind.CONFIRM: ("confirming", "screening", "revising", "finding", "with_connector"),
    AskKind.APPROVE: ("with_connector", "with_parties"),
    AskKind.ADDRESS: ("with_parties",),
    AskKind.OPT_IN: ("with_parties", "passing_on", "delivering", "resting"),
}


def offered(view: AskView, now: datetime) -> tuple[str, ...]:
    """Everything a POST to this page may choose now."""
    if view.is_open:
        return answers(view)
    if may_tell_late(view):
        return tuple(each for each in answers(view) if each in _LATE)
    changes = (("undo", can_undo(view, now)), ("withdraw", can_withdraw(view)), ("take_back", can_take_back(view)))
    show = (("link", view.answer.news is not None and view.answer.news.kind == "connector_forwards"),)
    return tuple(name for name, possible in (*changes, *show) if possible)


def may_tell_late(view: AskView) -> bool:
    """After the end: a party who was asked whether they met, and has not said (models/afterwards.py)."""
    never_said = (
        view.kind in (AskKind.MEET, AskKind.CLOSING) and view.state == AskState.SETTLED and view.answer.news is None
    )
    return never_said and view.stage == "closed" and view.ending in INTRODUCED


def answers(view: AskView) -> tuple[str, ...]:
    """The answers this ask has, for this person."""
    all_of_them = ANSWERS[view.kind, view.role]
    without = set() if isinstance(view, TargetView) and view.last_time else {"as_last_time"}
    if not view.policy.follow_up.hear_both:
        without |= _WHERE_BOTH_ARE_HEARD
    if latest_later(view, view.opened_at) is None:
        without.add("later")
    if isinstance(view, ConnectorView) and view.target is None:
        without |= {"introduce", "vouch", "forward"}
    if view.policy.connector.vouch == "required":
        without |= {"introduce", "forward"}
    return tuple(each for each in all_of_them if each not in without)


def undo_until(view: AskView) -> datetime | None:
    """Until when a yes can be undone, and its letters wait; None for answers that need no undo."""
    news, at = view.answer.news, view.answer.at
    if news is None or at is None or news.kind not in _UNDOABLE:
        return None
    return at + view.policy.undo_for.nominal


def can_undo(view: AskView, now: datetime) -> bool:
    until = undo_until(view)
    if until is None or now >= until or view.stage not in _UNDONE_IN.get(view.kind, ()):
        return False
    is_needed_by_others = view.kind != AskKind.OPT_IN and view.answer.others_answered
    return not view.answer.taken_back and not is_needed_by_others


def can_withdraw(view: AskView) -> bool:
    """The requester, until the two are introduced; as few clicks as it took to agree."""
    asked_afresh = view.opened_at >= view.promised_at
    may_still = not view.told or asked_afresh
    return view.role == Role.REQUESTER and _has_agreed(view) and view.stage in _BEFORE_DELIVERY and may_still


def can_take_back(view: AskView) -> bool:
    """The target, until the two are introduced; also while it rests, as its end is not theirs to see yet."""
    return view.role == Role.TARGET and _has_agreed(view) and view.stage in ("with_parties", "delivering", "resting")


def latest_later(view: AskView, now: datetime) -> datetime | None:
    """The last instant "later" may name; None where this ask cannot be put off."""
    patience = {
        (AskKind.APPROVE, Role.CONNECTOR): view.policy.connector.later_up_to,
        (AskKind.OPT_IN, Role.TARGET): view.policy.target.later_up_to,
    }.get((view.kind, view.role))
    if patience is None:
        return None
    return min(after(now, patience, view.calendar), after(view.promised_at, patience, view.calendar))


def counts_in_minutes(view: AskView) -> bool:
    """A policy that lives within a day is put off by minutes; all others by days."""
    later = view.policy.connector.later_up_to if view.role == Role.CONNECTOR else view.policy.target.later_up_to
    return later.nominal < timedelta(days=1)


def _has_agreed(view: AskView) -> bool:
    news = view.answer.news
    return news is not None and news.kind in ("request_confirmed", "opted_in") and not view.answer.taken_back
