"""Facts, one row each, read and written by name."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from models.base import Frozen
from store.tables import installation


class FactName(StrEnum):
    NAMESPACE = "namespace"  # the id of the Temporal namespace in which everything is under way
    STRANGE = "strange_namespace"  # the id of another one, which a process has met since
    WORD = "word"  # an operator's: what is under way may be begun anew, whatever Temporal holds
    BEGUN_ANEW = "begun_anew"  # how many without such a word, since when
    MARK = "mark"  # the database's age: counted on before letters leave
    RESTORED = "restored"  # it is older than the world: nothing leaves
    RELEASED = "released"  # an operator has seen what would leave, and said go
    WEBS = "webs"  # where a web of this installation has ever answered
    WAS_RESTORED = "was_restored"  # when that was found out last


class Fact(Frozen):
    value: str
    number: int
    at: datetime


def get(connection: Connection, name: FactName) -> Fact | None:
    columns = (installation.c.value, installation.c.number, installation.c.at)
    row = connection.execute(select(*columns).where(installation.c.name == name)).one_or_none()
    return Fact(value=row.value, number=row.number, at=row.at) if row else None


def note_down(connection: Connection, name: FactName, at: datetime, value: str = "", number: int = 0) -> None:
    """From now on this is so, whatever was."""
    fresh = {"value": value, "number": number, "at": at}
    statement = _insert(connection).values(name=name, **fresh)
    connection.execute(statement.on_conflict_do_update(index_elements=[installation.c.name], set_=fresh))


def note_once(connection: Connection, name: FactName, at: datetime, value: str = "", number: int = 0) -> Fact:
    """The first who says it is right; what counts comes back."""
    statement = _insert(connection).values(name=name, value=value, number=number, at=at)
    connection.execute(statement.on_conflict_do_nothing())
    found = get(connection, name)
    assert found
    return found


def taken_in_hand(connection: Connection, name: FactName, at: datetime) -> Fact:
    """What it says, for whoever changes it by that: others wait until this transaction is over."""
    fresh = _insert(connection).values(name=name, value="", number=0, at=at)
    kept = fresh.on_conflict_do_update(index_elements=[installation.c.name], set_={"number": installation.c.number})
    row = connection.execute(kept.returning(installation.c.value, installation.c.number, installation.c.at)).one()
    return Fact(value=row.value, number=row.number, at=row.at)


def drop(connection: Connection, *names: FactName) -> None:
    connection.execute(delete(installation).where(installation.c.name.in_(names)))


def _insert(connection: Connection) -> postgresql.Insert | sqlite.Insert:
    return (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(installation)
