"""Letters started: who is told what, and what keeps it from them.

Each letter of a few stories: what it says, and what would stop it.

Facts, not prose: the view that a template is given, field by field; and the gate's verdict in each circumstance.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, select

from mailroom.compose.filling import fill
from mailroom.compose.filling.common import CannotBeWritten
from models.news import TimeIsUp
from models.process.story import decide
from models.process.timetable import next_wake
from models.process.verdict import Step
from models.record.step_record import Recording
from store.journal import ledger
from store.letters import gate, start_letter
from store.letters.approved_texts import note_hash
from store.letters.letter_facts import facts
from store.letters.outbox import get, of_introduction
from store.steps.step_recorder import record
from store.tables import disclosure, introduction
from tests.cast import INTRODUCTION
from tests.mailroom.circumstances import (
    Change,
    Named,
    Scene,
    circumstances,
    delivery_circumstances,
    other_readings,
)
from tests.mailroom.desk import KEYS, STATIONERY
from tests.mailroom.stories import TALES
from tests.mailroom.story_replay import HERE, Tale, in_memory

USUAL = ("kind", "programme", "promises", "own_page", "at", "zone")  # the same in every letter
TOLD_OF = {"introduction", "programme", "person", "words", "consent", "channel"}  # what a letter's facts are read from


Looks = Iterator[tuple[str, Callable[[], str]]]  # by name: one circumstance, and how it is looked at
Readings = Iterator[tuple[str, Callable[[], dict[str, str]]]]


def letters_started() -> Iterator[str]:
    """The whole page, story by story."""
    yield "## in the instant in which two people are introduced"
    yield from introducing()
    for name, scene, is_new in scenes():
        yield f"## {name}"
        yield from _together(verdicts(scene)) if is_new else ()
        yield from _differing(readings(scene, is_new))


def scenes() -> Iterator[tuple[str, Scene, bool]]:
    """Each letter before it leaves; and whether it is the first of its kind."""
    seen: set[str] = set()
    for name, story in TALES.items():
        with in_memory() as connection:
            tale = Tale(story, connection)
            for letter in tale.letters():
                title = f"{name}: {letter.kind}{' again' if letter.reminder else ''} to {letter.person}"
                yield title, Scene(connection, letter, tale.now), letter.kind not in seen
                seen.add(letter.kind)


# What the store does, and what the gate says, in each circumstance: those that come to the same stand together.


def introducing() -> Iterator[str]:
    story = next(iter(TALES.values()))
    with in_memory() as connection:
        tale = Tale(replace(story, told=story.told[:4]), connection)
        for _ in tale.letters():
            pass
        wake = next_wake(tale.shell.introduction)
        assert wake
        step = decide(tale.shell.introduction, TimeIsUp(), wake.at)
        assert isinstance(step, Step)
        scene = Scene(connection, of_introduction(connection, INTRODUCTION)[0], wake.at)
        yield from _together(_looks(scene, delivery_circumstances(), lambda _: _introduced(connection, step, wake.at)))


def _introduced(connection: Connection, step: Step, now: datetime) -> str:
    known = {each.id for each in of_introduction(connection, INTRODUCTION)}
    done = record(connection, Recording.of(step, None, now))
    given = connection.execute(select(disclosure).order_by(disclosure.c.person)).all()
    disclosed = (f"{row.to} gets {', '.join(row.channels)} of {row.person}" for row in given)
    planned = (
        f"{each.kind} to {each.person} {each.not_before - now}"
        for each in of_introduction(connection, INTRODUCTION)
        if each.id not in known
    )
    this = introduction.c.id == INTRODUCTION
    marked = connection.execute(select(introduction.c.delivered_at).where(this)).scalar_one()
    at = ["delivered now"] if marked == now else []
    return "; ".join((*(reply.kind for reply in done.replies), *at, *disclosed, *planned))


def verdicts(scene: Scene) -> Looks:
    entries, as_planned = ledger.entries(scene.connection, INTRODUCTION), facts(scene.connection, scene.letter)

    def verdict(changed: Scene) -> str:
        same = changed.letter == scene.letter and not changed.touched & TOLD_OF
        told = as_planned if same else facts(changed.connection, changed.letter)
        assert told
        return _said(gate.may_start(gate.Case(scene.connection, changed.letter, told, entries, scene.now), KEYS), scene)

    yield from _looks(scene, circumstances(scene.letter), verdict)


def _looks(scene: Scene, circumstances: Named, look: Callable[[Scene], str]) -> Looks:
    for name, change in circumstances:
        yield name, partial(_look, scene, change, look)


def _look(scene: Scene, change: Change, look: Callable[[Scene], str]) -> str:
    with _undone_afterwards(scene.connection):
        scene.touched.clear()
        change(scene)
        letter = get(scene.connection, scene.letter.id)
        assert letter
        return look(replace(scene, letter=letter))


def _together(looks: Looks) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for name, look in looks:
        found.setdefault(look(), []).append(name)
    for verdict, names in found.items():
        yield f"{verdict}:"
        yield from (f"    {name}" for name in names)


def _said(verdict: gate.GateRuling, scene: Scene) -> str:
    match verdict:
        case gate.Go(address=address):
            return f"goes to {address.value}, known from {address.source}"
        case gate.Hold(until=until, why=why):
            return f"waits {until - scene.now}, {why}"
        case gate.Drop(why=why, news=news):
            return f"never, {why}; the introduction hears {news}"
        case gate.Nowhere(why=why):
            return f"nowhere, {why}"


# What a letter says, as it leaves: every field that is not as usual, and what would be different.


def readings(scene: Scene, is_new: bool) -> Readings:
    yield "says", partial(_read, scene, lambda scene: None)
    for name, change in other_readings(scene.letter) if is_new else ():
        yield name, partial(_read, scene, change)


def _differing(readings: Readings) -> Iterator[str]:
    name, read = next(readings)
    says = read()
    yield f"{name}:"
    yield from (f"    {name}: {value}" for name, value in says.items())
    for name, read in readings:
        other = read()
        differs = [f"{each}={other.get(each)}" for each in {**says, **other} if says.get(each) != other.get(each)]
        if differs:
            yield f"{name}: {', '.join(differs)}"


def _read(scene: Scene, change: Change) -> dict[str, str]:
    with _undone_afterwards(scene.connection):
        change(scene)
        started = start_letter.start(scene.connection, scene.letter.id, HERE, KEYS, STATIONERY.domain, scene.now)
        if started is None:
            left = get(scene.connection, scene.letter.id)
            assert left
            return {"it": f"{left.state}, {left.relay_said}"}
        try:
            view = fill(started, STATIONERY.public_url, STATIONERY.reply_to, scene.now)
        except (CannotBeWritten, ValidationError):
            return {"it": "cannot be written"}
        secret = {started.token or "": "<link>"}
        fields = {name: value_of(value) for name, value in _unusual(view) if name not in USUAL}
        noted = note_hash(started.letter, started.facts)[:6] if started.facts else ""
        return {name: _hidden(value, secret) for name, value in fields.items()} | ({"noted": noted} if noted else {})


def _unusual(view: BaseModel) -> Iterator[tuple[str, Any]]:
    for name, field in type(view).model_fields.items():
        value = getattr(view, name)
        if value != field.default:
            yield name, value


def value_of(value: Any) -> str:
    match value:
        case datetime():
            return f"{value:%d%b %H:%M:%S}"
        case Enum():
            return str(value.value)
        case BaseModel():
            return f"({', '.join(value_of(each) for _, each in _unusual(value))})"
        case frozenset():
            return value_of(tuple(sorted(value)))
        case tuple():
            return f"[{', '.join(map(value_of, value))}]"
        case _:
            return str(value)


def _hidden(value: str, secret: dict[str, str]) -> str:
    for token, name in secret.items():
        value = value.replace(token, name) if token else value
    return value


@contextmanager
def _undone_afterwards(connection: Connection) -> Iterator[None]:
    """Each circumstance stands alone."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
