"""All that each page shows of another person. Along the stories of the letters, before each leaves and at the end.

On their own page: what they are asked, what they asked for, what they agreed to. On the page of a question: all that
its view holds. And what whoever made the request with a key gets to read.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from models.base import Frozen
from models.ids import AskNumber, PersonId
from store.asks import asks
from store.tables import ask
from store.views.own import participation, questions
from store.views.progress import seen
from tests.cast import CARL, INTRODUCTION, MONDAY, PROGRAMME, ROSA, TOMOKO
from tests.mailroom.stories import TALES
from tests.mailroom.story_replay import Tale, in_memory
from tests.store.letters.letters_started import value_of
from web.api.introductions.requester_view import events_view, introduction_view

Looks = Iterator[tuple[str, Callable[[], tuple[Any, ...]]]]
Instant = tuple[Connection, tuple[PersonId, ...], tuple[AskNumber, ...]]

EVERYBODY = (ROSA.id, TOMOKO.id, CARL.id)

OWN: dict[str, Callable[[Connection, Any], tuple[Frozen, ...]]] = {
    "is asked": partial(questions.open_asks, now=MONDAY),
    "was asked": questions.ever_asked,
    "asks for": participation.requests,
    "agreed": participation.consents,
}
USUAL = {  # the same on every page, or nothing of anybody
    "introduction", "programme", "programme_name", "number", "person", "language", "zone", "calendar",
    "targets_calendar", "policy", "look", "is_open", "may", "is_carried", "yes_waits_until", "too_late", "came_late",
}  # fmt: skip


def pages_shown() -> Iterator[str]:
    """The whole page, story by story: what is not as it was the last time."""
    before: dict[str, list[str]] = {}
    for name, instant in instants():
        if name in TALES:
            before = {}
        yield f"## {name}"
        for page, look in looks(*instant):
            lines = [value_of(each) for each in look()]
            yield from (f"{page}: {line}" for line in lines if line not in before.get(page, []))
            yield from (f"{page}: nothing any more" for _ in [0] if before.get(page) and not lines)
            before[page] = lines


def instants() -> Iterator[tuple[str, Instant]]:
    """Each instant by name, and whose pages are opened then; at the end, everybody's, and that of every question."""
    for name, story in TALES.items():
        with in_memory() as connection:
            tale = Tale(story, connection)
            yield name, (connection, EVERYBODY, ())
            for letter in tale.letters():
                asked = (letter.ask,) if letter.ask else ()
                yield f"before {letter.kind} to {letter.person}", (connection, (letter.person,), asked)
            every = select(ask.c.number).where(ask.c.introduction == INTRODUCTION).order_by(ask.c.number)
            yield "at last", (connection, EVERYBODY, tuple(connection.execute(every).scalars()))


def looks(connection: Connection, whose: Iterable[PersonId], questions: Iterable[AskNumber]) -> Looks:
    for number in questions:
        yield f"question {number}", partial(_question, connection, number)
    for who in whose:
        for name, read in OWN.items():
            yield f"{who} {name}", partial(read, connection, who)
    yield "by the key", partial(_by_the_key, connection)


def _question(connection: Connection, number: AskNumber) -> tuple[str, ...]:
    view = asks.by_number(connection, INTRODUCTION, number, MONDAY)
    return tuple(f"{name} {value_of(value)}" for name, value in view if value and name not in USUAL) if view else ()


def _by_the_key(connection: Connection) -> tuple[Any, ...]:
    found = seen(connection, PROGRAMME, INTRODUCTION)
    if found is None:
        return ()
    view = introduction_view(found, ())
    shown = ", ".join(value_of(value) for name, value in view if name != "may")
    return f"({shown})", events_view(found)
