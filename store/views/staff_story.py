"""The story of one introduction: questions, letters and events, as staff may read them at an instant."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from models.base import Frozen
from models.ids import AskNumber, IntroductionId, LetterId, PersonId, WordsId
from models.policy.questions import STAFF, Question
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.record.staff_knowledge import AsStaffKnow
from models.record.staff_reading import StaffEvent, came_of, events_for_staff, never_asked
from store.journal.inbox import news_of
from store.requests.answers import answers_among, own_texts
from store.requests.words import texts
from store.tables import api_key, ask, person, words
from store.views.introductions import DeskReader, ListedIntroduction, read_whole
from store.views.letters.letter_lines import AskLine, LetterLine, letters_as_known

WORDS_FOR_STAFF = ("reason", "report", "advice", "line")  # kinds of texts, beside those of the request itself


class Story(Frozen):
    """Everything staff may know of one introduction at the instant of reading (models.record.staff_knowledge)."""

    listed: ListedIntroduction
    opening: Opening
    texts: tuple[tuple[str, str], ...]  # of the newest version: need, why, read, offer, note
    answers: tuple[tuple[Question, str], ...]  # to the programme's own questions: those that staff read
    asks: tuple[AskLine, ...]
    letters: tuple[LetterLine, ...]
    events: tuple[StaffEvent, ...]
    names: dict[PersonId, str]
    words: dict[WordsId, str]
    state: Introduction | None = None  # None: not begun, or recorded under rules we no longer know
    kept_back: frozenset[AskNumber] = frozenset()  # asks that are told as open, and are not


def story(
    connection: Connection, introduction_id: IntroductionId, now: datetime, reader: DeskReader | None = None
) -> Story | None:
    """One introduction from its first event to its last that staff may know of."""
    found = read_whole(connection, introduction_id, now, reader)
    if found is None:
        return None
    line, opening, known = found
    written = texts(connection, introduction_id, line.version)
    answers = answers_among(written)
    real = _asks(connection, introduction_id)
    asks = _as_asked(real, known)
    events = events_for_staff(known.entries)
    letters = letters_as_known(connection, introduction_id, asks, known, now)
    stands = {each.number: each.state for each in real}
    return Story(
        listed=line,
        opening=opening,
        texts=tuple(own_texts(written).items()),
        answers=tuple(
            (asked, body) for asked in opening.policy.request.read_by(STAFF) if (body := answers.get(asked.id))
        ),
        asks=asks,
        letters=letters,
        events=events,
        names=_names(connection, line, asks, letters, events),
        words=_words(connection, introduction_id, events),
        state=known.introduction,
        kept_back=frozenset(each.number for each in asks if each.state != stands[each.number]),
    )


def letter_for_staff(
    connection: Connection, introduction_id: IntroductionId, letter: LetterId, now: datetime
) -> tuple[LetterLine, AsStaffKnow] | None:
    """One letter of it, with what staff may know of its introduction; None where they may not know that it is."""
    found = read_whole(connection, introduction_id, now)
    if found is None:
        return None
    asks = _as_asked(_asks(connection, introduction_id), found.known)
    letters = letters_as_known(connection, introduction_id, asks, found.known, now)
    return next(((each, found.known) for each in letters if each.id == letter), None)


def _as_asked(real: tuple[AskLine, ...], known: AsStaffKnow) -> tuple[AskLine, ...]:
    gone = never_asked(known.entries)
    return tuple(asked for each in real if each.number not in gone and (asked := _one_as_asked(each, known)))


def _one_as_asked(line: AskLine, known: AsStaffKnow) -> AskLine | None:
    """None: asked of somebody since, which does not show yet."""
    if known.until is None or known.introduction is None:
        return line
    ask = known.introduction.ask(line.number)
    if ask is None or (ask.state == line.state and not ask.is_open):
        return line if ask else None
    update = {"state": ask.state, "due_at": ask.due_at, "came_of": came_of(ask.role, ask.state, None)}
    return line.model_copy(update=update)


def _asks(connection: Connection, introduction_id: IntroductionId) -> tuple[AskLine, ...]:
    rows = connection.execute(
        select(ask, person.c.name)
        .join(person, person.c.id == ask.c.person)
        .where(ask.c.introduction == introduction_id)
        .order_by(ask.c.number)
    )
    return tuple(_line(row) for row in rows)


def _line(row: Row[Any]) -> AskLine:
    answer = news_of(row.answer) if row.answer else None
    kept = {name: row._mapping[name] for name in AskLine.model_fields if name != "came_of"}
    return AskLine(**kept, came_of=came_of(row.role, row.state, answer))


def _names(
    connection: Connection,
    line: ListedIntroduction,
    asks: tuple[AskLine, ...],
    letters: tuple[LetterLine, ...],
    events: tuple[StaffEvent, ...],
) -> dict[PersonId, str]:
    acted = {getattr(each.news, "by", None) or each.person for each in events}
    pointed = {getattr(each.news, "to", None) for each in events}
    ids = {line.requester, line.target, line.connector, *acted, *pointed} - {None}
    ids |= {each.person for each in asks} | {each.to for each in letters}
    rows = connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(ids)))
    keys = connection.execute(select(api_key.c.id, api_key.c.name).where(api_key.c.id.in_(acted - {None})))
    named = {PersonId(row.id): f"{row.name} (API)" for row in keys}
    return named | {PersonId(row.id): row.name for row in rows}


def _words(
    connection: Connection, introduction_id: IntroductionId, events: tuple[StaffEvent, ...]
) -> dict[WordsId, str]:
    """What was written for them, or by them, in the events they may know of; nothing else is read."""
    said = [(each.words, *(getattr(each.news, name, None) for name in ("words", "reason"))) for each in events]
    theirs = (words.c.introduction == introduction_id, words.c.kind.in_(WORDS_FOR_STAFF))
    these = words.c.id.in_({key for each in said for key in each if key})
    rows = connection.execute(select(words.c.id, words.c.body).where(*theirs, these))
    return {WordsId(row.id): row.body for row in rows}
