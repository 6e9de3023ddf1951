"""News in the words of the stories.

News about the ask that lies before them, so that a story reads `after(approves(CARL), opts_in(TOMOKO),
opts_in(ROSA))`.
"""

from collections.abc import Callable
from datetime import datetime

from models.asks import AskKind
from models.ids import AskNumber, PersonId, WordsId
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
    Reported,
    RequestConfirmed,
    Thanked,
    Undone,
)
from models.outcomes import Outcome
from models.process.state.introduction import Introduction
from tests.cast import ROSA, ROSAS_MAIL, SOME_WORDS, TOMOKOS_MAIL, TOMOKOS_OTHER_MAIL, Person

Saying = Callable[[Introduction], News]


def last_ask(introduction: Introduction, person: PersonId, kind: AskKind | None = None) -> AskNumber:
    """The latest ask this person was sent; open ones before those that are not."""
    theirs = [ask for ask in introduction.asks if ask.person == person and kind in (None, ask.kind)]
    assert theirs, f"{person} has not been asked"
    return max(theirs, key=lambda ask: (ask.is_open, ask.number)).number


def confirms(who: Person) -> Saying:
    return lambda i: RequestConfirmed(ask=last_ask(i, who.id), by=who.id, channels=(ROSAS_MAIL,), wording="wording-1")


def approves(who: Person, sentence: WordsId | None = None) -> Saying:
    return lambda i: ConnectorApproved(ask=last_ask(i, who.id), by=who.id, vouch="introduce", sentence=sentence)


def vouches(who: Person, sentence: WordsId) -> Saying:
    return lambda i: ConnectorApproved(ask=last_ask(i, who.id), by=who.id, vouch="vouch", sentence=sentence)


def gives_address(who: Person) -> Saying:
    return lambda i: AddressGiven(ask=last_ask(i, who.id), by=who.id, address=TOMOKOS_OTHER_MAIL)


def forwards(who: Person) -> Saying:
    return lambda i: ConnectorForwards(ask=last_ask(i, who.id), by=who.id)


def redirects(who: Person, to: Person) -> Saying:
    return lambda i: Redirected(ask=last_ask(i, who.id), by=who.id, to=to.id)


def opts_in(who: Person) -> Saying:
    channels = (ROSAS_MAIL if who == ROSA else TOMOKOS_MAIL,)
    return lambda i: OptedIn(ask=last_ask(i, who.id), by=who.id, channels=channels, wording="wording-1")


def answers_in_two_lines(who: Person) -> Saying:
    return lambda i: AnsweredInTwoLines(ask=last_ask(i, who.id), by=who.id, words=SOME_WORDS)


def declines(who: Person) -> Saying:
    return lambda i: Declined(ask=last_ask(i, who.id), by=who.id)


def is_not_them(who: Person) -> Saying:
    return lambda i: NotMe(ask=last_ask(i, who.id), by=who.id)


def puts_off(who: Person, until: datetime) -> Saying:
    return lambda i: PutOff(ask=last_ask(i, who.id), by=who.id, until=until)


def undoes(who: Person) -> Saying:
    return lambda i: Undone(ask=last_ask(i, who.id), by=who.id)


def reports(who: Person, outcome: Outcome) -> Saying:
    return lambda i: Reported(ask=last_ask(i, who.id), by=who.id, outcome=outcome)


def thanks(who: Person, share_with_connector: bool = True) -> Saying:
    return lambda i: Thanked(
        ask=last_ask(i, who.id, AskKind.THANKS),
        by=who.id,
        words=SOME_WORDS,
        share_with_connector=share_with_connector,
    )
