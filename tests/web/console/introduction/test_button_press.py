"""A button pressed twice is one act and says so, and what an operator has typed is never lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from models.ids import IntroductionId
from models.process.state.stages import Screening, WithConnector
from store.access import sessions
from store.tables import inbox, membership
from tests import cast
from tests.cast import CARL, OLIVE
from tests.support.services.databases import Place
from tests.web.house import Visited, nonce_on, visited

RULES = cast.policy("accelerator")
ADVICE = "Say in one sentence what you offer her, and where it has been tried: she reads it between two meetings."


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, RULES, place=place) as opened:
        yield opened


@pytest.fixture
async def introduction(house: Visited) -> IntroductionId:
    return await house.engine.asked(cast.opening(RULES))


async def drawn(olive: httpx2.AsyncClient, introduction: IntroductionId) -> dict[str, str]:
    page = (await olive.get(f"/console/introductions/{introduction}")).text
    return {"nonce": nonce_on(page), "step": page.split('name="step" value="')[1].split('"')[0]}


async def kept(house: Visited) -> list[str]:
    found = await house.database.read(lambda c: c.execute(select(inbox.c.kind).order_by(inbox.c.at)).scalars().all())
    return list(found)


@pytest.mark.parametrize("is_away", [False, True])
async def test_a_button_pressed_twice_is_one_act_and_says_so(
    house: Visited, introduction: IntroductionId, is_away: bool
) -> None:
    olive, path = await house.signed_in(OLIVE), f"/console/introductions/{introduction}"
    page = await drawn(olive, introduction)
    house.engine.away = is_away
    both = await asyncio.gather(*(olive.post(f"{path}/hold", data=page) for _ in range(2)))
    assert [each.status_code for each in both] == [303, 303]
    again = await olive.post(f"{path}/hold", data=page, follow_redirects=True)
    assert "This was done when you pressed it first" in again.text
    assert "What you sent has not been done" not in again.text
    assert await kept(house) == ["held"]


async def test_what_was_pressed_and_nobody_has_heard_is_offered_no_more(
    house: Visited, introduction: IntroductionId
) -> None:
    """A page drawn anew had the buttons of before, and pressing one was refused."""
    olive, path = await house.signed_in(OLIVE), f"/console/introductions/{introduction}"
    page = await drawn(olive, introduction)
    house.engine.away = True
    await olive.post(f"{path}/screening", data=page | {"answer": "approve"})
    anew = (await olive.get(path)).text
    assert [act for act in ("screening", "advice", "lending") if f'action="{path}/{act}"' in anew] == []
    assert f'action="{path}/stop"' in anew
    await olive.post(f"{path}/stop", data=await drawn(olive, introduction))
    assert f'action="{path}/stop"' not in (await olive.get(path)).text


async def test_another_button_of_the_same_page_is_another_act(house: Visited, introduction: IntroductionId) -> None:
    olive, path = await house.signed_in(OLIVE), f"/console/introductions/{introduction}"
    page = await drawn(olive, introduction)
    await olive.post(f"{path}/screening", data=page | {"answer": "approve"})
    late = await olive.post(f"{path}/screening", data=page | {"answer": "decline"})
    assert late.status_code == 409
    assert "What you sent has not been done" in late.text
    assert isinstance(house.engine.states[introduction].stage, WithConnector)


async def test_of_two_operators_at_once_one_is_told_and_keeps_their_words(
    house: Visited, introduction: IntroductionId
) -> None:
    await house.database.write(
        lambda c: c.execute(membership.update().where(membership.c.person == CARL.id).values(operates=True))
    )
    olive, carl = await house.signed_in(OLIVE), await house.signed_in(CARL)
    mine, theirs = await drawn(olive, introduction), await drawn(carl, introduction)
    path = f"/console/introductions/{introduction}"
    house.engine.away = True  # what is kept and not heard counts as well
    assert (await carl.post(f"{path}/screening", data=theirs | {"answer": "approve"})).status_code == 303
    told = await olive.post(f"{path}/advice", data=mine | {"advice": ADVICE})
    assert told.status_code == 409
    assert ADVICE in told.text
    assert await kept(house) == ["screened"]
    house.engine.away = False


async def test_advice_comes_back_where_its_field_is_gone(house: Visited, introduction: IntroductionId) -> None:
    olive, path = await house.signed_in(OLIVE), f"/console/introductions/{introduction}"
    first, second = await drawn(olive, introduction), await drawn(olive, introduction)
    await olive.post(f"{path}/screening", data=first | {"answer": "approve"})
    told = await olive.post(f"{path}/advice", data=second | {"advice": ADVICE})
    assert told.status_code == 409
    assert "What you wrote" in told.text
    assert told.text.count(ADVICE) == 1


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "You are no longer signed in"), ("es", "Tu sesión terminó"), ("pt", "Sua sessão terminou")],
)
async def test_whoever_was_signed_out_while_they_wrote_sends_their_words_once_signed_in(
    house: Visited, introduction: IntroductionId, language: str, title: str
) -> None:
    olive, path = await house.signed_in(OLIVE), f"/console/introductions/{introduction}/advice"
    page = await drawn(olive, introduction)
    olive.cookies.clear()
    told = await olive.post(path, data=page | {"advice": ADVICE}, headers={"accept-language": language})
    assert told.status_code == 403
    assert title in told.text
    assert ADVICE in told.text
    assert f'action="{path}"' in told.text
    assert nonce_on(told.text) == page["nonce"]
    assert isinstance(house.engine.states[introduction].stage, Screening)
    raw = await house.database.write(lambda c: sessions.begin(c, OLIVE.id, house.clock()))
    olive.cookies.set("introbroker", raw)
    assert (await olive.post(path, data=page | {"advice": ADVICE})).status_code == 303
    assert (await house.stranger().post(f"/console/introductions/{introduction}/hold", data=page)).status_code == 303
