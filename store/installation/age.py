"""The age of the database, counted on before letters leave, and what holds them all once it turns out to be restored.

Every mailroom keeps the count in its own data folder too, out of the reach of a backup of the database. A database that
counts less than somebody has seen was brought back: letters planned in it may have left, links may be unknown to it.
"""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, exists, update

from store.installation import facts
from store.installation.facts import Fact, FactName
from store.tables import installation, letter

HoldCause = Literal["older", "copied", "new_folder", "word"]
JUMP = 100_000  # of the count as letters go on: beyond whatever any folder has seen of the world that is lost
TOLD_FOR = timedelta(days=90)  # so long links of letters that are not known here say so

_HOLDS = installation.alias()
_ON = (
    update(installation)
    .where(installation.c.name == FactName.MARK, ~exists().where(_HOLDS.c.name == FactName.RESTORED))
    .values(number=installation.c.number + 1)
    .returning(installation.c.number)
)


def now_at(connection: Connection) -> int:
    """How far it has counted; 0 before any mailroom has begun."""
    found = facts.get(connection, FactName.MARK)
    return found.number if found else 0


def count_on(connection: Connection, now: datetime) -> int | None:
    """The next number, written down before anything leaves; None while everything is held."""
    counted: int | None = connection.execute(_ON.values(at=now)).scalar_one_or_none()
    if counted is None and held(connection) is None:
        counted = facts.note_once(connection, FactName.MARK, now, number=1).number
    return counted


def held(connection: Connection) -> Fact | None:
    return facts.get(connection, FactName.RESTORED)


def hold(connection: Connection, why: HoldCause, now: datetime, seen: int = 0) -> bool:
    """From now on nothing leaves. `seen`: how far somebody knows it to have counted. True where nobody had said so."""
    earlier = held(connection)
    if earlier and earlier.number >= seen:
        return False
    if earlier:
        facts.note_down(connection, FactName.RESTORED, earlier.at, earlier.value, seen)
        return False
    facts.note_down(connection, FactName.RESTORED, now, why, seen)
    facts.note_down(connection, FactName.WAS_RESTORED, now)
    # Whatever was due when it turned out to be restored may have left from the database that is lost.
    due = (letter.c.state == "planned", letter.c.not_before <= now)
    connection.execute(update(letter).where(*due).values(may_have_left=now))
    stale = {"state": "dropped", "settled_at": now, "relay_said": "the database was brought back"}
    connection.execute(update(letter).where(*due, letter.c.kind == "sign_in").values(stale))
    return True


def let_go(connection: Connection, now: datetime) -> bool:
    """An operator has seen what would leave, and says go. False where nothing was held."""
    found = held(connection)
    if found is None:
        return False
    number = max(now_at(connection), found.number) + JUMP
    facts.note_down(connection, FactName.MARK, now, number=number)
    facts.note_down(connection, FactName.RELEASED, now)
    facts.drop(connection, FactName.RESTORED)
    return True


def was_restored(connection: Connection, now: datetime) -> bool:
    """Of late: links of letters that left from the database that is lost are unknown here."""
    found = facts.get(connection, FactName.WAS_RESTORED)
    return found is not None and now - found.at < TOLD_FOR
