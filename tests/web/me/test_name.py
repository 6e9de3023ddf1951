"""Somebody corrects their own name: pages and letters from then on have it, staff see what it was."""

import asyncio
from pathlib import Path

from sqlalchemy import select

from store.privacy.erasure.deletion import foreseen
from store.privacy.export.copy import copy_of
from store.privacy.export.staff_copy import copy_for_staff
from store.requests.door import own_names
from store.tables import person
from tests import cast
from tests.cast import OLIVE, ROSA
from tests.web.house import visited


async def test_a_corrected_name_is_read_everywhere_and_staff_see_what_it_was(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        rosa, olive = await house.signed_in(ROSA), await house.signed_in(OLIVE)
        sent = await rosa.post("/me/settings/name", data={"name": " Rosa  Prieto Díaz ", "called": "Rosi"})
        assert sent.headers["location"] == "/me/settings?said=called"
        assert "Rosa Prieto Díaz" in (await rosa.get("/me/settings/name")).text
        listed = (await olive.get("/console/people?sought=diaz")).text
        assert "called Rosi" in listed
        assert "Corrected by themselves on 2 March 2026: Rosa Prieto → Rosa Prieto Díaz" in listed

        def kept(connection):  # type: ignore[no-untyped-def]
            copies = (copy_of(connection, ROSA.id, house.clock()), copy_for_staff(connection, ROSA.id, house.clock()))
            return (
                connection.execute(select(person.c.called).where(person.c.id == ROSA.id)).scalar_one(),
                [each.sections["names_you_corrected"][0]["before"] for each in copies],
                own_names(connection, ROSA.id)[:3],
            )

        names = ("Rosa Prieto Díaz", "Rosi", "Rosa Prieto")  # asked for without a name, none may stand in the words
        assert await house.database.read(kept) == ("Rosi", ["Rosa Prieto"] * 2, names)
        gone = await house.database.write(lambda connection: foreseen(connection, ROSA.id, house.clock()))
        assert gone["name_change"] == 1


async def test_a_name_that_hides_something_or_changes_by_the_day_is_not_taken(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        rosa = await house.signed_in(ROSA)
        for wrong in (
            "",
            "  ",
            "R" * 121,
            "Rosa\r\nBcc: e@z.test",
            "Rosa, see acme\uff0eio",
            "Rоsa Prieto",  # with a Cyrillic letter
        ):
            told = await rosa.post("/me/settings/name", data={"name": wrong, "called": ""})
            assert told.status_code == 422, wrong
        for wrong in ("Rosa Prieto: please log in at https://evil.example", "Rosa please log in", "Rоsa"):
            told = await rosa.post("/me/settings/name", data={"name": ROSA.name, "called": wrong})
            assert (told.status_code, 'id="called-fault"' in told.text) == (422, True), wrong
        for number in range(3):
            for _ in range(2):  # pressed twice, it is one change
                sent = await rosa.post("/me/settings/name", data={"name": f"Rosa {number}", "called": ""})
                assert sent.status_code == 303
        told = await rosa.post("/me/settings/name", data={"name": "Rosa Cuatro", "called": ""})
        assert told.status_code == 422
        assert 'value="Rosa Cuatro"' in told.text


async def test_places_added_on_several_pages_at_once_are_all_kept(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("demo")) as house:
        rosa = await house.signed_in(ROSA)

        async def add(number: int) -> str:
            typed = {"place_label": f"Place {number}", "place_url": f"https://p{number}.example/"}
            return str((await rosa.post("/me/settings/places", data=typed)).headers["location"])

        said = await asyncio.gather(*(add(number) for number in range(4)))
        assert set(said) == {"/me/settings/places?said=added"}
        page = (await rosa.get("/me/settings/places")).text
        assert [f"https://p{number}.example/" in page for number in range(4)] == [True] * 4
        wrong = {"place_label": "https://bank.example", "place_url": "https://evil.example/"}
        assert (await rosa.post("/me/settings/places", data=wrong)).status_code == 422
        typed = {"headline": "See acme.io", "topics": "", "listed": ""}
        assert (await rosa.post("/me/settings/face", data=typed)).status_code == 422
