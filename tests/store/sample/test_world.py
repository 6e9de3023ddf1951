"""The sample world is one to play in at once, and seeded only where there is nobody yet."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, Select, func, select

import policies
from models.ids import PersonId
from models.process.verdict import Taken
from store.engine.database import Database, database
from store.journal import inbox
from store.people import person as people
from store.sample import life, world
from store.steps import unclaimed
from store.tables import channel, membership, person, tie
from store.views import introductions
from store.views.introductions import IntroductionFilter
from tests.cast import MONDAY
from tests.support.services.databases import Place
from tests.web.engine import Engine
from tests.web.house import Clock


@pytest.fixture
async def empty(place: Place) -> AsyncIterator[Database]:
    async with database(place.url, durable=False) as opened:
        yield opened


async def seeded(empty: Database) -> bool:
    return await empty.write(lambda connection: world.seed(connection, policies.shipped("demo"), MONDAY))


async def test_it_is_seeded_once(empty: Database) -> None:
    assert await seeded(empty)
    many = select(func.count()).select_from(person)
    before = await empty.read(lambda c: c.execute(many).scalar_one())
    assert not await seeded(empty)
    assert await empty.read(lambda c: c.execute(many).scalar_one()) == before


async def test_rosa_may_ask_and_two_connectors_know_tomoko_and_her(empty: Database) -> None:
    await seeded(empty)
    ids = {key: await named(empty, key) for key in ("rosa", "tomoko", "carl", "cleo", "olive", "stan")}
    rosa, stan = await profile(empty, ids["rosa"]), await profile(empty, ids["stan"])
    assert [each.requests for each in rosa.belongings] == [True]
    assert [(each.listed, each.requests, each.operates) for each in stan.belongings] == [(False, False, False)]
    assert (await profile(empty, ids["olive"])).operates
    for known in ("rosa", "tomoko"):
        knows = select(tie.c.connector).where(tie.c.person == ids[known], tie.c.confirmed_at.is_not(None))
        connectors = await empty.read(partial(_ids, query=knows))
        assert {ids["carl"], ids["cleo"]} <= connectors


async def test_no_address_of_the_sample_leads_anywhere(empty: Database) -> None:
    await seeded(empty)
    values = await empty.read(lambda c: list(c.execute(select(channel.c.value)).scalars()))
    assert all(".test" in value for value in values)


async def test_whoever_speaks_one_of_the_three_languages_is_there(empty: Database) -> None:
    await seeded(empty)
    spoken = select(person.c.language).join(membership, membership.c.person == person.c.id)
    assert await empty.read(lambda c: set(c.execute(spoken).scalars())) == {"en", "es", "pt"}


async def named(empty: Database, key: str) -> PersonId:
    found = await empty.read(lambda connection: world.person_called(connection, key))
    assert found
    return found


async def profile(empty: Database, person_id: PersonId) -> people.Profile:
    found = await empty.read(lambda connection: people.profile(connection, person_id))
    assert found
    return found


def _ids(connection: Connection, query: Select[str]) -> set[str]:
    return set(connection.execute(query).scalars())


async def test_what_is_under_way_comes_to_each_stage_by_itself(empty: Database) -> None:
    await seeded(empty)
    await empty.write(lambda connection: life.bring_to_life(connection, MONDAY))
    clock, engine = Clock(), Engine(empty, lambda: clock.now)
    for begun in await empty.write(lambda connection: unclaimed.claim_not_begun(connection, clock.now)):
        await engine.start(begun)
    for _ in range(3):
        await engine.letters_arrive()
        clock.passes(timedelta(seconds=30))
        unheard = await empty.write(lambda connection: unclaimed.claim_unheard(connection, clock.now))
        for introduction, said in unheard.items():
            for each in said:
                assert isinstance(await engine.heard(introduction, each.news, each.key), Taken)
                await empty.write(lambda connection, key=each.key: inbox.confirm(connection, key))  # type: ignore[misc]
    stages = await empty.read(
        lambda connection: introductions.stages(
            connection, IntroductionFilter(programmes=(world.PROGRAMME,)), clock.now
        )
    )
    assert stages == {"seeking": 1, "with_connector": 1, "with_parties": 1, "delivering": 1}
