"""One life of an introduction. How it begins, what is said or passes, under which rules."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import policies
from models.ids import WordsId
from models.letters import LetterKind, Role
from models.news import (
    AcceptedLate,
    ConnectorApproved,
    Edited,
    Extended,
    Lending,
    LinkRequested,
    OptedIn,
    Resent,
    Screened,
    Undeliverable,
)
from models.policy.policy import Order
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from tests.cast import (
    CARL,
    CLEO,
    MONDAY,
    OLIVE,
    ROSA,
    ROSAS_MAIL,
    SOME_WORDS,
    TOMOKO,
    TOMOKOS_MAIL,
    Person,
    opening,
    policy,
)
from tests.support.news_phrases import approves, last_ask, opts_in
from tests.support.play import Play, Said, Store

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
END = timedelta(days=400)
NEW_WORDS = WordsId("wrd_new")


@dataclass(frozen=True)
class Life:
    """How it begins, what is said or passes in turn, and what the store is asked to answer."""

    told: tuple[Said | timedelta, ...]
    begun: Opening = field(default_factory=lambda: opening(demo()))
    connectors: tuple[Person, ...] = (CARL, CLEO)
    store: dict[str, Any] = field(default_factory=dict)

    def lived(self) -> Play:
        play = Play(self.begun, Store(connectors=tuple(each.somebody for each in self.connectors), **self.store))
        for each in self.told:
            if isinstance(each, timedelta):
                play.time_passes(each)
            else:
                play.hear(each)
        assert not play.refusals, play.refusals
        play.to_the_end()
        return play


def demo(**fields: Any) -> Any:
    rules = {"requester.closings_every": None, **{name.replace("__", "."): value for name, value in fields.items()}}
    return policy("demo", rules)


def as_shipped(name: str, asked_at: datetime = MONDAY) -> Opening:
    """With its working days, its hours and its yeses that grow old."""
    return opening(policies.shipped(name), asked_at=asked_at)


def unreached(who: Person, letter: LetterKind, role: Role, dead: bool = False) -> Said:
    return lambda i: Undeliverable(letter=letter, role=role, ask=last_ask(i, who.id), address_is_dead=dead)


def sent_again(who: Person) -> Said:
    return lambda i: Resent(by=OLIVE.id, ask=last_ask(i, who.id), words=SOME_WORDS)


def more_time_for(who: Person) -> Said:
    def extended(i: Introduction) -> Extended:
        ask = i.asks[last_ask(i, who.id) - 1]
        return Extended(ask=ask.number, by=OLIVE.id, until=ask.due_at + 5 * MINUTE)

    return extended


def until_the_promised_day(who: Person) -> Said:
    return lambda i: Extended(ask=last_ask(i, who.id), by=OLIVE.id, until=i.promised_at)


def arrived_late(who: Person, late: timedelta) -> Said:
    return lambda i: AcceptedLate(ask=last_ask(i, who.id), at=i.asks[last_ask(i, who.id) - 1].opened_at + late)


def link_for(who: Person) -> Said:
    return lambda i: LinkRequested(ask=last_ask(i, who.id), by=who.id)


def says_how_they_know(who: Person) -> Said:
    return lambda i: ConnectorApproved(
        ask=last_ask(i, who.id), by=who.id, vouch="introduce", how_known=SOME_WORDS, wording="wording-3"
    )


def agrees_on_terms(who: Person) -> Said:
    return lambda i: OptedIn(ask=last_ask(i, who.id), by=who.id, channels=(TOMOKOS_MAIL,), terms=SOME_WORDS)


def address_is_dead(who: Person) -> Said:
    return unreached(who, LetterKind.ASK_TARGET, Role.TARGET, dead=True)


def back(letter: LetterKind, role: Role) -> Undeliverable:
    return Undeliverable(letter=letter, role=role)


SCREENED = {"answer_within": "5 min", "backup_within": "5 min", "send_back": True}
HOURS = {"hours": {"opens": "09:00", "closes": "17:00", "deliver_within": "2 d"}}
FIRST, AT_REQUEST = Order.TARGET_FIRST, Order.REQUESTER_AT_REQUEST
THREE_ADDRESSES = {"connector__another_address": True, "letters__connector": 3}
FORGETFUL = {"requester__yes_valid_for": "8 min", "target__yes_valid_for": "8 min", "requester__renew_within": "4 min"}
INTRODUCED: tuple[Said | timedelta, ...] = (approves(CARL), opts_in(TOMOKO), opts_in(ROSA), 6 * SECOND)
READ = Screened(by=OLIVE.id, approved=True)
EDITED = Edited(by=ROSA.id, note=NEW_WORDS, channels=(ROSAS_MAIL,), wording="wording-1")
LENDS = Screened(
    by=CARL.id, approved=True, lends=Lending(by=CARL.id, vouch="vouch", sentence=SOME_WORDS, wording="wording-2")
)
ON_MONDAY_NIGHT = MONDAY + timedelta(hours=10)
