"""Facts in the letters after the introduction. Nothing that only one of the two has said against it."""

from mailroom.compose.filling.common import Filled, approval, told, wanted
from mailroom.compose.names import whom
from mailroom.compose.views import (
    DidYouMeet,
    HaveTheyWritten,
    HaveYouWritten,
    HowItWent,
    TermOver,
    TermOverToTarget,
    ThankYou,
    WasItUseful,
)
from models.asks import AskKind
from models.letters import Role
from store.letters.approved_texts import meeting_reports, shared_report, thanks_of
from store.letters.letter_facts import LetterFacts
from store.letters.start_letter import Started


def have_you_written(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return HaveYouWritten, {"target": whom(told(facts.target), started), "delivered_at": facts.delivered_at}


def have_they_written(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return HaveTheyWritten, {"requester": whom(facts.requester, started), "delivered_at": facts.delivered_at}


def did_you_meet(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return DidYouMeet, {
        "reminder": started.letter.reminder,
        "target": whom(told(facts.target), started),
        "connector": whom(told(facts.connector), started),
        "delivered_at": facts.delivered_at,
        "wanted": wanted(facts),
    }


def thank_you(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return ThankYou, {"target": whom(told(facts.target), started), "connector": whom(told(facts.connector), started)}


def was_it_useful(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    thanks = thanks_of(facts)
    return WasItUseful, {
        "requester": whom(facts.requester, started),
        "delivered_at": facts.delivered_at,
        "wanted": wanted(facts),
        "thanks": thanks.body if thanks else None,
        "asked_again": facts.opening.policy.follow_up.term is not None,
    }


def term_over(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return TermOver, {"target": whom(told(facts.target), started), "connector": whom(told(facts.connector), started)}


def term_over_to_target(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    return TermOverToTarget, {"requester": whom(facts.requester, started), "delivered_at": facts.delivered_at}


def how_it_went(started: Started, facts: LetterFacts, public_url: str) -> Filled:
    thanks = facts.words.get(started.letter.words) if started.letter.words else None
    return HowItWent, {
        "requester": whom(facts.requester, started),
        "target": whom(told(facts.target), started),
        "approved_at": approval(facts).answered_at,
        "outcome": meeting_reports(facts).to_connector(facts.connector_heard),
        "thanks": thanks.body if thanks else None,
        "requester_said": _said(facts, Role.REQUESTER),
        "target_said": _said(facts, Role.TARGET),
        "term_over": any(each.kind == AskKind.CLOSING for each in facts.asks),
    }


def _said(facts: LetterFacts, role: Role) -> str | None:
    words = shared_report(facts, role)
    return words.body if words else None
