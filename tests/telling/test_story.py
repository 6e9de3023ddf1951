"""The story tells staff what they may know, and nobody anything more."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import insert, select

from models.asks import AskKind
from models.ids import IntroductionId, PersonId
from models.news import Stopped
from models.outcomes import Met
from models.process.state.stages import Closed
from models.process.timetable import next_wake
from store.access.api_keys import Scope, make_key
from store.boundaries import opt_outs_and_blocks
from store.tables import api_key, words
from tests import cast
from tests.cast import CARL, OLIVE, ROSA, TOMOKO
from tests.support.news_phrases import approves, declines, opts_in, reports
from tests.web.house import Visited, visited

RULES = cast.policy("accelerator", {"screening": None})
REASON = "I leave the field this spring"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES) as opened:
        yield opened


@pytest.fixture
async def introduction(house: Visited) -> IntroductionId:
    return await house.engine.asked(cast.opening(RULES))


async def shown(house: Visited, who: cast.Person, path: str) -> str:
    client: httpx2.AsyncClient = await house.signed_in(who)
    return (await client.get(path)).text


async def test_a_reason_a_party_left_for_the_staff_is_read_by_the_staff_alone(
    house: Visited, introduction: IntroductionId
) -> None:
    await house.engine.hear(introduction, approves(CARL))
    row = {"id": "wrd_reason", "introduction": introduction, "owner": TOMOKO.id, "kind": "reason", "body": REASON}
    await house.database.write(lambda c: c.execute(insert(words).values(row | {"at": house.clock()})))
    news = declines(TOMOKO)(house.engine.states[introduction]).model_copy(update={"reason": "wrd_reason"})
    await house.engine.hear(introduction, news)
    assert REASON not in await shown(house, OLIVE, f"/console/introductions/{introduction}")
    asked = house.engine.states[introduction].asks[-1]
    house.clock.now = asked.due_at  # as late as silence would show
    page = await shown(house, OLIVE, f"/console/introductions/{introduction}")
    assert "It closed: there will be no introduction." in page
    assert REASON in page
    assert "Tomoko Abe said no" not in page
    for who in (ROSA, CARL, TOMOKO):
        assert REASON not in await shown(house, who, "/me")


async def test_what_a_key_did_is_shown_with_its_name(house: Visited, introduction: IntroductionId) -> None:
    def made(connection: object) -> PersonId:
        run = connection.execute  # type: ignore[attr-defined]
        make_key(connection, house.keys, cast.PROGRAMME, "Our CRM", [Scope.WRITE], house.clock())  # type: ignore[arg-type]
        return PersonId(run(select(api_key.c.id)).scalar_one())

    key = await house.database.write(made)
    await house.engine.hear(introduction, Stopped(by=key))
    assert "Our CRM (API) stopped it." in await shown(house, OLIVE, f"/console/introductions/{introduction}")


async def live_until(house: Visited, introduction: IntroductionId, kind: AskKind) -> None:
    """What is due happens, one thing after the other, until somebody is asked this."""
    while not any(ask.kind == kind for ask in house.engine.states[introduction].asks):
        await let_time_pass(house, introduction)


async def let_time_pass(house: Visited, introduction: IntroductionId) -> None:
    wake = next_wake(house.engine.states[introduction])
    assert wake
    house.clock.now = max(house.clock.now, wake.at)
    await house.engine.time_passes(introduction)


async def test_a_report_after_all_is_over_is_met_with_thanks(house: Visited, introduction: IntroductionId) -> None:
    await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO))
    await live_until(house, introduction, AskKind.MEET)
    rosa = await house.signed_in(ROSA)
    link = (await rosa.post(f"/me/asks/{introduction}/meet")).headers["location"]
    while not isinstance(house.engine.states[introduction].stage, Closed):
        await let_time_pass(house, introduction)
    late = await rosa.get(link)
    assert "volver a esto" in late.text
    assert (await rosa.post(link, data={"choice": "met", "nonce": "x"})).status_code < 500
    assert (await house.engine.hear(introduction, lambda i: reports(ROSA, Met())(i))).reason == "closed"  # type: ignore[union-attr]


async def test_a_requester_may_close_the_way_to_whom_they_were_introduced(
    house: Visited, introduction: IntroductionId
) -> None:
    met = await house.database.read(lambda c: opt_outs_and_blocks.people_met(c, ROSA.id))
    assert {each.person for each in met} == set()  # who was asked for is no news of anybody
    await house.engine.hear(introduction, approves(CARL), opts_in(TOMOKO))
    await live_until(house, introduction, AskKind.WRITTEN)
    met = await house.database.read(lambda c: opt_outs_and_blocks.people_met(c, ROSA.id))
    assert {each.person for each in met} == {TOMOKO.id, CARL.id}


async def test_a_block_by_the_requester_withdraws_the_request(house: Visited, introduction: IntroductionId) -> None:
    await house.engine.hear(introduction, approves(CARL))
    told = await house.database.write(
        lambda c: opt_outs_and_blocks.block_person(c, ROSA.id, TOMOKO.id, "a page", house.clock())
    )
    for each in told:
        await house.engine.deliver(introduction, each.envelope)
    stage = house.engine.states[introduction].stage
    assert isinstance(stage, Closed)
    assert stage.ending == "withdrawn"
