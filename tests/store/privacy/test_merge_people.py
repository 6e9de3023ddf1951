"""Two records of one human being are put together so that nothing gets wider (S32)."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from models.ids import PersonId
from models.policy.policy import PauseRules
from models.time.open_hours import Calendar
from store.boundaries import resting_asks
from store.people.identity import has_blocked
from store.privacy import merge_people
from store.privacy.erasure import records_of
from store.tables import block, channel, membership, no_show, person, tie
from tests.cast import CARL, CLEO, CORA, MONDAY, PROGRAMME, ROSA, STAN, TOMOKO, Person
from tests.store.privacy.erasure.house import STORIES, Home, home
from tests.support import rows

DAY = timedelta(days=1)


async def _join(here: Home, kept: PersonId, given_up: PersonId) -> merge_people.MergeRefusal | None:
    return await here.database.write(lambda connection: merge_people.join(connection, kept, given_up, MONDAY))


async def test_the_stricter_of_both_stands_whichever_is_kept(tmp_path: Path) -> None:
    async with home(tmp_path) as here:

        def differ(connection: object) -> None:
            run = connection.execute  # type: ignore[attr-defined]
            run(update(person).where(person.c.id == CORA.id).values(opted_out_at=MONDAY))
            run(update(person).where(person.c.id == CLEO.id).values(paused_until=MONDAY + DAY))
            run(update(membership).where(membership.c.person == CORA.id).values(requests=True))
            run(update(membership).where(membership.c.person == CLEO.id).values(listed=False))
            run(insert(block).values(tenant=rows.TENANT, blocker=CORA.id, blocked=ROSA.id, at=MONDAY))
            run(insert(tie).values(connector=CORA.id, person=TOMOKO.id, evidence="", no_go=True, source="a test"))

        await here.database.write(differ)
        assert await _join(here, CLEO.id, CORA.id) is None
        kept = await here.database.read(
            lambda connection: connection.execute(
                select(person, membership)
                .join(membership, membership.c.person == person.c.id)
                .where(person.c.id == CLEO.id, membership.c.programme == PROGRAMME)
            ).one()
        )
        assert (kept.opted_out_at, kept.paused_until) == (MONDAY, MONDAY + DAY)
        assert (kept.listed, kept.requests, kept.operates) == (False, False, False)
        assert await here.database.read(lambda connection: has_blocked(connection, CLEO.id, ROSA.id))
        knows = select(tie.c.no_go).where(tie.c.connector == CLEO.id, tie.c.person == TOMOKO.id)
        assert await here.database.read(lambda connection: connection.execute(knows).scalar_one())
        addresses = select(channel.c.value).where(channel.c.person == CLEO.id)
        found = await here.database.read(lambda connection: set(connection.execute(addresses).scalars()))
        assert found == {CLEO.address, CORA.address}
        both = await here.database.read(lambda connection: records_of.records(connection, CLEO.id))
        assert both == (CLEO.id, CORA.id)
        assert await _join(here, STAN.id, CORA.id) == "gone"


@pytest.mark.parametrize(("kept", "given_up", "why"), [(CLEO, CLEO, "same"), (CLEO, CARL, "under_way")])
async def test_what_cannot_be_put_together_stays_apart(
    tmp_path: Path, kept: Person, given_up: Person, why: str
) -> None:
    async with home(tmp_path) as here:
        await STORIES["asked"](here)
        assert await _join(here, kept.id, given_up.id) == why


async def test_asks_that_rest_go_on_resting_and_what_was_said_of_either_counts(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        told_of = await STORIES["closed"](here)

        def absent(connection: Connection) -> None:
            rules = PauseRules.model_validate({"no_shows": 1, "counted_within": "90 d", "lasts": "14 d"})
            resting_asks.keep_no_show(connection, told_of, CORA.id, TOMOKO.id, MONDAY)
            resting_asks.rest_if_absent(connection, PROGRAMME, CORA.id, rules, MONDAY, Calendar())

        await here.database.write(absent)
        assert await _join(here, CLEO.id, CORA.id) is None
        rests = await here.database.read(
            lambda connection: resting_asks.rests_until(connection, CLEO.id, PROGRAMME, MONDAY + DAY)
        )
        assert rests
        said_of = select(no_show.c.person)
        assert await here.database.read(lambda connection: connection.execute(said_of).scalar_one()) == CLEO.id
