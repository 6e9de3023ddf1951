"""All that the requester can see of an introduction, and when.

Everything their letters, pages and answers would show.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from models.asks import Ask
from models.effects import FreeSlot, OpenAsk, WriteAgain, WriteLetter
from models.ids import LetterId, PersonId
from models.letters import Role
from models.news import Declined, News, OptedIn, RequestConfirmed, Undone, Withdrew
from models.process.state.introduction import Introduction
from models.process.story import decide
from models.process.verdict import Refused, Step
from models.record.disclosure import Known, after
from models.record.ledger import Mailed
from models.record.play import Moment, event
from tests.cast import ROSA
from tests.support.play import Play


class Letter(NamedTuple):
    """A letter as its receiver gets it."""

    kind: str
    not_before: datetime
    due_at: datetime | None
    with_words: bool
    reminder: bool = False


class Page(NamedTuple):
    """A page of their own: how it goes, what lies open before them, and whether their place is free."""

    progress: str
    asks: tuple[tuple[str, datetime], ...]
    slot_free: bool


class View(NamedTuple):
    letters: tuple[Letter, ...]
    pages: tuple[tuple[datetime, Page], ...]  # each time the page changes


def letters_to(person: PersonId, play: Play) -> tuple[Letter, ...]:
    """All letters planned to somebody, the two of the delivery apart."""
    found: list[Letter] = []
    for moment in play.moments:
        asks = {ask.number: ask for ask in moment.step.after.asks}
        for effect in moment.step.effects:
            match effect:
                case OpenAsk(ask=ask, letter=letter) if letter and ask.person == person:
                    found.append(Letter(letter, effect.not_before, ask.due_at, False))
                case WriteAgain(ask=number) if asks[number].person == person:
                    due = asks[number].due_at
                    found.append(Letter(effect.letter, effect.not_before, due, False, effect.reminder))
                case WriteLetter(to=to) if to == person:
                    found.append(Letter(effect.letter, effect.not_before, None, effect.words is not None))
    return tuple(found)


def view(play: Play, since: datetime | None = None) -> View:
    """What Rosa sees from `since` on: by default, from the beginning."""
    start = since or play.opening.asked_at
    letters = tuple(letter for letter in letters_to(ROSA.id, play) if letter.not_before >= start)
    return View(letters, tuple(change for change in _changes(play) if change[0] >= start))


def what_she_may_do(play: Play, every: timedelta) -> list[tuple[datetime, str, str]]:
    """The verdict on each button Rosa could press, tried at regular instants and at each turn of events."""
    tried: list[tuple[datetime, str, str]] = []
    at, end = play.opening.asked_at, play.now
    while at <= end:
        introduction = _standing_at(play.moments, at)
        for news in _buttons(introduction):
            verdict = decide(introduction, news, at)
            tried.append((at, news.kind, verdict.reason if isinstance(verdict, Refused) else "taken"))
        at += every
    return tried


def _changes(play: Play) -> list[tuple[datetime, Page]]:
    changes: list[tuple[datetime, Page]] = []
    slot_free, known, promised_at = False, Known(), play.opening.promised_at
    for at, step in play.moments:
        known = after(known, event(play.opening, step), at, promised_at)
        for letter in _questions(step):  # as a relay that takes everything at once has them leave
            known = after(known, letter, at, promised_at)
        slot_free = slot_free or any(isinstance(effect, FreeSlot) for effect in step.effects)
        page = Page(known.requester_progress, tuple(_shown(ask) for ask in _hers(step.after)), slot_free)
        if changes and changes[-1][0] == at:
            changes.pop()
        if not changes or changes[-1][1] != page:
            changes.append((at, page))
    return changes


def _questions(step: Step) -> list[Mailed]:
    return [
        Mailed(
            letter=LetterId("let_any"),
            template=effect.letter,
            state="accepted",
            to=effect.ask.person,
            version=effect.ask.version,
            ask=effect.ask.number,
        )
        for effect in step.effects
        if isinstance(effect, OpenAsk) and effect.letter
    ]


def _hers(introduction: Introduction) -> tuple[Ask, ...]:
    return introduction.open_asks(Role.REQUESTER)


def _shown(ask: Ask) -> tuple[str, datetime]:
    return ask.kind, ask.due_at


def _standing_at(moments: list[Moment], at: datetime) -> Introduction:
    return [moment.step.after for moment in moments if moment.at <= at][-1]


def _buttons(introduction: Introduction) -> list[News]:
    theirs = [ask.number for ask in introduction.asks if ask.role == Role.REQUESTER]
    buttons: list[News] = [Withdrew(by=ROSA.id)]
    for ask in theirs[-1:]:
        buttons += [
            RequestConfirmed(ask=ask, by=ROSA.id),
            OptedIn(ask=ask, by=ROSA.id, channels=()),
            Declined(ask=ask, by=ROSA.id),
            Undone(ask=ask, by=ROSA.id),
        ]
    return buttons
