"""Objections to hearing a piece of news at all. Checked before the story, so that its cases need not repeat it."""

from datetime import datetime

from models.asks import Ask, AskState
from models.letters import PARTIES, Role
from models.news import (
    AcceptedLate,
    Answer,
    AnswerWaiting,
    Blocked,
    ConnectorApproved,
    ConnectorForwards,
    Declined,
    Edited,
    Erased,
    Extended,
    HandedOver,
    Held,
    News,
    NotYetAccepted,
    OptedOut,
    Proposed,
    PutOff,
    Resumed,
    Silent,
    Stopped,
    TookBack,
    Undeliverable,
    Undone,
    Withdrew,
)
from models.process.bounds import objection_to_repeating
from models.process.chapters.edits import objection_to_editing
from models.process.chapters.holds import objection_to_steering
from models.process.chapters.screening import objection_to_screening
from models.process.chapters.second_thoughts import follows_another_answer, objection_to_second_thoughts
from models.process.conflict_of_interest import objection_to_acting
from models.process.state.introduction import Introduction
from models.process.state.stages import Delivering, FollowingUp, Resting
from models.process.verdict import Reason
from models.time.patience import after

ABOUT_AN_ASK = (Answer, Silent, NotYetAccepted, AnswerWaiting, AcceptedLate, Undeliverable, Extended)
ABOUT_THE_WHOLE = (Withdrew, TookBack, Stopped, Edited, HandedOver, Held, Resumed)  # not once they are introduced


def asked(introduction: Introduction, news: News) -> Ask | None:
    """The ask this news is about, if it is about one."""
    if not isinstance(news, ABOUT_AN_ASK) or news.ask is None:
        return None
    return introduction.ask(news.ask)


def objection(introduction: Introduction, news: News, now: datetime) -> Reason | None:
    """Why this news cannot be heard, or None."""
    if why := objection_to_acting(introduction, news):
        return why
    if introduction.closed or _has_heard_that_it_is_over(introduction, news):
        return after_the_end(introduced=_is_introduced_already(introduction, news), over=True)
    if isinstance(introduction.stage, Delivering) and introduction.stage.handing_over and _is_from_a_person(news):
        return Reason.BUSY
    return (
        _about_the_ask(introduction, news, now)
        or _about_the_person(introduction, news)
        or _terms(introduction, news, now)
        or objection_to_steering(introduction, news, now)
        or objection_to_screening(introduction, news)
        or objection_to_repeating(introduction, news)
    )


def after_the_end(*, introduced: bool, over: bool) -> Reason | None:
    """Introduced, and that stays, whatever came of it since; else that it is over, and no more."""
    if introduced:
        return Reason.ALREADY_INTRODUCED
    return Reason.CLOSED if over else None


def latest_later(introduction: Introduction, ask: Ask | None, now: datetime) -> datetime:
    """The last instant (UTC) that "later" may name. Twice bounded: neither at once nor bit by bit for ever."""
    patience = introduction.policy.later_up_to(ask.role if ask else Role.TARGET)
    calendar = introduction.calendar(ask.person if ask else None)
    return min(after(now, patience, calendar), after(introduction.promised_at, patience, calendar))


def told_to_late_answer(introduction: Introduction, ask: Ask) -> Reason | None:
    """What whoever was asked reads where their page takes no answer any more; None where the question lies open.

    Of the question alone, and whether the two were introduced where its reader is one of them: a connector hears in the
    end how it went, and nobody learns from this that it has ended.
    """
    if ask.role in PARTIES and follows_another_answer(introduction, ask):
        return objection_to_second_thoughts(introduction) or no_longer_asked(introduction, ask)
    return no_longer_asked(introduction, ask)


def no_longer_asked(introduction: Introduction, ask: Ask) -> Reason | None:
    """Why this question takes no first answer now."""
    if ask.version != introduction.version:
        return Reason.OLD_VERSION
    if ask.state in (AskState.ANSWERED, AskState.PUT_OFF):
        return Reason.ALREADY_ANSWERED
    return None if ask.is_open else Reason.SETTLED


def _has_heard_that_it_is_over(introduction: Introduction, news: News) -> bool:
    # Where somebody said "later" it goes on; the requester must not be able to tell. They may always leave.
    if isinstance(news, OptedOut | Blocked | Erased):
        return False
    return introduction.is_over_for_the_requester and getattr(news, "by", None) == introduction.requester.id


def _is_introduced_already(introduction: Introduction, news: News) -> bool:
    """Whoever takes back, changes or stops what has come about hears the same, be the follow-up closed or not."""
    if not introduction.was_introduced:
        return False
    if isinstance(news, Declined):
        ask = introduction.ask(news.ask)
        return ask is not None and follows_another_answer(introduction, ask)
    return isinstance(news, ABOUT_THE_WHOLE)


def _is_from_a_person(news: News) -> bool:
    return hasattr(news, "by")


def _about_the_ask(introduction: Introduction, news: News, now: datetime) -> Reason | None:
    if not isinstance(news, ABOUT_AN_ASK) or news.ask is None:
        return None
    ask = introduction.ask(news.ask)
    if ask is None:
        return Reason.UNKNOWN_ASK
    if isinstance(news, Answer) and news.by != ask.person:
        return Reason.NOT_YOURS
    why = no_longer_asked(introduction, ask)
    if why == Reason.OLD_VERSION:
        return why
    if isinstance(news, Undone):
        return None
    if isinstance(news, Extended | Undeliverable) and _is_open_to_staff(introduction, ask, news, now):
        return None  # staff do not know yet that it has ended
    if isinstance(news, Declined) and follows_another_answer(introduction, ask):
        return objection_to_second_thoughts(introduction)
    return why or _overtaken(ask, news)


def _is_open_to_staff(introduction: Introduction, ask: Ask, news: Extended | Undeliverable, now: datetime) -> bool:
    is_heard = isinstance(news, Extended) or (introduction.ends_as_silence_would and not ask.unreached)
    return is_heard and ask in introduction.ended_early(now)


def _overtaken(ask: Ask, news: News) -> Reason | None:
    """The store's look at silence has been overtaken by what was heard since."""
    is_a_look = isinstance(news, Silent | NotYetAccepted | AnswerWaiting)
    return Reason.NOT_NOW if is_a_look and not ask.checking else None


def _about_the_person(introduction: Introduction, news: News) -> Reason | None:
    over = isinstance(introduction.stage, FollowingUp | Resting)
    match news:
        case Withdrew(by=by) if by != introduction.requester.id:
            return Reason.NOT_YOURS
        case TookBack(by=by) if not introduction.target or by != introduction.target.id:
            return Reason.NOT_YOURS
        case OptedOut(by=by) | Blocked(by=by) | Erased(by=by) if introduction.role_of(by) is None:
            return Reason.NOT_YOURS
        case OptedOut(by=by) | Blocked(by=by) if by in introduction.left and (over or isinstance(news, OptedOut)):
            return Reason.ALREADY_ANSWERED
        case _ if isinstance(news, ABOUT_THE_WHOLE) and introduction.was_introduced:
            return Reason.ALREADY_INTRODUCED
        case Edited():
            return objection_to_editing(introduction, news)
        case HandedOver(to=to) if introduction.role_of(to):
            return Reason.NOT_NOW  # asked already, or a party
        case TookBack() if not introduction.has_agreed(Role.TARGET):
            return Reason.NOT_NOW
        case _:
            return None


def _terms(introduction: Introduction, news: News, now: datetime) -> Reason | None:
    rules = introduction.policy.connector
    match news:
        case PutOff(until=until) if not now < until <= latest_later(introduction, asked(introduction, news), now):
            return Reason.BAD_DATE
        case ConnectorApproved() | ConnectorForwards() if rules.sentence == "required" and not news.sentence:
            return Reason.SENTENCE_NEEDED
        case ConnectorApproved(vouch="introduce") | ConnectorForwards() if rules.vouch == "required":
            return Reason.VOUCH_NEEDED
        case Proposed(target=target) if target.id == introduction.requester.id:
            return Reason.NOT_AN_ANSWER
        case _:
            return None
