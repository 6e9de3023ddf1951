"""Holders of unsubscribe links, and whether they still get letters."""

from datetime import datetime

from sqlalchemy import Connection

from models.base import Frozen
from models.ids import LetterId, PersonId
from store.access import link_tokens
from store.people import person as people
from store.people.presentation import programme_of


class Leaver(Frozen):
    """The reader of one letter, as far as its unsubscribe link tells: no name, no address, for links are forwarded."""

    person: PersonId
    letter: LetterId
    language: str
    zone: str
    programme: str  # in whose name they are written to
    has_left: bool


def by_link(connection: Connection, raw: str, now: datetime) -> Leaver | None:
    """None for a link that is unknown, expired or for something else, and for somebody who is gone."""
    found = link_tokens.find(connection, raw, "unsubscribe")
    if found is None or found.has_expired(now) or found.letter is None:
        return None
    person, programme = people.person_named(connection, found.person), programme_of(connection, found.person)
    if person is None:
        return None
    return Leaver(
        person=person.id,
        letter=found.letter,
        language=person.language,
        zone=person.zone,
        programme=programme.name if programme else "",
        has_left=person.opted_out_at is not None,
    )
