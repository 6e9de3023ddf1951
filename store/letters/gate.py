"""The gate every letter passes.

The last gate: asked in the very transaction that marks it started, whatever was planned.

Only the ledger can make a letter warm. What the ledger cannot know yet (a stop that waits to be heard, a block, an
opt-out, a stopped address) can only hold a letter back or drop it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, select

from calendars.clocks import law
from models.base import Frozen
from models.letters import DELIVERY, FOLLOW_UP, RECEIVER, LetterKind, Role
from models.record.given_addresses import addresses_in_force
from models.record.ledger import LEFT, Entry
from models.record.warmth import Cold, warmth
from store.boundaries import conflicts, invitations
from store.engine.secrets import Keys
from store.journal import inbox
from store.letters.approved_texts import changed_text
from store.letters.letter_facts import LetterFacts
from store.letters.outbox import STARTED_OR_LEFT, Letter
from store.letters.receiving_address import Destination, address_of
from store.people import identity
from store.people.presentation import Face
from store.tables import letter as letters

A_MOMENT = timedelta(seconds=1)
A_WHILE = timedelta(minutes=15)
UNTIL_RESUMED = timedelta(seconds=30)

TOWARDS_TARGET = (LetterKind.ASK_CONNECTOR, LetterKind.ASK_ADDRESS, LetterKind.ASK_TARGET, *DELIVERY)
WORDS_ALONE = (LetterKind.TWO_LINES, LetterKind.ADVICE)  # without them the letter says nothing
NEW_ASKS = (LetterKind.ASK_CONNECTOR, LetterKind.ASK_TARGET)


class Go(Frozen):
    address: Destination


class Hold(Frozen):
    """Not now; look again then."""

    until: datetime
    why: str


class Drop(Frozen):
    """Never. `news`: what the introduction is told, where it waits for this letter's reader."""

    why: str
    news: Literal["undeliverable", "barred"] | None = None


class Nowhere(Frozen):
    """There is no address it could be sent to."""

    why: str


GateRuling = Go | Hold | Drop | Nowhere


@dataclass(frozen=True)
class Case:
    """One letter before the gate."""

    connection: Connection
    letter: Letter
    facts: LetterFacts
    entries: Sequence[Entry]
    now: datetime

    @property
    def role(self) -> Role:
        return RECEIVER[LetterKind(self.letter.kind)]

    @property
    def receiver(self) -> Face | None:
        face = self.facts.face(self.role)
        return face if face and face.id == self.letter.person else None


def may_start(case: Case, keys: Keys) -> GateRuling:
    """Each rule may hold the letter or drop it; one that none of them minds goes to the receiver's address."""
    for rule in RULES:
        objection = rule(case)
        if objection:
            return objection
    given = addresses_in_force(case.entries) if case.role == Role.TARGET else ()
    found = address_of(case.connection, keys, case.letter.person, given)
    return Go(address=found) if isinstance(found, Destination) else Nowhere(why=found)


def _no_stop_waits(case: Case) -> GateRuling | None:
    """Somebody has said stop, and the introduction has yet to hear it (L11)."""
    to = None if case.letter.kind in DELIVERY else case.letter.person
    if inbox.has_waiting_stop(case.connection, case.facts.id, to):
        return Hold(until=case.now + A_MOMENT, why="a stop waits to be heard")
    return None


def _is_not_held(case: Case) -> GateRuling | None:
    """An operator holds the introduction: its letters wait, whoever they are for."""
    return Hold(until=case.now + UNTIL_RESUMED, why="held") if case.facts.held else None


def _keeps_hours(case: Case) -> GateRuling | None:
    """Zone law has changed, and the introduction has yet to say whose hour that moves."""
    if case.facts.closed_at is None and case.facts.clock_law < law():
        return Hold(until=case.now + A_MOMENT, why="clocks have changed")
    return None


def _programme_writes(case: Case) -> GateRuling | None:
    """Too many complaints or refusals: until an operator has looked, no letter of this programme leaves."""
    paused = case.facts.programme.letters_paused_at
    return Hold(until=case.now + A_WHILE, why="the programme's letters are paused") if paused else None


def _is_warm(case: Case) -> GateRuling | None:
    planned = case.letter.planned
    found = warmth(planned, case.entries) if planned else Cold(missing="request")
    return Drop(why=f"cold: {found.missing}") if isinstance(found, Cold) else None


def _receiver_is_there(case: Case) -> GateRuling | None:
    if case.receiver is None:
        return Drop(why="cold: receiver")
    return Drop(why="opted out", news="undeliverable") if case.receiver.is_gone else None


def _receiver_is_invited(case: Case) -> GateRuling | None:
    """Whom a file brought, and nobody has invited, is written to by nobody."""
    where = case.facts.programme.id
    if invitations.is_uninvited(case.connection, where, case.letter.person):
        return Drop(why="not invited", news="undeliverable")
    return None


def _words_are_there(case: Case) -> GateRuling | None:
    """Two lines, or advice, whose writer has been erased are nobody's to pass on."""
    if case.letter.kind in WORDS_ALONE and case.letter.words not in case.facts.words:
        return Drop(why="what it would say has been erased")
    return None


def _both_are_there(case: Case) -> GateRuling | None:
    """Nobody's ways to be reached are handed on once they are gone, even where they had agreed."""
    parties = (case.facts.requester, case.facts.target)
    if case.letter.kind in DELIVERY and any(each is None or each.is_gone for each in parties):
        return Drop(why="the other party opted out")
    return None


def _nobody_is_blocked(case: Case) -> GateRuling | None:
    requester, target = case.facts.requester.id, case.facts.target.id if case.facts.target else None
    if case.letter.kind in TOWARDS_TARGET and target and _are_apart(case, target, requester):
        return Drop(why="blocked", news="barred")
    if case.role != Role.REQUESTER and identity.has_blocked(case.connection, case.letter.person, requester):
        return Drop(why="blocked", news="undeliverable")
    return None


def _nobody_is_kept_apart(case: Case) -> GateRuling | None:
    """What staff have marked since the letter was planned."""
    requester, target = case.facts.requester.id, case.facts.target.id if case.facts.target else None
    if case.letter.kind in TOWARDS_TARGET and target and _in_conflict(case, target, requester):
        return Drop(why="kept apart", news="barred")
    if case.letter.kind == LetterKind.ASK_CONNECTOR and _in_conflict(case, case.letter.person, requester):
        return Drop(why="kept apart", news="undeliverable")
    return None


def _is_not_paused(case: Case) -> GateRuling | None:
    until = case.receiver.paused_until if case.receiver else None
    if case.letter.kind in NEW_ASKS and not case.letter.reminder and until and until > case.now:
        return Hold(until=min(until, case.now + A_WHILE), why="paused")
    return None


def _says_what_was_approved(case: Case) -> GateRuling | None:
    changed = changed_text(case.letter, case.facts, case.entries)
    return Drop(why=f"not the approved text: {changed}") if changed else None


def _is_the_only_delivery(case: Case) -> GateRuling | None:
    if case.letter.kind in DELIVERY and set(_states(case, case.letter.kind)) & set(STARTED_OR_LEFT):
        return Drop(why="delivered already")
    return None


def _reminds_of_something(case: Case) -> GateRuling | None:
    """Nobody is reminded of a letter they never had."""
    if not case.letter.reminder:
        return None
    first = select(letters.c.state).where(
        letters.c.introduction == case.facts.id, letters.c.ask == case.letter.ask, ~letters.c.reminder
    )
    return _after(case, list(case.connection.execute(first).scalars()), "nothing to remind of")


def _did_not_arrive_before(case: Case) -> GateRuling | None:
    """The same question is not carried twice: a letter sent again replaces one that reached nobody."""
    if case.letter.ask is None or case.letter.reminder:
        return None
    others = select(letters.c.state).where(
        letters.c.introduction == case.facts.id,
        letters.c.ask == case.letter.ask,
        letters.c.id != case.letter.id,
        ~letters.c.reminder,
    )
    arrived = set(case.connection.execute(others).scalars()) & set(STARTED_OR_LEFT)
    return Drop(why="it has arrived before") if arrived else None


def _follows_a_delivery(case: Case) -> GateRuling | None:
    """Nobody is asked how it went who has not been introduced by a letter."""
    if case.letter.kind not in FOLLOW_UP:
        return None
    delivery = next(kind for kind in DELIVERY if RECEIVER[kind] == case.role)
    return _after(case, _states(case, delivery), "never introduced to them")


def _after(case: Case, earlier: list[str], why_never: str) -> GateRuling | None:
    if set(earlier) & set(LEFT):
        return None
    if set(earlier) & {"planned", "started"}:
        return Hold(until=case.now + A_MOMENT, why="an earlier letter goes first")
    return Drop(why=why_never)


def _states(case: Case, kind: str) -> list[str]:
    """What became of the other letters of this kind to the same person."""
    others = select(letters.c.state).where(
        letters.c.introduction == case.facts.id,
        letters.c.kind == kind,
        letters.c.person == case.letter.person,
        letters.c.id != case.letter.id,
    )
    return list(case.connection.execute(others).scalars())


def _are_apart(case: Case, one: str, other: str) -> bool:
    some, others = identity.same_people(case.connection, one), identity.same_people(case.connection, other)
    return identity.is_blocked(case.connection, some, others)


def _in_conflict(case: Case, one: str, other: str) -> bool:
    return conflicts.are_apart(case.connection, case.facts.programme.id, one, other)


RULES: tuple[Callable[[Case], GateRuling | None], ...] = (
    _no_stop_waits,
    _is_not_held,
    _keeps_hours,
    _programme_writes,
    _is_warm,
    _receiver_is_there,
    _receiver_is_invited,
    _both_are_there,
    _words_are_there,
    _nobody_is_blocked,
    _nobody_is_kept_apart,
    _is_not_paused,
    _says_what_was_approved,
    _is_the_only_delivery,
    _reminds_of_something,
    _did_not_arrive_before,
    _follows_a_delivery,
)
