"""The Temporal namespace of this installation, and when an introduction may be begun anew in it.

Beside a wrong or an empty namespace everything would look lost, and would be begun a second time. So the id of the
right one is kept, and whoever starts anything compares; and where many are missing at once, somebody has to say go.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.ids import IntroductionId
from store.engine.database import Database
from store.installation import facts
from store.installation.facts import FactName
from store.tables import introduction

FEW, WITHIN = 2, timedelta(hours=1)  # so many are begun anew within that time without anybody's word


class Namespaces(NamedTuple):
    """What is known of the namespace, for doctor, console and commands."""

    known: str | None
    strange: str | None  # a process has met this one instead


def recognise(connection: Connection, found: str, now: datetime) -> bool:
    """Whether this namespace is ours. The first one is, and any one while nothing is under way elsewhere."""
    known = facts.get(connection, FactName.NAMESPACE)
    if known is None:
        known = facts.note_once(connection, FactName.NAMESPACE, now, found)
    if known.value != found and not _is_under_way(connection):
        facts.note_down(connection, FactName.NAMESPACE, now, found)
    elif known.value != found:
        facts.note_down(connection, FactName.STRANGE, now, found)
        return False
    facts.drop(connection, FactName.STRANGE)
    return True


def recogniser(database: Database, clock: Callable[[], datetime]) -> Callable[[str], Awaitable[bool]]:
    """The same, for whoever starts introductions: mostly there is nothing to write."""

    async def is_ours(found: str) -> bool:
        if await database.read(lambda connection: is_known(connection, found)):
            return True
        now = clock()
        return await database.write(lambda connection: recognise(connection, found, now))

    return is_ours


def is_known(connection: Connection, found: str) -> bool:
    """Whether it is the one that was known, and no process has met another: then there is nothing to write."""
    known = facts.get(connection, FactName.NAMESPACE)
    return known is not None and known.value == found and facts.get(connection, FactName.STRANGE) is None


def say_go(connection: Connection, now: datetime) -> None:
    """An operator's word: the next namespace that is met is ours, and what it lacks is begun anew."""
    facts.drop(connection, FactName.NAMESPACE, FactName.STRANGE, FactName.BEGUN_ANEW)
    facts.note_down(connection, FactName.WORD, now)


def may_begin_anew(connection: Connection, introduction_id: IntroductionId, now: datetime) -> bool:
    """By an operator's word, for all that had been started before it; else a few within an hour. Counted here."""
    word = facts.get(connection, FactName.WORD)
    query = select(introduction.c.started_at).where(introduction.c.id == introduction_id)
    started = connection.execute(query.with_for_update()).scalar_one_or_none()
    if word and (started is None or started <= word.at):
        return True
    before = facts.taken_in_hand(connection, FactName.BEGUN_ANEW, now)
    many = before.number if now - before.at < WITHIN else 0
    if many >= FEW:
        return False
    since = before.at if many else now
    facts.note_down(connection, FactName.BEGUN_ANEW, since, number=many + 1)
    return True


def look(connection: Connection) -> Namespaces:
    known, strange = facts.get(connection, FactName.NAMESPACE), facts.get(connection, FactName.STRANGE)
    return Namespaces(known.value if known else None, strange.value if strange else None)


def _is_under_way(connection: Connection) -> bool:
    """Whether Temporal must be holding any introduction."""
    begun = (introduction.c.closed_at.is_(None), introduction.c.started_at.is_not(None))
    return connection.execute(select(introduction.c.id).where(*begun).limit(1)).first() is not None
