"""An operator sees which letters need a look, and lets a paused programme write again; and nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from store.tables import came_back, letter, programme
from tests import cast
from tests.cast import OLIVE, PROGRAMME, ROSA
from tests.web.house import Visited, nonce_on, visited


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo")) as opened:
        yield opened


async def troubled(house: Visited) -> None:
    """Carl's letter came back, a reply came to it, and the programme has stopped writing."""
    await house.engine.asked(cast.opening(cast.policy("demo"), asked_at=house.clock()))
    now = house.clock()
    (key,) = await house.database.read(lambda c: c.execute(select(letter.c.id)).scalars().all())
    row = {"letter": key, "times": 1, "first_at": now, "last_at": now}
    paused = {"letters_paused_at": now, "letters_paused_for": "complaints"}

    def write(connection: object) -> None:
        run = connection.execute  # type: ignore[attr-defined]
        run(update(letter).values(state="failed", relay_said="5.1.1 in a report"))
        run(insert(came_back), [row | {"kind": "bounced"}, row | {"kind": "reply"}])
        run(update(programme).values(paused))

    await house.database.write(write)


async def test_a_paused_programme_is_let_go_on_once(house: Visited) -> None:
    await troubled(house)
    olive = await house.signed_in(OLIVE)
    page = (await olive.get("/console/letters")).text
    for said in ("Spring writes to nobody at the moment", "It came back", "A reply came.", "5.1.1 in a report"):
        assert said in page
    fields = {"nonce": nonce_on(page), "programme": PROGRAMME}
    assert (await olive.post("/console/letters/resumption", data={"programme": PROGRAMME})).status_code == 422
    assert (
        await olive.post("/console/letters/resumption", data=fields | {"programme": "prg_other"})
    ).status_code == 404
    for _ in range(2):  # pressed twice it is done, and nobody is told otherwise
        assert (await olive.post("/console/letters/resumption", data=fields)).status_code == 303
    assert "writes to nobody" not in (await olive.get("/console/letters")).text


async def test_nobody_else_finds_anything_here(house: Visited) -> None:
    await troubled(house)
    rosa = await house.signed_in(ROSA)
    assert (await rosa.get("/console/letters")).status_code == 404
    assert (await rosa.post("/console/letters/resumption", data={"programme": PROGRAMME})).status_code == 404
    paused = await house.database.read(lambda c: c.execute(select(programme.c.letters_paused_at)).scalar_one())
    assert paused


async def test_a_letter_of_a_kind_of_tomorrow_is_shown_by_what_it_is(house: Visited) -> None:
    await troubled(house)
    (which,) = await house.database.read(lambda c: c.execute(select(letter.c.introduction)).scalars())
    await house.database.write(lambda c: c.execute(update(letter).values(kind="of_tomorrow", state="failed")))
    olive = await house.signed_in(OLIVE)
    for address in ("/console/letters", f"/console/introductions/{which}"):
        assert "A letter of a newer version" in (await olive.get(address)).text


async def test_a_programme_without_trouble_says_so(house: Visited) -> None:
    olive = await house.signed_in(OLIVE)
    assert "Nothing here." in (await olive.get("/console/letters")).text
