"""A copy about one person in the hands of staff or of a program: only what these may read of them, and at that time.

A party's no is told by dates, gaps and rows as well as by words. So of an introduction under way nothing is in it, and
of none an answer, an agreement, a letter or a block: whatever was said, the same is left out, and it always says so.
The whole copy is given to the person alone (`copy_of`, on their own page).
"""

from datetime import datetime

from sqlalchemy import Connection, not_, or_, select

from models.acts import TEXTS
from models.ids import IntroductionId, PersonId
from store.asks import held_answers, private_notes
from store.asks.facts import masked
from store.journal.disclosure_columns import is_kept_back
from store.privacy.erasure import records_of
from store.privacy.export.copy import SECTIONS, Copy, Rows, plain
from store.requests.answers import READ_BY_STAFF as READ_ANSWERS
from store.requests.words import TYPED
from store.tables import channel, introduction, known_as, private_note, words
from store.views.own.participation import requests
from store.views.staff_story import WORDS_FOR_STAFF

LEFT_OUT = (
    "This copy holds what the programme's staff may read. Always left out, whatever they hold: everything about "
    "introductions still under way, answers, agreements, letters, blocks, opt-outs, ties, words and notes that are not "
    "for the staff, and the rest of each way to be reached. The whole copy is on the person's own page, under Settings."
)
READ_BY_STAFF = (*TEXTS, TYPED, READ_ANSWERS, *WORDS_FOR_STAFF)
ALIKE = ("programmes", "names_you_corrected", "who_looked_at_your_details")  # staff read these as the person does
PERSON = ("id", "name", "language", "zone", "country", "region", "headline", "organisation", "topics", "places")


class StaffCopy(Copy):
    """`left_out`: that there is more, in words that are the same for everybody."""

    left_out: str = LEFT_OUT


def copy_for_staff(connection: Connection, who: PersonId, now: datetime) -> StaffCopy:
    """Of all their records, where several were put together."""
    everything: dict[str, Rows] = {}
    for each in records_of.records(connection, who):
        for name, rows in _sections(connection, each, now).items():
            everything.setdefault(name, []).extend(plain(row) for row in rows)
    return StaffCopy(person=who, at=now, sections=everything)


def _sections(connection: Connection, who: PersonId, now: datetime) -> dict[str, Rows]:
    shown = _shown(connection, now)
    own = {name: SECTIONS[name](connection, who) for name in ("person", *ALIKE)}
    own["person"] = [{name: row[name] for name in PERSON} for row in own["person"]]
    staffs = SECTIONS["what_staff_wrote_to_you"](connection, who)
    return own | {
        "ways_to_reach_you": _ways(connection, who),
        "lists_you_came_with": _sources(connection, who),
        "your_requests": [
            each.model_dump(mode="json") for each in requests(connection, who, None) if each.introduction in shown
        ],
        "what_staff_wrote_to_you": [row for row in staffs if row["introduction"] in shown],
        "what_you_wrote": _words(connection, who, shown),
        "private_notes": _notes(connection, who, shown),
    }


def _shown(connection: Connection, now: datetime) -> set[IntroductionId]:
    """Those that have introduced somebody or are over, to the knowledge of staff."""
    is_settled = or_(introduction.c.delivered_at.is_not(None), introduction.c.closed_at.is_not(None))
    query = select(introduction.c.id).where(is_settled, not_(is_kept_back(now)))
    return {IntroductionId(key) for key in connection.execute(query).scalars()}


def _ways(connection: Connection, who: PersonId) -> Rows:
    """Masked, as in the console: each look behind the mask is kept there."""
    query = select(channel.c.kind, channel.c.value, channel.c.source, channel.c.created_at)
    theirs = (channel.c.person == who, channel.c.ended_at.is_(None), channel.c.introduction.is_(None))
    rows = connection.execute(query.where(*theirs).order_by(channel.c.created_at, channel.c.id))
    return [dict(row._mapping) | {"value": masked(row.kind, row.value)} for row in rows]


def _sources(connection: Connection, who: PersonId) -> Rows:
    rows = connection.execute(select(known_as.c.key).where(known_as.c.person == who).order_by(known_as.c.key))
    return [{"key": row.key} for row in rows]


def _words(connection: Connection, who: PersonId, shown: set[IntroductionId]) -> Rows:
    query = select(words.c.id, words.c.introduction, words.c.kind, words.c.body, words.c.at)
    theirs = (words.c.owner == who, words.c.kind.in_(READ_BY_STAFF))
    rows = connection.execute(query.where(*theirs).order_by(words.c.at, words.c.kind, words.c.id)).all()
    unheard = held_answers.unheard_words(connection, {row.introduction for row in rows})
    told = (row._mapping for row in rows if row.introduction in shown and row.id not in unheard)
    return [{name: value for name, value in row.items() if name != "id"} for row in told]


def _notes(connection: Connection, who: PersonId, shown: set[IntroductionId]) -> Rows:
    query = select(private_note.c.introduction, private_note.c.body, private_note.c.at)
    theirs = (private_note.c.owner == who, private_note.c.readers == private_notes.PROGRAMME)
    told = query.where(*theirs, not_(held_answers.has_held_beside())).order_by(private_note.c.at, private_note.c.id)
    return [dict(row._mapping) for row in connection.execute(told) if row.introduction in shown]
