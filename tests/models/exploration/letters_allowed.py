"""Letters the ledger allows at each step of a life. Each there could be, to its reader, as the gate asks."""

from collections.abc import Iterator
from functools import cache

from models.asks import LETTER_OF
from models.effects import Introduce
from models.ids import AskNumber
from models.letters import RECEIVER, LetterKind, Role
from models.process.state.introduction import Introduction
from models.record.ledger import Began, Entry, Moved
from models.record.play import Moment
from models.record.warmth import Cold, Planned, warmth
from tests.cast import INTRODUCTION, STAN
from tests.models.exploration.lives import LIVES
from tests.support.play import Play

STORES = ("introduced", "held_back", "cap_reached", "barred")
OF_ASKS = set(LETTER_OF.values())


def letters_allowed() -> Iterator[str]:
    """The whole page, life by life."""
    for name in LIVES:
        yield f"## {name}"
        yield from _allowed(*lived(name))


@cache
def lived(name: str) -> tuple[Play, list[Entry]]:
    """One of the golden lives, and its ledger as the store would have written it."""
    play = LIVES[name].lived()
    return play, entries_of(play)


def entries_of(play: Play) -> list[Entry]:
    """The store's replies stand in the step they answer; unsealed: nobody asks here whether it was tampered with."""
    events = [event for _, event in play.events()]
    rows = zip(play.moments, events, [*events[1:], None], strict=True)
    return [
        Entry(scope=INTRODUCTION, seq=seq, at=moment.at, event=_replied(moment, event, following), previous="", hash="")
        for seq, (moment, event, following) in enumerate(rows, 1)
    ]


def _replied(moment: Moment, event: Began | Moved, following: Began | Moved | None) -> Began | Moved:
    asked = any(isinstance(effect, Introduce) for effect in moment.step.effects)
    if not asked or not isinstance(following, Moved) or following.news.kind not in STORES:
        return event
    return event.model_copy(update={"replies": (following.news,)})


def _allowed(play: Play, entries: list[Entry]) -> Iterator[str]:
    """What has changed after each step: what may go out and what it rests on; what may not, and what is missing."""
    before: dict[str, str] = {}
    for number, (moment, last) in enumerate(zip(play.moments, entries, strict=True), 1):
        found = {_name(letter): _found(letter, entries[:number]) for letter in possible(moment.step.after)}
        yield f"{last.seq} {moment.step.news.kind if moment.step.news else 'begins'}"
        yield from (f"    {name}: {why}" for name, why in found.items() if before.get(name) != why)
        before = found


def possible(introduction: Introduction) -> Iterator[Planned]:
    """Each letter of this version to whoever would get it: those of asks, and those that ask nothing."""
    for ask in introduction.asks:
        yield Planned(kind=LETTER_OF[ask.kind, ask.role], to=ask.person, version=ask.version, ask=ask.number)
    people = {
        Role.REQUESTER: introduction.requester,
        Role.CONNECTOR: introduction.connector,
        Role.TARGET: introduction.target,
    }
    for kind in LetterKind:
        somebody = people[RECEIVER[kind]] if kind in RECEIVER else None
        if somebody and kind not in OF_ASKS:
            yield Planned(kind=kind, to=somebody.id, version=introduction.version)


def wrong(letter: Planned) -> Iterator[Planned]:
    """The same letter to somebody else; of another version; about another ask."""
    yield letter.model_copy(update={"to": STAN.id})
    if letter.kind != LetterKind.NO_INTRODUCTION:  # which says how it ended, whatever the version
        yield letter.model_copy(update={"version": letter.version + 1})
    if letter.ask:
        yield letter.model_copy(update={"ask": AskNumber(letter.ask + 50)})


def _name(letter: Planned) -> str:
    return f"{letter.kind} #{letter.ask}" if letter.ask else letter.kind


def _found(letter: Planned, entries: list[Entry]) -> str:
    found = warmth(letter, entries)
    if isinstance(found, Cold):
        return f"no {found.missing}"
    return ", ".join(f"{link.what} {link.seq} v{link.version} {link.person or ''}".rstrip() for link in found.chain)
