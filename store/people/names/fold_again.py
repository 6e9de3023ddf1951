"""Folded columns of whoever came before them, or came with an older version of the program while it still ran."""

from functools import partial

from sqlalchemy import Connection, bindparam, select, update

from store.engine.database import Database
from store.tables import person
from store.tables.folded_columns import folded

AT_ONCE = 500  # rows in one transaction: nobody waits long for it


async def fold_again(database: Database) -> None:
    """An index holds whom nobody finds, so that looking costs nothing where there is none."""
    last = await database.read(partial(_next, after=""))
    while last:
        last = await database.write(partial(_fold_some, after=last))


def _next(connection: Connection, after: str) -> str | None:
    missed = (person.c.entry_folded == "", person.c.erased_at.is_(None), person.c.id >= after)
    return connection.execute(select(person.c.id).where(*missed).order_by(person.c.id).limit(1)).scalar_one_or_none()


def _fold_some(connection: Connection, after: str) -> str | None:
    facts = select(person.c.id, person.c.name, person.c.headline, person.c.organisation, person.c.topics)
    missed = (person.c.entry_folded == "", person.c.erased_at.is_(None), person.c.id >= after)
    rows = connection.execute(facts.where(*missed).order_by(person.c.id).limit(AT_ONCE).with_for_update()).all()
    values = [folded(row._asdict()) | {"who": row.id} for row in rows]
    if values:
        connection.execute(update(person).where(person.c.id == bindparam("who")), values)
    return _next(connection, rows[-1].id + "!") if rows else None
