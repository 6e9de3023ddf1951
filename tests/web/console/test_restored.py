"""After a restore the console says that letters are held, and all unknown links say to wait for a new one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.installation import age, facts
from store.installation.facts import FactName
from tests import cast
from tests.cast import OLIVE
from tests.support.services.databases import Place
from tests.web.house import Visited, visited

GO = "introbroker restored"


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[Visited]:
    async with visited(tmp_path, cast.policy("demo"), place=place) as opened:
        yield opened


async def test_an_operator_sees_that_letters_are_held_and_what_lets_them_go(house: Visited) -> None:
    olive = await house.signed_in(OLIVE)
    assert GO not in (await olive.get("/console/letters")).text
    await house.database.write(lambda connection: age.hold(connection, "older", house.clock()))
    assert "no letter leaves until somebody has looked" in (await olive.get("/console")).text
    assert GO in (await olive.get("/console/letters")).text
    await house.database.write(lambda connection: age.let_go(connection, house.clock()))
    assert GO not in (await olive.get("/console/letters")).text


async def test_a_namespace_that_is_not_ours_is_told(house: Visited) -> None:
    await house.database.write(
        lambda connection: facts.note_down(connection, FactName.STRANGE, house.clock(), "another")
    )
    assert "namespace is not the one" in (await (await house.signed_in(OLIVE)).get("/console")).text


async def test_every_link_that_is_not_known_says_to_wait_for_a_new_letter(house: Visited) -> None:
    links = ("/a/never-was", "/f/never-was", "/unsubscribe/never-was")
    before = {link: (await house.stranger().get(link)).text for link in links}
    assert not any("wait for a new letter" in text for text in before.values())
    await house.database.write(lambda connection: age.hold(connection, "older", house.clock()))
    await house.database.write(lambda connection: age.let_go(connection, house.clock()))
    after = {link: await house.stranger().get(link) for link in links}
    assert all(each.status_code == 404 and "wait for a new letter" in each.text for each in after.values())
    assert len({each.text for each in after.values()}) == 1
