"""Circumstances that may come between a letter and its reader since it was planned.

Each is put into the database alone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, insert, select, true, update

from models.asks import AskKind
from models.letters import DELIVERY, FOLLOW_UP, LetterKind
from models.news import News, Stopped, Withdrew
from models.outcomes import Ending
from store.boundaries import conflicts, suppressions
from store.boundaries.conflicts import ConflictSide
from store.boundaries.suppressions import SuppressedFor
from store.journal import inbox
from store.letters.outbox import Letter
from store.tables import ask, block, channel, consent, disclosure, introduction, person, programme, request, tie, words
from store.tables import letter as letters
from tests.cast import (
    CARL,
    CLEO,
    EVERYBODY,
    INTRODUCTION,
    MONDAY,
    OLIVE,
    PROGRAMME,
    ROSA,
    ROSAS_MAIL,
    STAN,
    TOMOKO,
    TOMOKOS_MAIL,
    Person,
)
from tests.mailroom.desk import KEYS
from tests.mailroom.stories import BOOKING
from tests.support.rows import TENANT

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STATES = ("planned", "started", "accepted", "unknown", "failed", "dropped")
NAMED = {each.id: each for each in EVERYBODY}
AGAIN, OTHER = "per_again", "int_other"
MET = ask.c.kind == AskKind.MEET
SUPPRESSED: tuple[SuppressedFor, ...] = ("opt_out", "erased")
LIKE_OTHERS = (  # what holds for every letter is tried with the others
    LetterKind.ASK_REQUESTER,
    LetterKind.HAVE_THEY_WRITTEN,
    LetterKind.DID_YOU_MEET,
    LetterKind.THANK_YOU,
    LetterKind.TERM_OVER,
    LetterKind.TERM_OVER_TO_TARGET,
)


@dataclass(frozen=True)
class Scene:
    """One letter that may leave now."""

    connection: Connection
    letter: Letter
    now: datetime
    touched: set[str] = field(default_factory=set)  # tables, by name

    def set(self, table: Any, where: Any, **values: Any) -> None:
        self._do(table, update(table).where(where).values(**values))

    def add(self, table: Any, **values: Any) -> None:
        self._do(table, insert(table).values(**values))

    def erase(self, table: Any, where: Any) -> None:
        self._do(table, delete(table).where(where))

    def _do(self, table: Any, what: Any) -> None:
        self.touched.add(table.name)
        self.connection.execute(what)


Change = Callable[[Scene], Any]
NamedPerson = Iterator[tuple[str, Change]]


def first(who: Person) -> str:
    return who.name.split()[0]


def circumstances(letter: Letter) -> NamedPerson:
    """All that could matter to this letter; by name. What should matter to none is tried at once."""
    yield "as planned", lambda scene: None
    yield "what is no concern of theirs", _no_concern
    yield from _of_the_letter(letter)
    yield from _of_people()
    if letter.kind in LIKE_OTHERS:
        yield from _of_earlier_letters(letter, ("accepted", "failed"))
        return
    yield from _of_earlier_letters(letter, STATES)
    yield from _of_the_introduction()
    for name, time in (("a minute", MINUTE), ("a day", DAY)):
        yield f"its reader pauses for {name}", partial(_set_person, NAMED[letter.person], paused_until=time)
    yield from _of_the_address(letter)
    yield from _of_words(letter)


def delivery_circumstances() -> NamedPerson:
    """What may have come up in the instant in which two people are about to be introduced."""
    yield "as agreed", lambda scene: None
    yield "what is no concern of theirs", _no_concern
    yield from _of_the_introduction()
    yield from _of_people()
    for who in (ROSA, TOMOKO):
        name, this = first(who), consent.c.person == who.id
        yield f"{name} pauses for a day", partial(_set_person, who, paused_until=DAY)
        yield f"{name}'s yes is taken back", partial(_set_consent, this, revoked_at=MONDAY)
        yield f"{name}'s yes was to an earlier version", partial(_set_consent, this, version=0)
        yield f"{name}'s yes was in another introduction", partial(_elsewhere, this)
        yield f"{name}'s yes gives nothing", partial(_set_consent, this, channels=[])
    for which in (BOOKING, TOMOKOS_MAIL, ROSAS_MAIL):
        yield f"{which} is stopped", partial(_stop, channel.c.id == which)
    yield "all of Tomoko's ways are stopped", partial(_stop, channel.c.person == TOMOKO.id)


def _of_the_introduction() -> NamedPerson:
    yield "an operator has stopped it, unheard", partial(_put, Stopped(by=OLIVE.id))
    yield "she has withdrawn, unheard", partial(_put, Withdrew(by=ROSA.id))
    held = {"held": True}
    yield "it is held", lambda scene: scene.set(introduction, introduction.c.id == INTRODUCTION, **held)
    yield (
        "the programme's letters are paused",
        lambda scene: scene.set(programme, programme.c.id == PROGRAMME, letters_paused_at=scene.now),
    )


def _of_the_letter(letter: Letter) -> NamedPerson:
    yield "to a stranger", partial(_row, person=STAN.id)
    yield "of a later version", partial(_row, version=letter.version + 1)
    if letter.ask:
        yield "about another ask", partial(_row, ask=letter.ask + 50)


def _of_people() -> NamedPerson:
    for who in (ROSA, CARL, TOMOKO):
        yield f"{first(who)} has opted out", partial(_set_person, who, opted_out_at=timedelta())
        yield f"{first(who)} has been erased", partial(_set_person, who, erased_at=timedelta())
    for one, other in ((ROSA, TOMOKO), (TOMOKO, ROSA), (CARL, ROSA), (ROSA, CARL)):
        yield f"{first(one)} blocks {first(other)}", partial(_block, one.id, other.id)
    for one, other in ((ROSA, TOMOKO), (CARL, ROSA)):
        yield f"{first(one)} and {first(other)} are kept apart", partial(_apart, one, other)
    yield "Tomoko blocks Rosa under another record", lambda scene: _block(_another(scene, TOMOKO), ROSA.id, scene)
    yield "Tomoko blocks another record of Rosa's", lambda scene: _block(TOMOKO.id, _another(scene, ROSA), scene)


def _of_the_address(letter: Letter) -> NamedPerson:
    yield "their addresses are stopped", partial(_stop, _theirs(letter))
    yield "they have no address", lambda scene: scene.set(channel, _theirs(letter), kind="phone")
    for reason in SUPPRESSED:
        yield f"their mailbox is suppressed for {reason}", partial(_suppress, NAMED[letter.person], reason)
    yield "an address was given by an answer that nobody heard", partial(_given_for, INTRODUCTION)


def _of_words(letter: Letter) -> NamedPerson:
    if letter.words:
        yield "its own words have changed", lambda scene: scene.set(words, words.c.id == letter.words, body="Buy!")
        yield (
            "its own words are erased",
            lambda scene: scene.erase(words, words.c.id == letter.words),
        )
    for kind in ("need", "note", "sentence", "terms", "thanks", "her report", "their report"):
        yield f"the words have changed: {kind}", partial(_reworded, kind)


def _of_earlier_letters(letter: Letter, states: Iterable[str]) -> NamedPerson:
    introduced = letters.c.kind.in_(DELIVERY) & (letters.c.person == letter.person)
    for state in states:
        if letter.kind in DELIVERY or letter.ask:
            yield f"another such letter is {state}", partial(_copy, state)
        if letter.kind in FOLLOW_UP:
            yield f"what introduced them is {state}", partial(_set_letters, introduced, state)
        elif letter.ask:
            yield f"it reminds of one that is {state}", partial(_reminds, state)
    if letter.ask:
        yield "only a reminder of it has arrived", _reminded
        yield "only another introduction's has arrived", partial(_copy, "accepted", introduction=OTHER)
        yield "it reminds of another introduction's", _reminds_elsewhere


def other_readings(letter: Letter) -> NamedPerson:
    """What may change the words of a letter that leaves all the same; or should not."""
    for who in (ROSA, CARL, TOMOKO):
        if who.id != letter.person:
            yield f"{first(who)} has been erased", partial(_set_person, who, erased_at=timedelta())
    if letter.kind in LIKE_OTHERS:
        return
    if letter.kind == LetterKind.ASK_CONNECTOR:
        yield "read in Portuguese", lambda scene: scene.set(person, person.c.id == letter.person, language="pt")
        yield "read in a language we have not", _speaks_another
        yield "read in such a language, Rosa erased", partial(_erased_for_others, "es")
        yield "in a programme of such a language, Rosa erased", partial(_erased_for_others, "fr")
    yield "what is no concern of theirs", _no_concern
    if letter.kind == LetterKind.HOW_IT_WENT:
        yield "what both reported came after the end", _reported_late
        yield "what both reported came as the term ended", lambda scene: scene.set(ask, MET, kind=AskKind.CLOSING)
        yield "Tomoko says they did not meet", partial(_says_no, TOMOKO, Ending.MET)
        yield "only Rosa says they did not meet, and it ended so", partial(_says_no, ROSA, Ending.DID_NOT_MEET)
    yield "everybody else has another face and another address", _changed
    yield "Carl has said since that he knows nobody", lambda scene: scene.set(tie, true(), denied_at=scene.now)
    yield "whatever was written is erased", lambda scene: scene.erase(words, true())


# How each of these comes into the database.


def _no_concern(scene: Scene) -> None:
    """Of other people, in other introductions, or over."""
    for who in (ROSA, CARL, TOMOKO):
        _set_person(who, scene, paused_until=timedelta())
    for one, other in ((CARL, TOMOKO), (TOMOKO, CARL), (STAN, ROSA), (TOMOKO, STAN)):
        _block(one.id, other.id, scene)
    _apart(CLEO, ROSA, scene)
    _given_for(OTHER, scene)
    _told_elsewhere(scene)
    for kind in ("blind", "newest note"):
        _reworded(kind, scene)


def _set_person(who: Person, scene: Scene, **times: timedelta) -> None:
    scene.set(person, person.c.id == who.id, **{name: scene.now + time for name, time in times.items()})


def _set_consent(this: Any, scene: Scene, **values: Any) -> None:
    scene.set(consent, this, **values)


def _elsewhere(this: Any, scene: Scene) -> None:
    _another_introduction(scene)
    scene.set(consent, this, introduction=OTHER)


def _told_elsewhere(scene: Scene) -> None:
    """In another introduction of hers, of somebody else; and what has been taken back, or is of another version."""
    _another_introduction(scene)
    rows = {table: scene.connection.execute(table.select()).all() for table in (request, consent, disclosure)}
    for row in rows[request]:
        scene.add(request, **dict(row._mapping) | {"introduction": OTHER, "note": None})
        scene.add(request, **dict(row._mapping) | {"version": 90 + row.version, "note": None})
    for row in rows[consent]:
        others: tuple[dict[str, Any], ...] = ({"introduction": OTHER}, {"version": 0}, {"revoked_at": MONDAY})
        for number, other in enumerate(others, 1):
            scene.add(consent, **dict(row._mapping) | {"step": row.step + 100 * number, "terms": None} | other)
    for row in rows[disclosure]:
        scene.add(disclosure, **dict(row._mapping) | {"introduction": OTHER, "channels": []})
    scene.add(words, id="wrd_other", introduction=OTHER, owner=ROSA.id, kind="named", body="N. Body\n", at=MONDAY)


def _another_introduction(scene: Scene) -> None:
    row = scene.connection.execute(introduction.select()).one()
    scene.add(introduction, **dict(row._mapping) | {"id": OTHER, "live": False})


def _put(news: News, scene: Scene) -> None:
    inbox.put(scene.connection, introduction_id=INTRODUCTION, news=news, via="link", nonce="page", now=scene.now)


def _row(scene: Scene, **values: Any) -> None:
    scene.set(letters, letters.c.id == scene.letter.id, **values)


def _set_letters(which: Any, state: str, scene: Scene) -> None:
    scene.set(letters, which, state=state)


def _copy(state: str, scene: Scene, **other: str) -> None:
    row = scene.letter.model_dump() | {"id": "let_copy", "number": 99, "state": state, "reminder": False}
    if other:
        _another_introduction(scene)
    scene.add(letters, **row | other)


def _reminds(state: str, scene: Scene) -> None:
    _copy(state, scene)
    _row(scene, reminder=True)


def _reminds_elsewhere(scene: Scene) -> None:
    _copy("accepted", scene, introduction=OTHER)
    _row(scene, reminder=True)


def _reminded(scene: Scene) -> None:
    """The letter itself came back, and this is the one sent again."""
    _copy("accepted", scene)
    scene.set(letters, letters.c.id == "let_copy", reminder=True)


def _block(blocker: str, blocked: str, scene: Scene) -> None:
    scene.add(block, tenant=TENANT, blocker=blocker, blocked=blocked, at=scene.now)


def _apart(one: Person, other: Person, scene: Scene) -> None:
    sides = ConflictSide(person=one.id), ConflictSide(person=other.id)
    conflicts.mark(scene.connection, PROGRAMME, *sides, "console", OLIVE.id, scene.now)


def _another(scene: Scene, who: Person) -> str:
    """One more record of the same human being, who reads the same mailbox."""
    row = {"id": AGAIN, "tenant": TENANT, "name": who.name, "language": "en", "zone": "UTC", "created_at": scene.now}
    scene.add(person, **row, topics=[], places=[], salt="salt")
    way = {"id": "cha_again", "person": AGAIN, "kind": "email", "value": who.address, "match_key": who.address}
    scene.add(channel, **way, source="a test", created_at=scene.now)
    return AGAIN


def _stop(which: Any, scene: Scene) -> None:
    scene.set(channel, which, stopped_at=scene.now)


def _theirs(letter: Letter) -> Any:
    return channel.c.person == letter.person


def _suppress(reader: Person, reason: SuppressedFor, scene: Scene) -> None:
    suppressions.add(scene.connection, KEYS, TENANT, reader.address.upper(), reason, scene.now)


def _given_for(which: str, scene: Scene) -> None:
    way = {"id": f"cha_{which}", "kind": "email", "person": scene.letter.person, "introduction": which}
    scene.add(channel, **way, value=f"{which}@example.test", source="the connector", created_at=MONDAY - DAY)


def _reworded(kind: str, scene: Scene) -> None:
    scene.set(words, words.c.kind == kind, body="Buy my pumps!")


def _speaks_another(scene: Scene, programmes: str = "es") -> None:
    scene.set(person, person.c.id == scene.letter.person, language="fr")
    scene.set(programme, programme.c.id == PROGRAMME, language=programmes)


def _erased_for_others(programmes: str, scene: Scene) -> None:
    _speaks_another(scene, programmes)
    _set_person(ROSA, scene, erased_at=timedelta())


def _says_no(who: Person, ending: Ending, scene: Scene) -> None:
    row = scene.connection.execute(select(ask).where(MET, ask.c.person == who.id)).one()
    said = row.answer | {"outcome": {"kind": "did_not_meet"}, "share_with_connector": True}
    scene.set(ask, MET & (ask.c.person == who.id), answer=said)
    scene.set(introduction, introduction.c.id == INTRODUCTION, ending=ending)


def _reported_late(scene: Scene) -> None:
    scene.set(ask, ask.c.kind.in_((AskKind.MEET, AskKind.CLOSING)), answered_at=scene.now + DAY)


def _changed(scene: Scene) -> None:
    """Since the letter was planned: a name as it is now, and a way that was disclosed as it was."""
    others = person.c.id != scene.letter.person
    scene.set(person, others, name="Somebody Else", headline="Other", organisation="Elsewhere", places=[])
    scene.set(channel, ~_theirs(scene.letter), value="new@example.test")
