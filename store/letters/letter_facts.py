"""Facts a letter may draw from.

Everything our rows say about one introduction that any of its letters can draw from.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from models.asks import AskKind, AskState
from models.base import Frozen
from models.ids import AskNumber, IntroductionId, PersonId, WordsId
from models.letters import Role
from models.outcomes import Ending
from models.process.state.opening import Opening
from models.record.disclosure import LoopClosed
from store.asks.facts import tie_between
from store.journal.known_asks import has_been_told
from store.journal.ledger import text_hash
from store.letters.outbox import Letter
from store.people.presentation import Face, ProgrammeFace, Way, face_of, first_address, programme_named, ways
from store.requests.words import as_typed, text_ids
from store.tables import ask, consent, disclosure, introduction, person
from store.tables import words as words_table


class Words(Frozen):
    """What somebody wrote, and the salted hash by which the ledger knows it; empty where their salt is gone."""

    id: WordsId
    body: str
    hash: str
    by: str = ""  # the name of whoever wrote it


class AskWithAnswer(Frozen):
    """One ask and what was answered."""

    number: AskNumber
    kind: AskKind
    role: Role
    person: PersonId
    version: int
    state: AskState
    due_at: datetime
    answered_at: datetime | None
    answer: dict[str, Any]
    told: bool  # whoever was asked knows of it: its letter has left


class PartySide(Frozen):
    """On which terms one party agreed, and what the other was given."""

    terms: Words | None
    shared: tuple[Way, ...]  # disclosed, and not before


class LetterFacts(Frozen):
    """One introduction as its letters may tell of it. Which letter tells what, its view decides."""

    id: IntroductionId
    opening: Opening
    programme: ProgrammeFace
    version: int
    requester: Face
    target: Face | None
    connector: Face | None
    would_share: tuple[Way, ...]  # the requester, by their request
    texts: dict[str, Words]  # of the request, by name: need, why, read, offer, note
    asks: tuple[AskWithAnswer, ...]
    since: date | None
    sides: dict[PersonId, PartySide]
    told: bool
    held: bool
    clock_law: str
    delivered_at: datetime | None
    ending: Ending | None
    closed_at: datetime | None
    connector_heard: LoopClosed | None
    words: dict[WordsId, Words]  # what answers and letters refer to

    def face(self, role: Role) -> Face | None:
        return {Role.REQUESTER: self.requester, Role.TARGET: self.target, Role.CONNECTOR: self.connector}[role]

    def ask(self, number: AskNumber | None) -> AskWithAnswer | None:
        return next((each for each in self.asks if each.number == number), None)

    def answered(self, kind: AskKind, role: Role) -> AskWithAnswer | None:
        """The latest answer of this kind, from whoever is in this role now."""
        face = self.face(role)
        found = [each for each in self.asks if each.kind == kind and face and each.person == face.id and each.answer]
        return found[-1] if found else None

    def wrote(self, answered: AskWithAnswer, name: str) -> Words | None:
        """The words of this name in an answer."""
        return self.words.get(WordsId(answered.answer.get(name) or ""))


def facts(connection: Connection, letter: Letter) -> LetterFacts | None:
    """What this letter may draw from; None where it belongs to no introduction."""
    if letter.introduction is None:
        return None
    row = connection.execute(_ROW, {"this": letter.introduction}).one()
    parties = [row.requester, row.target]
    asks, texts = _asks(connection, row.id), _texts(connection, row.id, letter.version)
    sides = {each: _side(connection, row.id, each, letter.version) for each in parties if each}
    known = tie_between(connection, row.connector, row.target)
    opening = Opening.read_back(row.opening)
    return LetterFacts(
        id=row.id,
        opening=opening,
        programme=programme_named(connection, row.programme),
        version=letter.version,
        requester=face_of(connection, row.requester),
        target=_target(connection, row, letter) if row.target else None,
        connector=face_of(connection, row.connector) if row.connector else None,
        would_share=ways(connection, list(opening.channels)) or first_address(connection, row.requester),
        texts=texts,
        asks=asks,
        since=known.since if known else None,
        sides=sides,
        told=row.told,
        held=row.held,
        clock_law=row.clock_law,
        delivered_at=row.delivered_at,
        ending=row.ending,
        closed_at=row.closed_at,
        connector_heard=row.connector_heard,
        words=_words(connection, [*_named_in(asks), *([letter.words] if letter.words else [])]),
    )


# Built once: building a statement costs more than running it, and each letter that starts runs these.
_ROW = select(introduction).where(introduction.c.id == bindparam("this"))
_WORDS = (
    select(words_table.c.id, words_table.c.body, person.c.salt, person.c.name)
    .join(person, person.c.id == words_table.c.owner)
    .where(words_table.c.id.in_(bindparam("these", expanding=True)))
)
_ASKS = select(ask, has_been_told().label("told")).where(ask.c.introduction == bindparam("this")).order_by(ask.c.number)
_TERMS = (
    select(consent.c.terms)
    .where(
        consent.c.introduction == bindparam("this"),
        consent.c.person == bindparam("who"),
        consent.c.version == bindparam("of_version"),
        consent.c.revoked_at.is_(None),
    )
    .order_by(consent.c.step.desc())
    .limit(1)
)
_GIVEN = select(disclosure.c.channels).where(
    disclosure.c.introduction == bindparam("this"), disclosure.c.person == bindparam("who")
)


def _target(connection: Connection, row: Row[Any], letter: Letter) -> Face:
    """Before the introduction the requester is told of somebody outside as they typed it: whether we knew them never
    shows, nor what else we know of them."""
    face = face_of(connection, row.target)
    if letter.person != row.requester or row.delivered_at or face.is_erased:
        return face
    typed = as_typed(connection, [row.id]).get(row.id)
    return (
        face.model_copy(update=typed.model_dump() | {"headline": "", "places": (), "own_called": ""}) if typed else face
    )


def _texts(connection: Connection, introduction_id: str, version: int) -> dict[str, Words]:
    """The request as it was when this version was made."""
    ids = text_ids(connection, introduction_id, version)
    found = _words(connection, list(ids.values()))
    return {name: found[key] for name, key in ids.items() if key in found}


def _words(connection: Connection, ids: list[WordsId]) -> dict[WordsId, Words]:
    return {
        row.id: Words(id=row.id, body=row.body, hash=text_hash(row.salt, row.body) if row.salt else "", by=row.name)
        for row in connection.execute(_WORDS, {"these": ids})
    }


def _asks(connection: Connection, introduction_id: str) -> tuple[AskWithAnswer, ...]:
    return tuple(
        AskWithAnswer(
            number=row.number,
            kind=row.kind,
            role=row.role,
            person=row.person,
            version=row.version,
            state=row.state,
            due_at=row.due_at,
            answered_at=row.answered_at,
            answer=row.answer or {},
            told=row.told,
        )
        for row in connection.execute(_ASKS, {"this": introduction_id})
    )


def _named_in(asks: tuple[AskWithAnswer, ...]) -> list[WordsId]:
    return [WordsId(each.answer[name]) for each in asks for name in ("sentence", "words") if each.answer.get(name)]


def _side(connection: Connection, introduction_id: str, somebody: PersonId, version: int) -> PartySide:
    """Their yes as it stands. What was disclosed is read from the disclosure alone: a changed profile adds nothing."""
    theirs = {"this": introduction_id, "who": somebody}
    agreed_on = connection.execute(_TERMS, theirs | {"of_version": version}).scalar_one_or_none()
    given = connection.execute(_GIVEN, theirs).scalar_one_or_none()
    terms = _words(connection, [agreed_on]) if agreed_on else {}
    return PartySide(terms=next(iter(terms.values()), None), shared=ways(connection, given or []))
