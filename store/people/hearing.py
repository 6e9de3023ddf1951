"""Hearing of operators: what of their desk reaches each by letter, and how far their mornings have been looked at."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from calendars.clocks import clock_of
from models.base import Frozen
from models.desk import DeskKind, StaffHearing
from models.ids import PersonId, ProgrammeId
from models.time.open_hours import Calendar, Days
from store.people.locale import LIVES, country_of, somebody
from store.tables import hearing, membership, person

A_WEEK = 8  # days looked back for the latest morning; nobody's days off last longer than that without one


class StaffToTell(Frozen):
    """An operator who may be written to, and where they work."""

    person: PersonId
    programmes: tuple[ProgrammeId, ...]
    zone: str
    days: Days
    hearing: StaffHearing
    morning_at: datetime | None  # None: nobody has looked yet

    def latest_morning(self, now: datetime) -> datetime | None:
        """The last instant at which a morning's letter was due, on a working day of theirs."""
        calendar = Calendar(clock=clock_of(self.zone, now), days=self.days)
        today = calendar.clock.wall(now)
        hour = datetime.min.time().replace(hour=self.hearing.hour)
        for back in range(A_WEEK):
            day = today.date() - timedelta(days=back)
            due = calendar.clock.instant(datetime.combine(day, hour))
            if due <= now and calendar.is_working(day):
                return due
        return None


def readers(connection: Connection, now: datetime) -> Iterator[StaffToTell]:
    """Every operator, but for who is gone or wants no letters of ours at all."""
    rows = connection.execute(
        select(*LIVES, membership.c.programme, hearing.c.ways, hearing.c.hour, hearing.c.morning_at)
        .join(membership, membership.c.person == person.c.id)
        .outerjoin(hearing, hearing.c.person == person.c.id)
        .where(
            membership.c.operates,
            person.c.erased_at.is_(None),
            person.c.merged_into.is_(None),
            person.c.opted_out_at.is_(None),
        )
        .order_by(person.c.id, membership.c.joined_at, membership.c.programme)
    ).all()
    for _, theirs in groupby(rows, key=lambda row: row.id):
        each = list(theirs)
        lives = somebody(each[0], country_of(connection, each[0].programme), now)
        yield StaffToTell(
            person=lives.id,
            programmes=tuple(row.programme for row in each),
            zone=lives.zone,
            days=lives.days,
            hearing=_read(each[0]),
            morning_at=each[0].morning_at,
        )


def of_operator(connection: Connection, who: PersonId) -> StaffHearing:
    row = connection.execute(select(hearing).where(hearing.c.person == who)).one_or_none()
    return _read(row) if row else StaffHearing()


def keep(connection: Connection, who: PersonId, chosen: StaffHearing, now: datetime) -> None:
    """As they say. What of this morning has been told is not told again for another hour of the day."""
    values = {"ways": dict(chosen.ways), "hour": chosen.hour, "morning_at": now}
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(hearing)
    first = insert.values(person=who, **values)
    connection.execute(first.on_conflict_do_update(index_elements=[hearing.c.person], set_=values))


def look(connection: Connection, reader: StaffToTell, morning: datetime) -> bool:
    """This morning is looked at once, by whichever mailroom comes first. Of a newcomer the next one is the first."""
    if reader.morning_at is None:
        keep(connection, reader.person, reader.hearing, morning)
        return False
    due = (hearing.c.person == reader.person, hearing.c.morning_at < morning)
    return connection.execute(update(hearing).where(*due).values(morning_at=morning)).rowcount == 1


def _read(row: object) -> StaffHearing:
    ways, hour = getattr(row, "ways", None), getattr(row, "hour", None)
    if ways is None or hour is None:
        return StaffHearing()
    known = {kind: ways[kind] for kind in DeskKind if kind in ways}  # a newer version may know more of them
    return StaffHearing(ways=known, hour=hour)
