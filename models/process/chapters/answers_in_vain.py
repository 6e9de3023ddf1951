"""Answers in vain: what a connector or a target says to a question they opened again after a quiet end.

They have not been told of the end, so nothing they say may be refused because of it; nothing follows from it either.
"""

from models.asks import Ask, AskKind, AskState
from models.effects import DenyTie, KeepTie, StopAddress
from models.letters import Role
from models.news import (
    AddressGiven,
    AnsweredInTwoLines,
    ConnectorApproved,
    ConnectorForwards,
    Declined,
    News,
    NotMe,
    OptedIn,
    PutOff,
    Redirected,
    Silent,
    Undeliverable,
    Undone,
)
from models.process.chapters.consent import note_opt_in
from models.process.turn import Turn
from models.process.verdict import Reason, Refused


def is_in_vain(ask: Ask, news: News) -> bool:
    return ask.role != Role.REQUESTER and not isinstance(news, Undone)


def note_in_vain(turn: Turn, ask: Ask, news: News) -> Turn | Refused:
    match ask.kind, news:
        case _, Silent() | Undeliverable():
            return turn.answer(ask, AskState.LAPSED)
        case AskKind.OPT_IN, OptedIn():
            return note_opt_in(turn, ask, news)
        case AskKind.OPT_IN, NotMe():
            return turn.answer(ask).cause(StopAddress(person=ask.person))
        case AskKind.APPROVE, ConnectorApproved() | ConnectorForwards():
            return _approved(turn, ask, news)
        case AskKind.APPROVE, NotMe() if turn.introduction.target:
            return turn.answer(ask).cause(DenyTie(connector=ask.person, person=turn.introduction.target.id))
        case AskKind.OPT_IN | AskKind.APPROVE, PutOff():
            turn.answer(ask, AskState.PUT_OFF, news.until)
            return turn.settle([turn.introduction.asks[ask.number - 1]])  # they said when, and nobody will ask
        case (
            (AskKind.APPROVE, Redirected())
            | (AskKind.ADDRESS, AddressGiven())
            | (AskKind.OPT_IN, AnsweredInTwoLines())
            | (_, Declined())
        ):
            return turn.answer(ask)
        case _:
            return Refused(reason=Reason.NOT_NOW)


def _approved(turn: Turn, ask: Ask, news: ConnectorApproved | ConnectorForwards) -> Turn:
    """Lent again: whoever lends their name hears how it went."""
    target = turn.introduction.target
    turn.answer(ask).change(approved=True)
    return turn.cause(KeepTie(connector=ask.person, person=target.id, how_known=news.how_known)) if target else turn
