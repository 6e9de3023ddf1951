"""Stories in which the law of clocks changes while people are waited for. Told on the real server."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from calendars.clocks import clock_of, law
from models.letters import DELIVERY, LetterKind
from models.process.state.stages import FollowingUp
from models.time.clocks import Clocks, ZoneClock
from models.time.open_hours import Days
from store.steps import clock_law
from store.tables import introduction, letter
from tests.cast import CARL, CLEO, OLIVE, ROSA, TOMOKO
from tests.support import rows
from tests.support.news_phrases import approves, opts_in
from tests.support.world import Life, World

EVERYBODY = (CARL, CLEO, OLIVE, ROSA, TOMOKO)
OLD_LAW = "2020a"


async def clocks_changed(world: World) -> Life:
    """All letters leave in people's hours, as they are; Carl is reminded at the hour that was meant."""
    world.relay_works = False
    life = await asked_under_another_law(world)
    before = (await life.state()).asks[-1]
    await the_law_changes(life)
    after = (await life.state()).asks[-1]
    assert after.remind_at
    assert before.remind_at
    told = dict(life.opening.clocks)[CARL.zone]
    assert clock_of(CARL.zone, after.remind_at).wall(after.remind_at) == told.wall(before.remind_at)
    world.relay_works = True
    await life.next_comes_due()
    await life.hear(approves(CARL))
    await life.next_comes_due()
    await life.hear(opts_in(TOMOKO))
    while not isinstance((await life.state()).stage, FollowingUp):
        await life.next_comes_due()
    for each in await _letters(life):
        assert _is_open(world, *each), each
    while not (await life.state()).closed:
        await life.next_comes_due()
    return life


async def asked_under_another_law(world: World) -> Life:
    """All it is told of clocks is an hour ahead of what they show."""
    clocks: Clocks = tuple((zone, _an_hour_ahead(zone)) for zone in sorted({each.zone for each in EVERYBODY}))
    life = await world.asked(clocks=clocks)
    older = update(introduction).where(introduction.c.id == life.opening.id).values(clock_law=OLD_LAW)
    await world.database.write(lambda connection: connection.execute(older))
    return life


async def the_law_changes(life: Life) -> None:
    """As the sweep of a mailroom with a newer `tzdata` tells it, once."""
    database, which = life.world.database, life.opening.id
    assert await database.read(clock_law.behind) == [which]
    assert await database.write(lambda connection: clock_law.tell(connection, which, datetime.now(UTC)))
    assert not await database.write(lambda connection: clock_law.tell(connection, which, datetime.now(UTC)))
    later = datetime.now(UTC) + timedelta(days=1)
    (kept,) = await database.write(lambda connection: rows.waiting(connection, later))
    await life.world.introductions.deliver(which, kept.envelope, timedelta(seconds=10))
    await life.settled()
    assert (await life.row()).clock_law == law()
    assert not await database.read(clock_law.behind)


def _an_hour_ahead(zone: str) -> ZoneClock:
    shown = clock_of(zone, datetime.now(UTC))
    return ZoneClock(offset=shown.offset + 60, changes=tuple((at, offset + 60) for at, offset in shown.changes))


async def _letters(life: Life) -> list[tuple[LetterKind, str, datetime]]:
    query = select(letter.c.kind, letter.c.person, letter.c.not_before).where(letter.c.introduction == life.opening.id)
    found = await life.world.database.read(lambda connection: connection.execute(query).all())
    return [(row.kind, row.person, row.not_before) for row in found]


def _is_open(world: World, kind: LetterKind, person: str, not_before: datetime) -> bool:
    zone = next(each.zone for each in EVERYBODY if each.id == person)
    calendar = world.rules.calendar(clock_of(zone, not_before), Days())
    return kind in DELIVERY or calendar.is_open(not_before)
