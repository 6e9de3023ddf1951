"""A person's locale. Their clock, and their days off from the months ahead."""

import contextlib
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from calendars import days_of
from models.base import Frozen
from models.ids import PersonId, ProgrammeId
from models.news import Somebody
from models.time.open_hours import Days
from store.engine.database import Database, DatabaseAway
from store.tables import person, programme

LIVES = (person.c.id, person.c.zone, person.c.country, person.c.region)
MOST = 100  # countries that are loaded ahead


class Country(Frozen):
    """Whose weekend and holidays count; None where nobody has said."""

    code: str | None = None
    region: str | None = None

    def days(self, now: datetime) -> Days:
        return days_of(self.code, self.region, now.date())


async def get_ready(database: Database, now: datetime) -> None:
    """No transaction waits for the days off to be loaded later. Where the database is away, the first one does."""
    with contextlib.suppress(DatabaseAway, DBAPIError):
        await database.read(lambda connection: know_days_off(connection, now))


def know_days_off(connection: Connection, now: datetime) -> None:
    """Load the days off of every country that somebody lives in; none where nobody has said."""
    for column in (programme.c.country, person.c.country):
        known = select(column).where(column.is_not(None)).distinct().limit(MOST)
        for code in connection.execute(known.order_by(column)).scalars():
            Country(code=code).days(now)


def country_of(connection: Connection, programme_id: ProgrammeId) -> Country:
    """The programme's own, by which its operators live, and whoever has not said otherwise."""
    query = select(programme.c.country, programme.c.region).where(programme.c.id == programme_id)
    row = connection.execute(query).one()
    return Country(code=row.country, region=row.region)


def somebody(row: Any, home: Country, now: datetime) -> Somebody:
    """One row of `LIVES`. A country of one's own brings its own region or none."""
    lives = Country(code=row.country, region=row.region) if row.country else home
    return Somebody(id=PersonId(row.id), zone=row.zone, days=lives.days(now))


def somebody_called(connection: Connection, who: PersonId, home: Country, now: datetime) -> Somebody:
    return somebody(connection.execute(select(*LIVES).where(person.c.id == who)).one(), home, now)
