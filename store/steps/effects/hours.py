"""Hours of people far away: the clocks an introduction has not been told of, and letters that keep their hour."""

from sqlalchemy import Row, select, update

from calendars.clocks import clock_of
from models.effects import KeepHours, OnTheWall
from models.policy.lifetime import lifetime
from models.time.clocks import ZoneClock, kept_on_the_wall
from store.steps.effects.writer import Writing
from store.tables import introduction, letter


def new_clock(writing: Writing, zone: str) -> ZoneClock | None:
    """The clock of a zone in which nobody of it lived so far. Openings of the first releases have none at all."""
    opening = writing.opening
    if not opening.clocks or any(name == zone for name, _ in opening.clocks):
        return None
    return clock_of(zone, writing.now).between(opening.asked_at, opening.asked_at + lifetime(opening.policy))


def keep_hours(writing: Writing, effect: KeepHours) -> None:
    """Letters move with the law; from now on the introduction counts by it."""
    for reader in effect.readers:
        query = select(letter.c.id, letter.c.not_before, letter.c.next_try_at)
        waiting = (letter.c.person == reader.person, letter.c.state == "planned")
        for row in writing.run(query.where(letter.c.introduction == writing.introduction, *waiting)).all():
            _move(writing, row, reader)
    known = max(writing.row.clock_law, effect.law)
    writing.run(update(introduction).where(introduction.c.id == writing.introduction).values(clock_law=known))


def _move(writing: Writing, row: Row[tuple[str, ...]], reader: OnTheWall) -> None:
    not_before = kept_on_the_wall(row.not_before, reader.before, reader.after, writing.now)
    # No try before that: a mailroom that is told of one which may not be made looks again and again.
    tries_again = not_before if row.next_try_at == row.not_before else max(row.next_try_at, not_before)
    values = {"not_before": not_before, "next_try_at": tries_again}
    writing.run(update(letter).where(letter.c.id == row.id).values(values))
