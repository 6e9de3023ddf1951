"""Erasure after a restored backup. Whoever the journal has a mark of is forgotten again."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from models.base import Frozen
from models.ids import PersonId
from store.boundaries import suppressions
from store.engine.secrets import Keys
from store.privacy.erasure import jobs
from store.privacy.erasure.jobs import ErasureAsked
from store.tables import erasure, person, suppression


class Noted(Frozen):
    """One line of the journal: whom, and under which marks their addresses are known again."""

    person: str
    tenant: str
    suppressed: tuple[str, ...]


class Replayed(Frozen):
    """Who has to go again, and how many marks of addresses had been lost."""

    people: tuple[PersonId, ...]
    marks: int


def replay(
    connection: Connection, keys: Keys, journal: Iterable[Noted], now: datetime
) -> tuple[Replayed, list[ErasureAsked]]:
    """Nothing is done for whoever is forgotten here already."""
    lines = tuple(journal)
    marks = sum(_mark_again(connection, line, now) for line in lines)
    here = set(connection.execute(select(erasure.c.mark)).scalars())
    missing = {line.person for line in lines} - here
    back = _whose(connection, keys, missing) if missing else ()
    asked = [jobs.ask(connection, each, keys, "journal", now) for each in back]
    return Replayed(people=back, marks=marks), asked


def _mark_again(connection: Connection, line: Noted, now: datetime) -> int:
    found = (suppression.c.tenant == line.tenant, suppression.c.address_hash.in_(line.suppressed))
    known = set(
        connection.execute(select(suppression.c.address_hash).where(*found, suppression.c.reason == "erased")).scalars()
    )
    lost = [each for each in line.suppressed if each not in known]
    for each in lost:
        suppressions.forget(connection, line.tenant, each, now)
    return len(lost)


def _whose(connection: Connection, keys: Keys, marks: set[str]) -> tuple[PersonId, ...]:
    people = connection.execute(select(person.c.id).where(person.c.erased_at.is_(None)).order_by(person.c.id)).scalars()
    return tuple(PersonId(each) for each in people if marks & set(keys.keyed_hashes(each.encode(), jobs.PURPOSE)))
