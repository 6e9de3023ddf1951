"""An operator says of which kind a person is, and everybody reads what follows from it."""

from pathlib import Path

from sqlalchemy import select

from store.tables import membership
from tests import cast
from tests.cast import CARL, OLIVE, PROGRAMME
from tests.web.house import nonce_on, visited

EXPERT = {"en": "Expert", "es": "Experta", "pt": "Especialista", "connector_cap": 1}


async def test_a_kind_is_given_and_everybody_reads_what_follows(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("accelerator", {"kinds": {"expert": EXPERT}})) as house:
        olive, carl = await house.signed_in(OLIVE), await house.signed_in(CARL)
        people = await olive.get("/console/people", params={"sought": "Carl"})
        given = {"nonce": nonce_on(people.text), "kind": "expert"}
        act = f"/console/people/{CARL.id}/kind?sought=Carl"
        assert (await olive.post(act, data=given | {"kind": "spy"})).status_code == 422
        assert (await olive.post(act, data=given | {"nonce": "no"})).status_code == 422
        assert (await olive.post("/console/people/per_other/kind", data=given)).status_code == 404
        assert "at most 6 times in 1 month" in (await carl.get("/me/settings/asks")).text
        assert (await olive.post(act, data=given)).headers["location"] == "/console/people?sought=Carl"
        theirs = select(membership).where(membership.c.person == CARL.id)
        kept = await house.database.read(lambda connection: connection.execute(theirs).one())
        assert (kept.kind, kept.kind_by, kept.kind_at) == ("expert", OLIVE.id, house.clock())
        own = (await carl.get("/me/settings/asks")).text
        assert "(Expert)" in own
        assert "To introduce somebody: once in 1 month, at most." in own
        promised = (await house.stranger("es").get(f"/p/{PROGRAMME}")).text
        assert "Experta: se le pide que presente a alguien una vez en 1 mes, como máximo." in promised
