"""Staff see whom a file brought, and invite one of them or all of the file; a second press does nothing."""

from pathlib import Path

from sqlalchemy import select, update

from store.tables import letter, membership
from tests import cast
from tests.cast import CARL, OLIVE, TOMOKO
from tests.web.house import nonce_on, visited


async def test_one_is_invited_and_then_everybody_of_the_file(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("accelerator", {})) as house:
        theirs, now = membership.c.person.in_((CARL.id, TOMOKO.id)), house.clock()
        await house.database.write(lambda c: c.execute(update(membership).where(theirs).values(uninvited_since=now)))
        olive, act = await house.signed_in(OLIVE), "/console/people/invite"
        people = (await olive.get("/console/people", params={"uninvited": "yes"})).text
        assert "waiting: 2" in people
        assert CARL.name in people
        assert OLIVE.name not in people.split("<table")[1]
        nonce = {"nonce": nonce_on(people)}
        assert (await olive.post(act, data=nonce)).status_code == 422
        assert (await olive.post(act, data={"nonce": "no", "who": CARL.id})).status_code == 422
        assert (await olive.post(act, data=nonce | {"who": CARL.id})).status_code == 303
        assert "waiting: 1" in (await olive.get("/console/people")).text
        for _ in range(2):
            pressed = await olive.post(act, data=nonce | {"of_file": now.isoformat()})
            assert "They are invited." in (await olive.get(pressed.headers["location"])).text
        assert "Everybody is invited." in (await olive.get("/console/people", params={"uninvited": "yes"})).text
        welcomed = select(letter.c.person).where(letter.c.kind == "welcome")
        planned = await house.database.read(lambda c: c.execute(welcomed).scalars().all())
        assert sorted(planned) == sorted((CARL.id, TOMOKO.id))
        assert "Not invited yet" not in (await olive.get("/console/people")).text
