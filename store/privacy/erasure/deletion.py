"""Deletion of one person's words, names and addresses, table by table, counted.

What stays is opaque: their id on what they were part of, the sealed ledger, who agreed to what and when, keyed marks
of their addresses, so that no import brings them back, and hashes of their unsubscribe links, which go on answering.
"""

import re
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select, update
from sqlalchemy.sql.schema import Table

from models.ids import PersonId
from store.access import link_tokens
from store.audit import exposure
from store.people import photos
from store.people.names.corrections import former_names
from store.privacy.erasure import jobs, records_of
from store.privacy.erasure.jobs import ErasureJob
from store.requests.words import TYPED
from store.tables import (
    asks_pause,
    block,
    channel,
    conflict,
    contact_view,
    draft,
    hearing,
    idempotency,
    introduction,
    known_as,
    letter,
    mail,
    membership,
    name_change,
    person,
    private_note,
    programme,
    rate,
    session,
    tie,
    token,
    told_to_staff,
    words,
)
from store.tables.folded_columns import folded

DeletedRows = dict[str, int]
SIDES = (conflict.c.one, conflict.c.other)
EMPTY: dict[str, object] = folded({}) | {
    "name": "",
    "called": "",
    "headline": "",
    "organisation": "",
    "topics": [],
    "places": [],
    "places_shown": False,
    "photo": None,
    "photo_shown": False,
    "salt": None,
    "paused_until": None,
    "language": "en",
    "zone": "UTC",
    "country": None,
    "region": None,
}


def carry_out(connection: Connection, which: ErasureJob, now: datetime) -> bool:
    """All of it in one transaction, with the proof; False where somebody else was first."""
    if not jobs.step(connection, which, "wiped", now, wiped_at=now):
        return False
    return again(connection, which, now) or True


def again(connection: Connection, which: ErasureJob, now: datetime) -> bool:
    """Safe to repeat: whether anything had come back since, which is counted too."""
    exposure.remember(connection, frozenset(), now)  # that they were here is not forgotten with who they were
    counts = _wipe(connection, which.person, now)
    jobs.count(connection, which, counts)
    return bool(counts)


def foreseen(connection: Connection, who: PersonId, now: datetime) -> DeletedRows:
    """How much would go, of what staff may know the number of (`COUNTED`), without anything going."""
    with connection.begin_nested() as trial:
        counts = _wipe(connection, who, now)
        trial.rollback()
    return {name: many for name, many in counts.items() if name in COUNTED}


def _wipe(connection: Connection, who: PersonId, now: datetime) -> DeletedRows:
    counts = {name: clear(connection, who, now) for name, clear in CLEARED.items()}
    return {name: many for name, many in counts.items() if many}


def _delete(table: Table, *where: ColumnElement[bool]) -> Callable[[Connection], int]:
    return lambda connection: connection.execute(table.delete().where(*where)).rowcount


def _person(connection: Connection, who: PersonId, now: datetime) -> int:
    still_there = or_(person.c.name != "", person.c.salt.is_not(None), person.c.erased_at.is_(None))
    changed = update(person).where(person.c.id == who, still_there).values(EMPTY | {"erased_at": now})
    return connection.execute(changed).rowcount


def _signatures(connection: Connection, who: PersonId, now: datetime) -> int:
    """A programme that signs its letters with their name, or sends them under it, does so no more."""
    theirs = connection.execute(select(person.c.name, person.c.tenant).where(person.c.id == who)).one_or_none()
    if theirs is None or not theirs.name:
        return 0
    names = "|".join(re.escape(each.casefold()) for each in (theirs.name, *former_names(connection, who)) if each)
    as_a_name = re.compile(rf"(?<!\w)(?:{names})(?!\w)")  # "Ana" does not stand in "Banana"
    own = (programme.c.sender, programme.c.signature)
    changed = 0
    for row in connection.execute(select(programme.c.id, *own).where(programme.c.tenant == theirs.tenant)).all():
        said = {each.name: row._mapping[each.name] or "" for each in own}
        named = {name: None for name, text in said.items() if as_a_name.search(text.casefold())}
        if named:
            changed += connection.execute(update(programme).where(programme.c.id == row.id).values(named)).rowcount
    return changed


def _words(connection: Connection, who: PersonId, now: datetime) -> int:
    """Theirs, what requesters called them, and what operators wrote beside a letter: it may speak of them."""
    about = select(introduction.c.id).where(introduction.c.target == who)
    named = words.c.introduction.in_(about) & (words.c.kind == TYPED)
    beside = words.c.introduction.in_(records_of.introductions(connection, who)) & words.c.kind.in_(("advice", "line"))
    return _delete(words, or_(words.c.owner == who, named, beside))(connection)


def _letters(connection: Connection, who: PersonId, now: datetime) -> int:
    """Nothing leaves for them any more; sign-in letters belong to nothing that would miss them."""
    gone = _delete(letter, letter.c.person == who, letter.c.introduction.is_(None))(connection)
    unsent = update(letter).where(letter.c.person == who, letter.c.state == "planned")
    return gone + connection.execute(unsent.values(state="dropped", settled_at=now, relay_said="erased")).rowcount


def _mail(connection: Connection, who: PersonId, now: datetime) -> int:
    """The mail page's copies: theirs, and every letter of an introduction of theirs, which may name or quote them."""
    about = select(letter.c.id).where(letter.c.introduction.in_(records_of.introductions(connection, who)))
    return _delete(mail, or_(mail.c.person == who, mail.c.letter.in_(about)))(connection)


def _tokens(connection: Connection, who: PersonId, now: datetime) -> int:
    """Their links, and those somebody was to hand on to them."""
    about = select(introduction.c.id).where(introduction.c.target == who)
    forwarded = (token.c.purpose == "forwarded") & token.c.introduction.in_(about)
    return link_tokens.close_all(connection, who) + _delete(token, forwarded)(connection)


def _answers(connection: Connection, who: PersonId, now: datetime) -> int:
    """What the API has answered about their introductions, kept for whoever asks again."""
    about = records_of.introductions(connection, who)
    return sum(
        _delete(idempotency, idempotency.c.response.contains(each, autoescape=True))(connection) for each in about
    )


# Of what is kept of a person, the numbers that no answer of theirs moves. The others tell of a no on the day on which
# it is said: its reason is a text, it stops letters that wait and their links, a block may go with it (S41).
COUNTED = frozenset(
    {"asks_pause", "tie", "known_as", "membership", "conflict", "draft", "session", "contact_view", "rate", "person"}
    | {"programme", "photo", "name_change", "hearing", "told_to_staff"}
)

CLEARED: dict[str, Callable[[Connection, PersonId, datetime], int]] = {
    "words": _words,
    "private_note": lambda connection, who, _: _delete(private_note, private_note.c.owner == who)(connection),
    "asks_pause": lambda connection, who, _: _delete(asks_pause, asks_pause.c.person == who)(connection),
    "channel": lambda connection, who, _: _delete(channel, channel.c.person == who)(connection),
    "tie": lambda connection, who, _: _delete(tie, or_(tie.c.connector == who, tie.c.person == who))(connection),
    "known_as": lambda connection, who, _: _delete(known_as, known_as.c.person == who)(connection),
    "membership": lambda connection, who, _: _delete(membership, membership.c.person == who)(connection),
    "block": lambda connection, who, _: _delete(block, block.c.blocker == who)(connection),
    "conflict": lambda connection, who, _: _delete(conflict, or_(*(side == f"person {who}" for side in SIDES)))(
        connection
    ),
    "draft": lambda connection, who, _: _delete(draft, draft.c.person == who)(connection),
    "session": lambda connection, who, _: _delete(session, session.c.person == who)(connection),
    "contact_view": lambda connection, who, _: _delete(contact_view, contact_view.c.person == who)(connection),
    "rate": lambda connection, who, _: _delete(rate, rate.c.scope == f"sign_in:{who}")(connection),
    "token": _tokens,
    "mail": _mail,
    "idempotency": _answers,
    "letter": _letters,
    "programme": _signatures,
    "photo": lambda connection, who, _: photos.remove(connection, who),
    "name_change": lambda connection, who, _: _delete(name_change, name_change.c.person == who)(connection),
    "hearing": lambda connection, who, _: _delete(hearing, hearing.c.person == who)(connection),
    "told_to_staff": lambda connection, who, _: _delete(told_to_staff, told_to_staff.c.person == who)(connection),
    "person": _person,
}
