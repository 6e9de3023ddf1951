"""Everything about one person, for that person: in sections of plain rows, and of others only what they were told.

What is left out would tell of others: connectors who were tried, ties somebody else has named, who was chosen and never
asked, reasons written for staff, how strong a tie is held to be (S28).
"""

from base64 import b64encode
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, exists, select

from models.base import Frozen
from models.ids import PersonId
from models.record.ledger import LEFT
from store.privacy.erasure import records_of
from store.privacy.export import disclosed_to_person
from store.tables import (
    block,
    channel,
    consent,
    draft,
    hearing,
    help_given,
    known_as,
    letter,
    membership,
    name_change,
    person,
    photo,
    private_note,
    programme,
    session,
    words,
)
from store.views.members import looks
from store.views.own import participation, questions

Rows = list[dict[str, Any]]


class Copy(Frozen):
    """Sections by name; each row of a section has the same fields."""

    person: PersonId
    at: datetime
    sections: dict[str, Rows]


def copy_of(connection: Connection, who: PersonId, now: datetime) -> Copy:
    """Of all their records, where several were put together."""
    everything: dict[str, Rows] = {name: [] for name in SECTIONS}
    for each in records_of.records(connection, who):
        for name, section in SECTIONS.items():
            everything[name] += [plain(row) for row in section(connection, each)]
    return Copy(person=who, at=now, sections=everything)


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON and tables hold it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _rows(query: Select[Any]) -> Callable[[Connection], Rows]:
    return lambda connection: [_fields(row) for row in connection.execute(query)]


def _fields(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)


def _person(connection: Connection, who: PersonId) -> Rows:
    kept = [column for column in person.c if column.name not in ("salt", "tenant", "merged_into", "erased_at", "photo")]
    return _rows(select(*kept).where(person.c.id == who))(connection)


def _channels(connection: Connection, who: PersonId) -> Rows:
    """Theirs; and an address that somebody gave for them once a letter has left to it, which tells of it."""
    kept = (channel.c.kind, channel.c.value, channel.c.label, channel.c.source, channel.c.stopped_at)
    is_own = channel.c.introduction.is_(None) | (channel.c.kind != "email")
    is_told = exists().where(letter.c.channel == channel.c.id, letter.c.state.in_(LEFT))
    theirs = (channel.c.person == who, channel.c.ended_at.is_(None), is_own | is_told)
    query = select(*kept, channel.c.created_at).where(*theirs)
    return _rows(query.order_by(channel.c.created_at, channel.c.id))(connection)


def _programmes(connection: Connection, who: PersonId) -> Rows:
    parts = ("listed", "requests", "operates", "kind", "joined_at", "uninvited_since", "invited_at")
    query = select(programme.c.name, *(membership.c[part] for part in parts)).join(
        programme, programme.c.id == membership.c.programme
    )
    return _rows(query.where(membership.c.person == who).order_by(membership.c.joined_at))(connection)


def _photo(connection: Connection, who: PersonId) -> Rows:
    """The picture itself, as text that any program turns back into a PNG."""
    rows = connection.execute(select(photo.c.png, photo.c.at).where(photo.c.person == who))
    return [{"png_base64": b64encode(row.png).decode(), "at": row.at} for row in rows]


def _names(connection: Connection, who: PersonId) -> Rows:
    query = select(name_change.c.before, name_change.c.after, name_change.c.at).where(name_change.c.person == who)
    return _rows(query.order_by(name_change.c.at, name_change.c.id))(connection)


def _sources(connection: Connection, who: PersonId) -> Rows:
    return _rows(select(known_as.c.key, known_as.c.said).where(known_as.c.person == who).order_by(known_as.c.key))(
        connection
    )


def _requests(connection: Connection, who: PersonId) -> Rows:
    return [each.model_dump(mode="json") for each in participation.requests(connection, who, None)]


def _asks(connection: Connection, who: PersonId) -> Rows:
    """Without their numbers, which would tell how many others were asked before."""
    hidden = {"number", "version"}
    return [each.model_dump(mode="json", exclude=hidden) for each in questions.ever_asked(connection, who)]


def _consents(connection: Connection, who: PersonId) -> Rows:
    fields = {"role", "other", "channels", "at", "shared_at", "taken_back_at", "introduction"}
    given = participation.consents(connection, who, None)
    wordings = {row.introduction: row.wording for row in connection.execute(_wordings(who))}
    return [
        each.model_dump(mode="json", include=fields) | {"wording": wordings.get(each.introduction, "")}
        for each in given
    ]


def _wordings(who: PersonId) -> Select[Any]:
    return select(consent.c.introduction, consent.c.wording).where(consent.c.person == who)


def _words(connection: Connection, who: PersonId) -> Rows:
    query = select(words.c.introduction, words.c.kind, words.c.body, words.c.at).where(words.c.owner == who)
    return _rows(query.order_by(words.c.at, words.c.kind, words.c.id))(connection)


def _notes(connection: Connection, who: PersonId) -> Rows:
    query = select(private_note.c.introduction, private_note.c.readers, private_note.c.body, private_note.c.at)
    return _rows(query.where(private_note.c.owner == who).order_by(private_note.c.at, private_note.c.id))(connection)


def _letters(connection: Connection, who: PersonId) -> Rows:
    query = select(letter.c.introduction, letter.c.kind, letter.c.reminder, letter.c.settled_at)
    left = (letter.c.person == who, letter.c.state.in_(LEFT))
    return _rows(query.where(*left).order_by(letter.c.settled_at, letter.c.kind, letter.c.id))(connection)


def _drafts(connection: Connection, who: PersonId) -> Rows:
    return _rows(select(draft.c.programme, draft.c.body, draft.c.at).where(draft.c.person == who))(connection)


def _helps(connection: Connection, who: PersonId) -> Rows:
    return _rows(select(help_given.c.introduction, help_given.c.at).where(help_given.c.person == who))(connection)


def _blocks(connection: Connection, who: PersonId) -> Rows:
    """By name, whom they blocked by name; of whoever asked without one they are not told more by this."""
    name = case((block.c.by_name, person.c.name), else_="").label("name")
    query = select(name, block.c.at).join(person, person.c.id == block.c.blocked)
    return _rows(query.where(block.c.blocker == who).order_by(block.c.at))(connection)


def _hearing(connection: Connection, who: PersonId) -> Rows:
    return _rows(select(hearing.c.ways, hearing.c.hour).where(hearing.c.person == who))(connection)


def _looks(connection: Connection, who: PersonId) -> Rows:
    return [{"by": name, "at": at} for name, at in looks(connection, who)]


def _sessions(connection: Connection, who: PersonId) -> Rows:
    query = select(session.c.created_at, session.c.expires_at).where(session.c.person == who)
    return _rows(query.order_by(session.c.created_at))(connection)


SECTIONS: dict[str, Callable[[Connection, PersonId], Rows]] = {
    "person": _person,
    "names_you_corrected": _names,
    "your_photo": _photo,
    "ways_to_reach_you": _channels,
    "programmes": _programmes,
    "lists_you_came_with": _sources,
    "people_you_know": disclosed_to_person.ties,
    "your_requests": _requests,
    "questions_to_you": _asks,
    "what_you_agreed_to": _consents,
    "what_you_were_given": disclosed_to_person.given,
    "introductions_you_made": disclosed_to_person.made,
    "what_staff_wrote_to_you": disclosed_to_person.from_staff,
    "what_you_wrote": _words,
    "private_notes": _notes,
    "letters_to_you": _letters,
    "requests_begun": _drafts,
    "helps": _helps,
    "your_blocks": _blocks,
    "who_looked_at_your_details": _looks,
    "what_reaches_you_as_staff": _hearing,
    "sessions": _sessions,
}
