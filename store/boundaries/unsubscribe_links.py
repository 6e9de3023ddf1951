"""Holders of unsubscribe links, and whether they still get letters."""

from datetime import datetime

from sqlalchemy import Connection

from models.base import Frozen
from models.ids import LetterId, PersonId
from store.access import link_tokens
from store.people import person as people
from store.people.identity import kept_record
from store.people.looks import ProgrammeLook
from store.people.presentation import programme_of


class LinkHolder(Frozen):
    """Whoever got the letter that this link came with."""


class Leaver(LinkHolder):
    """The reader of one letter, as far as its unsubscribe link tells: no name, no address, for links are forwarded."""

    person: PersonId
    letter: LetterId
    language: str
    zone: str
    programme: str  # in whose name they are written to
    has_left: bool
    look: ProgrammeLook | None = None


class Forgotten(LinkHolder):
    """Whoever got that letter is not on file any more. Their mail program may press its button all the same."""


def by_link(connection: Connection, raw: str, now: datetime) -> LinkHolder | None:
    """None for a link that is unknown, expired or for something else.

    Of two records that were put together since, the one that is kept leaves.
    """
    found = link_tokens.find(connection, raw, "unsubscribe")
    if found is None or found.has_expired(now) or found.letter is None:
        return None
    who = kept_record(connection, found.person)
    person, programme = people.person_named(connection, who), programme_of(connection, who)
    if person is None:
        return Forgotten()
    return Leaver(
        person=person.id,
        letter=found.letter,
        language=person.language,
        zone=person.zone,
        programme=programme.name if programme else "",
        has_left=person.opted_out_at is not None,
        look=programme.look if programme else None,
    )
