"""A key with the right to it exports and erases a person of its programme, and nobody else's."""

from pathlib import Path

from models.ids import ProgrammeId
from store.access.api_keys import Scope
from store.tables import programme
from tests.cast import CARL, MONDAY, ROSA, TOMOKO, opening, policy
from tests.support.news_phrases import approves
from tests.web.api.api_client import BOTH, caller, once
from tests.web.house import visited

RULES = policy("demo")
FAR = ProgrammeId("prg_far")


async def test_a_copy_and_an_erasure_by_a_key_of_their_programme(tmp_path: Path) -> None:
    async with visited(tmp_path, RULES) as house:
        introduction = await house.engine.asked(opening(RULES))
        await house.engine.hear(introduction, approves(CARL))
        keeper = await caller(house, (Scope.PEOPLE,))
        copy = await keeper.get(f"/people/{TOMOKO.id}/export")
        assert copy.json()["sections"]["person"][0]["name"] == TOMOKO.name
        key = once("forget her")
        asked = await keeper.post(f"/people/{TOMOKO.id}/erasure", headers=key)
        assert (asked.status_code, asked.json()["state"]) == (202, "asked")
        assert house.engine.states[introduction].stage.kind == "resting"
        again = await keeper.post(f"/people/{TOMOKO.id}/erasure", headers=key)
        assert (again.json(), again.headers["idempotency-replayed"]) == (asked.json(), "true")
        assert (await keeper.get(f"/erasures/{asked.json()['id']}")).json()["person"] == TOMOKO.id
        assert (await keeper.get(f"/people/{TOMOKO.id}/export")).status_code == 404
        assert (await keeper.post(f"/people/{TOMOKO.id}/erasure", headers=once())).status_code == 404


async def test_it_needs_its_own_scope_and_its_own_programme(tmp_path: Path) -> None:
    async with visited(tmp_path, RULES) as house:
        far = {"id": FAR, "tenant": "ten_far", "name": "Far", "language": "en", "zone": "UTC", "created_at": MONDAY}
        await house.database.write(lambda connection: connection.execute(programme.insert().values(far)))
        writer, stranger = await caller(house, BOTH), await caller(house, (Scope.PEOPLE,), FAR)
        for client, status in ((writer, 403), (stranger, 404)):
            assert (await client.get(f"/people/{ROSA.id}/export")).status_code == status
            assert (await client.post(f"/people/{ROSA.id}/erasure", headers=once())).status_code == status
        keeper = await caller(house, (Scope.PEOPLE,))
        mine = (await keeper.post(f"/people/{ROSA.id}/erasure", headers=once())).json()["id"]
        assert (await stranger.get(f"/erasures/{mine}")).status_code == 404
        assert (await keeper.get("/introductions")).status_code == 403
