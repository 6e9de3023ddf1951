"""The answers on the page of an ask: the words of each question, in order; what is possible now, the core says.

The buttons are drawn from this, and a POST is held against it (models/process/possible.py).
"""

from datetime import timedelta

from models.asks import AskKind
from models.letters import Role
from models.news import A_PARTYS_YES
from models.process.possible import Act
from store.asks.views import AskView, TargetView

# What each word on a page does; some are an answer of their own kind to one question, and of another to the next.
ACTS: dict[str, Act] = {
    "introduce": Act.INTRODUCE,
    "vouch": Act.VOUCH,
    "forward": Act.FORWARD,
    "link": Act.PASS_ON,
    "give": Act.GIVE_ADDRESS,
    "redirect": Act.REDIRECT,
    "yes": Act.AGREE,
    "as_last_time": Act.AGREE,
    "two_lines": Act.TWO_LINES,
    "later": Act.LATER,
    "not_me": Act.NOT_ME,
    "no": Act.DECLINE,
    "wrote": Act.WROTE,
    "not_yet": Act.NOT_YET,
    "met": Act.MET,
    "useful": Act.MET_USEFULLY,
    "not_useful": Act.MET,
    "ahead": Act.AHEAD,
    "not_met": Act.NOT_MET,
    "no_show": Act.NO_SHOW,
    "rather_not": Act.RATHER_NOT,
    "thank": Act.THANK,
    "already": Act.THANKED_ALREADY,
    "undo": Act.UNDO,
}
ANSWERS: dict[tuple[AskKind, Role], tuple[str, ...]] = {
    (AskKind.CONFIRM, Role.REQUESTER): ("yes", "no"),
    (AskKind.APPROVE, Role.CONNECTOR): ("introduce", "vouch", "forward", "later", "redirect", "not_me", "no"),
    (AskKind.ADDRESS, Role.CONNECTOR): ("give", "no"),
    (AskKind.OPT_IN, Role.TARGET): ("yes", "as_last_time", "two_lines", "later", "not_me", "no"),
    (AskKind.OPT_IN, Role.REQUESTER): ("yes", "no"),
    (AskKind.WRITTEN, Role.REQUESTER): ("wrote", "not_yet"),
    (AskKind.WRITTEN, Role.TARGET): ("wrote", "not_yet", "rather_not"),
    (AskKind.MEET, Role.REQUESTER): ("useful", "met", "not_useful", "ahead", "not_met", "no_show", "rather_not"),
    (AskKind.MEET, Role.TARGET): ("useful", "met", "ahead", "not_met", "no_show", "rather_not"),
    (AskKind.THANKS, Role.REQUESTER): ("thank", "already"),
    (AskKind.CLOSING, Role.REQUESTER): ("useful", "met", "not_useful", "not_met", "rather_not"),
    (AskKind.CLOSING, Role.TARGET): ("useful", "met", "not_met", "rather_not"),
}
# Beside the answers of a question, what the page of an answer given has: about that answer, and about the whole.
CHANGES = ("undo", "no")
WITH_MORE = ("connector_approved", "connector_forwards", "opted_in")  # yeses that may say more
WHOLE: dict[str, Act] = {"withdraw": Act.WITHDRAW, "take_back": Act.TAKE_BACK}


def offered(view: AskView) -> tuple[str, ...]:
    """Everything a POST to this page may choose now."""
    if view.is_open or may_tell_late(view):
        return answers(view)
    changes = tuple(name for name in CHANGES if ACTS[name] in view.may.about(view.number))
    whole = tuple(name for name, act in WHOLE.items() if act in view.may.acts) if _is_a_partys_yes(view) else ()
    link = ("link",) if _is_carried_by_hand(view) and Act.PASS_ON in view.may.about(view.number) else ()
    add = ("add",) if "undo" in changes and view.answer.news and view.answer.news.kind in WITH_MORE else ()
    return (*changes, *add, *whole, *link)


def answers(view: AskView) -> tuple[str, ...]:
    """The answers this ask has, for this person, that would be taken now."""
    may = view.may.about(view.number)
    without = set() if isinstance(view, TargetView) and view.last_time else {"as_last_time"}
    return tuple(each for each in ANSWERS[view.kind, view.role] if each not in without and _act(view, each) in may)


def may_tell_late(view: AskView) -> bool:
    """After the end: a party who was asked whether they met, and has not said."""
    return not view.is_open and view.answer.news is None and Act.MET in view.may.about(view.number)


def counts_in_minutes(view: AskView) -> bool:
    """A policy that lives within a day is put off by minutes; all others by days."""
    return view.policy.later_up_to(view.role).nominal < timedelta(days=1)


def _act(view: AskView, word: str) -> Act:
    return Act.CONFIRM if word == "yes" and view.kind == AskKind.CONFIRM else ACTS[word]


def _is_carried_by_hand(view: AskView) -> bool:
    return view.answer.news is not None and view.answer.news.kind == "connector_forwards"


def _is_a_partys_yes(view: AskView) -> bool:
    """The page of a yes holds the way back from it; other pages do not, and the reader's own page always does."""
    news = view.answer.news
    return news is not None and news.kind in A_PARTYS_YES and not view.answer.taken_back
