"""A mark in each text, followed to whoever reads it at last: in letters, pages, copies, the API and the console.

Who may, docs/privacy.md says (tests/docs/pages/texts.toml); its writer always may.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from mailroom.compose.filling import fill
from models.ids import AskNumber, PersonId, WordsId
from models.news import ConnectorApproved, Declined
from models.process.state.introduction import Introduction
from store.asks import asks, private_notes
from store.boundaries import conflicts
from store.boundaries.conflicts import ConflictSide
from store.letters import start_letter
from store.privacy.export import copy, staff_copy
from store.requests.words import TYPED
from store.tables import ask, channel, introduction, private_note, request, tie, words
from store.views import introductions, members, staff_story
from store.views.introductions import IntroductionFilter
from store.views.own import participation, questions
from store.views.progress import seen
from telling.story import told
from tests.cast import CARL, CLEO, INTRODUCTION, MONDAY, OLIVE, PROGRAMME, ROSA, STAN, TOMOKO
from tests.docs.pages.privacy_page import texts
from tests.mailroom.desk import KEYS, STATIONERY
from tests.mailroom.stories import DAY, MINUTE, TALES, begun, in_full, patient, wrote
from tests.mailroom.story_replay import HERE, Story, Tale, in_memory
from tests.support.news_phrases import approves, last_ask, opts_in
from tests.support.play import SECOND, Said
from web.api.introductions.requester_view import events_view, introduction_view

ROLES = {ROSA.id: "requester", CARL.id: "connector", CLEO.id: "connector", TOMOKO.id: "target"}
KINDS = {  # of words, as the stories name them
    "new note": "request", "newest note": "request", "note": "request", "need": "request", TYPED: "named",
    "her report": "report", "their report": "report", "how known": "how_known",
    "answer": "answers", "answer_apart": "answers_apart",
}  # fmt: skip
AT_EVERY_LETTER = ("a yes in words", "the target says why not")  # the others are looked at as they end
NOBODY = "nobody"  # a note for nobody but its writer
ADDED = ("wanted", "answer", "answer_apart")  # beside what the stories write
ASKED = [
    {"id": kind, "en": "?", "es": "?", "pt": "?", "readers": readers}
    for kind, readers in (("answer", ["staff", "connector", "target"]), ("answer_apart", ["connector", "target"]))
]
Read = dict[str, set[tuple[str, str]]]  # by mark: who has read it, and where


def mark(name: str) -> str:
    return f"[{name}]"


def says_how(i: Introduction) -> ConnectorApproved:
    yes: dict[str, Any] = {"vouch": "vouch", "sentence": wrote("sentence"), "how_known": wrote("how known")}
    return ConnectorApproved(ask=last_ask(i, CARL.id), by=CARL.id, **yes)


def no_because(who: Any) -> Said:
    return lambda i: Declined(ask=last_ask(i, who.id), by=who.id, reason=WordsId(f"wrd_why_{who.id}"))


def everything(connection: Connection) -> None:
    """Beside what the stories write: how they know each other, words with a no."""
    in_full(connection)
    more = {
        wrote("how known"): (CARL, "how known"),
        "wrd_why_per_tomoko": (TOMOKO, "reason"),
        "wrd_why_per_carl": (CARL, "reason"),
    }
    for key, (by, kind) in more.items():
        row = {"id": key, "introduction": INTRODUCTION, "owner": by.id, "kind": kind, "body": "", "at": MONDAY}
        connection.execute(insert(words).values(row))


def with_marks(story: Story, also: Any) -> Story:
    def plant(connection: Connection) -> None:
        also(connection)
        for kind in ADDED:
            new = {"id": f"wrd_{kind}", "introduction": INTRODUCTION, "owner": ROSA.id, "kind": kind, "body": ""}
            connection.execute(insert(words).values(new | {"at": MONDAY}))
        connection.execute(
            update(request).values(wanted="wrd_wanted", answers={each: f"wrd_{each}" for each in ADDED[1:]})
        )
        opening = connection.execute(select(introduction.c.opening)).scalar_one()
        opening["policy"]["request"] = {"questions": ASKED}
        connection.execute(update(introduction).values(opening=opening))
        for row in connection.execute(select(words.c.id, words.c.kind)).all():
            name = mark(KINDS.get(row.kind, row.kind))
            body = f"{name}\n{name}" if row.kind == TYPED else name
            kind = "report" if name == mark("report") else row.kind  # as an answer page keeps it
            connection.execute(update(words).where(words.c.id == row.id).values(body=body, kind=kind))
        connection.execute(update(tie).values(evidence=mark("evidence"), source=mark("evidence")))
        connection.execute(update(channel).values(label=mark("channels")))
        sides = ConflictSide(person=STAN.id), ConflictSide(organisation=mark("conflicts"))
        conflicts.mark(connection, PROGRAMME, *sides, "console", OLIVE.id, MONDAY)

    return replace(story, also=plant)


IN_WORDS = list(TALES)[:4]  # in the others nothing else is written
STORIES = {name: with_marks(TALES[name], TALES[name].also) for name in IN_WORDS}
STORIES |= {
    "a yes in words": with_marks(
        Story((says_how, 10 * SECOND, opts_in(TOMOKO), opts_in(ROSA), MINUTE), begun(patient())), everything
    ),
    "the target says why not": with_marks(
        Story((approves(CARL), 10 * SECOND, no_because(TOMOKO), DAY), begun(patient())), everything
    ),
    "a connector says why not": with_marks(Story((no_because(CARL), 3 * DAY), begun(patient())), everything),
}


@pytest.fixture(scope="module")
def found() -> Read:
    """All stories told once: who came to read which mark."""
    read: Read = defaultdict(set)
    for name, story in STORIES.items():
        with in_memory() as connection:
            tale = Tale(story, connection)
            for letter in tale.letters():
                _note(read, name, _letter(connection, letter, tale.now))
                if name in AT_EVERY_LETTER:
                    _note(read, name, _pages(connection, tale.now))
            _beside(connection)
            _note(read, name, _pages(connection, tale.now + timedelta(days=60)))
    return read


@pytest.mark.parametrize("name", [*texts(), NOBODY])
def test_each_text_reaches_its_readers_and_nobody_else(found: Read, name: str) -> None:
    allowed = set(texts()[name].readers) if name in texts() else set()
    readers = {who for who, _ in found[name]}
    assert readers <= allowed, {each for each in found[name] if each[0] not in allowed}
    if name in texts() and name not in ("face", "places", "conflicts", "programme_face"):
        assert readers == allowed - _NOT_IN_THE_STORIES.get(name, set()), "it is said to reach more than it does"


_NOT_IN_THE_STORIES = {
    "channels": {"staff"},  # who look them up one by one
    "line": {"requester", "connector"},
    "named": {"connector"},  # as the name of somebody whom nobody knew before
}


def _note(read: Read, story: str, looks: Iterator[tuple[PersonId | str, str, Any]]) -> None:
    for who, where, what in looks:
        text = json.dumps(what, default=str, ensure_ascii=False)
        for name in (*texts(), NOBODY):
            if mark(name) in text and not _wrote(who, name):
                read[name].add((ROLES.get(PersonId(who), who), f"{story}: {where}"))


def _wrote(who: PersonId | str, name: str) -> bool:
    """Their own: of what several write, each has marks of the others' in no story but where they may."""
    return who in _WRITERS.get(name, ())


_WRITERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("request", "wanted", "answers", "answers_apart", "blind", "named", "thanks"), (ROSA.id,)),
    **dict.fromkeys(("sentence", "how_known"), (CARL.id,)),
    **dict.fromkeys(("terms", "lines"), (TOMOKO.id,)),
    **dict.fromkeys(("note", NOBODY, "report"), (ROSA.id, TOMOKO.id)),
    "reason": (CARL.id, TOMOKO.id),
}


def _beside(connection: Connection) -> None:
    """Notes beside answers: for the staff, and for nobody."""
    for readers, name in (("programme", "note"), ("nobody", NOBODY)):
        row = {"id": f"nte_{name}", "introduction": INTRODUCTION, "ask": 1, "owner": ROSA.id, "readers": readers}
        connection.execute(insert(private_note).values(row | {"body": mark(name), "at": MONDAY}))


def _letter(connection: Connection, letter: Any, now: datetime) -> Iterator[tuple[PersonId | str, str, Any]]:
    with connection.begin_nested() as trial:
        started = start_letter.start(connection, letter.id, HERE, KEYS, STATIONERY.domain, now)
        view = fill(started, STATIONERY.public_url, STATIONERY.reply_to, now) if started else None
        trial.rollback()
    if view:
        yield letter.person, letter.kind, view.model_dump()


def _pages(connection: Connection, now: datetime) -> Iterator[tuple[PersonId | str, str, Any]]:
    numbers = connection.execute(select(ask.c.number, ask.c.person).order_by(ask.c.number)).all()
    for row in numbers:
        view = asks.by_number(connection, INTRODUCTION, AskNumber(row.number), now)
        yield row.person, "their question", _without_owns(view)
    for who in ROLES:
        own = (questions.ever_asked, participation.requests, participation.consents)
        waiting = questions.open_asks(connection, who, now)
        yield who, "their own page", [waiting, *(each(connection, who) for each in own)]
        yield who, "their notes", private_notes.of_person(connection, who)
        sections = copy.copy_of(connection, who, now).sections
        yield who, "their copy", {name: rows for name, rows in sections.items() if name != "ways_to_reach_you"}
    requested = seen(connection, PROGRAMME, INTRODUCTION)
    if requested:
        yield ROSA.id, "their program", [introduction_view(requested, ()).model_dump(), events_view(requested)]
    yield from _staff(connection, now)


def _without_owns(view: Any) -> Any:
    """A page holds its reader's own ways to be reached."""
    return view.model_dump(exclude={"channels", "last_time"}) if view else None


def _staff(connection: Connection, now: datetime) -> Iterator[tuple[PersonId | str, str, Any]]:
    story = staff_story.story(connection, INTRODUCTION, now)
    if story:
        yield "staff", "the story", [(line.text, line.facts, line.words) for line in told(story)]
        yield "staff", "what was written", story.texts
        yield "staff", "the record of it", story.model_dump(exclude={"words", "texts"})
    yield "staff", "notes", private_notes.for_staff(connection, INTRODUCTION, ())
    for who in ROLES:
        yield "staff", "their copy, in other hands", staff_copy.copy_for_staff(connection, who, now).sections
    listed = IntroductionFilter(programmes=(PROGRAMME,))
    yield "staff", "the list", introductions.listed(connection, listed, now)
    yield "staff", "the people", members.members(connection, PROGRAMME, "", 1, now)
    yield "staff", "kept apart", conflicts.listed(connection, PROGRAMME)
