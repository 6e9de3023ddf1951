"""The days off of the countries people live in are known before the first transaction needs them."""

from datetime import timedelta

from sqlalchemy import update

import calendars
from store.engine.database import database
from store.people.locale import Country, get_ready
from store.tables import person
from tests.cast import CARL, MONDAY, policy
from tests.support import rows
from tests.support.services.databases import Place


async def test_at_the_start_the_days_off_are_loaded_that_somebody_lives_by(place: Place) -> None:
    calendars._days.cache_clear()
    place.run(lambda connection: rows.settle_in(connection, policy("demo"), MONDAY))
    async with database(place.url) as opened:
        await get_ready(opened, MONDAY)
        assert calendars._days.cache_info().currsize == 0  # nobody has said where they live
        place.run(
            lambda connection: connection.execute(update(person).where(person.c.id == CARL.id).values(country="SE"))
        )
        await get_ready(opened, MONDAY)
    assert calendars._days.cache_info().currsize == 1
    assert Country(code="SE").days(MONDAY + timedelta(days=1)).holidays
    assert calendars._days.cache_info().misses == 1


async def test_a_database_that_is_away_keeps_nobody_from_starting() -> None:
    async with database("postgresql://nobody:none@127.0.0.1:9/nothing") as away:
        await get_ready(away, MONDAY)
