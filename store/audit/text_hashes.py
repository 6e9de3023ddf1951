"""Texts compared with the ledger's hashes. Those that are gone can no longer be compared; that is no fault."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from models.ids import IntroductionId
from models.record.ledger import Began, Entry, Moved
from store.journal.ledger import text_hash
from store.requests.words import text_ids
from store.tables import person, words


def compare(connection: Connection, introduction_id: IntroductionId, events: Sequence[Entry]) -> tuple[list[str], int]:
    """What is wrong, and how many texts are gone."""
    sealed = dict(_sealed(connection, introduction_id, events))
    rows = connection.execute(
        select(words.c.id, words.c.body, person.c.salt)
        .join(person, person.c.id == words.c.owner)
        .where(words.c.id.in_(sealed))
    )
    here = {row.id: text_hash(row.salt, row.body) for row in rows if row.salt}
    wrong = [f"{each} is not what was sealed" for each, found in here.items() if found != sealed[each]]
    return wrong, len(sealed.keys() - here.keys())


def _sealed(
    connection: Connection, introduction_id: IntroductionId, events: Sequence[Entry]
) -> Iterator[tuple[str, str]]:
    """Each text's row, and its hash in the ledger."""
    first = text_ids(connection, introduction_id, 1)
    for event in (entry.event for entry in events):
        if isinstance(event, Began):
            yield from ((first[name], hashed) for name, hashed in event.texts if hashed and name in first)
        elif isinstance(event, Moved):
            yield from ((key, hashed) for key, hashed in event.texts if hashed)
