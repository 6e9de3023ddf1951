"""Where does somebody live, as the process needs to know it? Their clock, and their days off from the months ahead."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from calendars import days_of
from models.base import Frozen
from models.days import Days
from models.ids import PersonId, ProgrammeId
from models.news import Somebody
from store.tables import person, programme

LIVES = (person.c.id, person.c.zone, person.c.country, person.c.region)


class Country(Frozen):
    """Whose weekend and holidays count; None where nobody has said."""

    code: str | None = None
    region: str | None = None

    def days(self, now: datetime) -> Days:
        return days_of(self.code, self.region, now.date())


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
