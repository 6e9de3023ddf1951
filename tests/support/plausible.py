"""Plausible answers to an ask. Every answer its page offers, for tests that make up lives."""

from datetime import datetime, timedelta

from models.asks import Ask, AskKind
from models.ids import WordsId
from models.letters import Role
from models.news import (
    AddressGiven,
    AnsweredInTwoLines,
    ConnectorApproved,
    ConnectorForwards,
    Declined,
    LinkRequested,
    News,
    NotMe,
    OptedIn,
    PutOff,
    Reported,
    RequestConfirmed,
    Thanked,
)
from models.outcomes import DidNotMeet, MeetingAhead, Met, Wrote
from tests.cast import ROSAS_MAIL, TOMOKOS_MAIL, TOMOKOS_OTHER_MAIL

SOON = timedelta(minutes=2)


def answers(ask: Ask, words: WordsId, now: datetime) -> list[News]:
    """In a fixed order, kind answers first; a yes stands twice, since most people who are asked well say yes."""
    number, by = ask.number, ask.person
    later, no = PutOff(ask=number, by=by, until=now + SOON), Declined(ask=number, by=by)
    match ask.kind:
        case AskKind.CONFIRM:
            return [RequestConfirmed(ask=number, by=by, channels=(ROSAS_MAIL,)), no]
        case AskKind.APPROVE:
            vouched = ConnectorApproved(ask=number, by=by, vouch="vouch", sentence=words)
            return [vouched, vouched, ConnectorForwards(ask=number, by=by), no, NotMe(ask=number, by=by), later]
        case AskKind.ADDRESS:
            return [AddressGiven(ask=number, by=by, address=TOMOKOS_OTHER_MAIL), no]
        case AskKind.OPT_IN:
            yes = OptedIn(ask=number, by=by, channels=(TOMOKOS_MAIL if ask.role == Role.TARGET else ROSAS_MAIL,))
            lines, link = AnsweredInTwoLines(ask=number, by=by, words=words), LinkRequested(ask=number, by=by)
            return [yes, yes, no, lines, later, link]
        case AskKind.WRITTEN:
            return [Reported(ask=number, by=by, outcome=Wrote(yet=True))]
        case AskKind.MEET:
            outcomes = (Met(useful=True), Met(), DidNotMeet(), MeetingAhead())
            return [Reported(ask=number, by=by, outcome=outcome) for outcome in outcomes]
        case AskKind.CLOSING:
            return [Reported(ask=number, by=by, outcome=outcome) for outcome in (Met(useful=True), DidNotMeet())]
        case AskKind.THANKS:
            return [Thanked(ask=number, by=by, words=words, share_with_connector=True)]
