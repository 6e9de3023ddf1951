"""A program gives a person a kind and keeps two apart, for an operator and in its own programme alone."""

from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import select

from models.ids import ProgrammeId
from models.process.state.stages import Resting
from store.access.api_keys import Scope
from store.tables import conflict, inbox, membership
from tests import cast
from tests.cast import CARL, OLIVE, ROSA, TOMOKO
from tests.web.api.api_client import BOTH, a_key, caller, calling, once, other_programme
from tests.web.house import Visited, visited

EXPERT = {"en": "Expert", "es": "Experta", "pt": "Especialista", "connector_cap": 1}
RULES = cast.policy("accelerator", {"kinds": {"expert": EXPERT}})
AS_OLIVE = {"operator": OLIVE.id}
APART = AS_OLIVE | {"one": {"person": TOMOKO.id}, "other": {"person": ROSA.id}}


async def said(answer: httpx2.Response) -> tuple[int, str, str]:
    error = answer.json()["errors"][0]
    return answer.status_code, error["field"], error["name"]


async def test_a_kind_is_given_once_and_by_an_operator(tmp_path: Path) -> None:
    async with visited(tmp_path, RULES) as house:
        staff, path = await caller(house, (Scope.STAFF,)), f"/people/{CARL.id}/kind"
        assert (await staff.get(path, params=AS_OLIVE)).json() == {"person": CARL.id, "kind": None, "kinds": ["expert"]}
        assert await said(await give(staff, path, "spy", "k")) == (422, "kind", "unknown")
        done = [await give(staff, path, "expert", "k") for _ in range(2)]
        assert [each.json()["kind"] for each in done] == ["expert", "expert"]
        assert done[1].headers["idempotency-replayed"] == "true"
        theirs = select(membership).where(membership.c.person == CARL.id)
        kept = await house.database.read(lambda connection: connection.execute(theirs).one())
        assert (kept.kind, kept.kind_by) == ("expert", OLIVE.id)
        assert (await give(staff, path, "expert", "k", ROSA.id)).json()["type"].endswith("key_reused")
        assert await said(await give(staff, path, None, "m", ROSA.id)) == (422, "operator", "unknown")
        assert (await give(staff, path, None, "n")).json()["kind"] is None
        assert (await give(staff, "/people/per_nobody/kind", None, "o")).status_code == 404


async def test_two_are_kept_apart_and_what_is_under_way_between_them_ends(tmp_path: Path) -> None:
    async with visited(tmp_path, RULES) as house:
        under_way = await house.engine.asked(cast.opening(RULES).model_copy(update={"track": "normal"}))
        staff = await caller(house, (Scope.STAFF,))
        for unfit, fault in (
            ({"one": {"person": "per_nobody"}}, ("one", "unknown")),
            ({"one": {"organisation": "a@b.test"}}, ("one", "unknown")),
            ({"one": {"person": ROSA.id}}, ("other", "same")),
            ({"one": {"person": ROSA.id, "organisation": "Semilla"}}, ("one", "malformed")),
            ({"operator": ROSA.id}, ("operator", "unknown")),
        ):
            assert await said(await mark(staff, APART | unfit, "a")) == (422, *fault)
        marked = [await mark(staff, APART, "a") for _ in range(2)]
        assert [each.status_code for each in marked] == [201, 201]
        assert await said(await mark(staff, APART, "b")) == (422, "other", "already_apart")
        assert isinstance(house.engine.states[under_way].stage, Resting)
        assert (await mark(staff, APART | {"one": {"organisation": "Semilla S.A."}}, "c")).status_code == 201
        items = (await staff.get("/conflicts", params=AS_OLIVE)).json()["items"]
        assert [each["via"] for each in items] == ["key", "key"]
        assert any("Semilla S.A." in (each["one"]["organisation"], each["other"]["organisation"]) for each in items)
        end = f"/conflicts/{marked[0].json()['id']}/end"
        ended = [await staff.post(end, headers=once(key), json=AS_OLIVE) for key in ("d", "d", "e")]
        assert [each.status_code for each in ended] == [200, 200, 404]
        row = (await rows(house, select(conflict).where(conflict.c.id == marked[0].json()["id"])))[0]
        assert (row.via, row.by, row.ended_by) == ("key", OLIVE.id, OLIVE.id)
        assert [each.via for each in await rows(house, select(inbox.c.via))] == ["key"]


async def test_both_need_the_right_for_it_and_their_own_programme(tmp_path: Path) -> None:
    async with visited(tmp_path, RULES) as house:
        writer = await caller(house, BOTH)
        await other_programme(house)
        far = calling(house, await a_key(house, (Scope.STAFF,), ProgrammeId("prg_other")))
        mine = await mark(await caller(house, (Scope.STAFF,)), APART, "x")
        for client, status in ((writer, 403), (far, 422)):
            assert (await client.get("/conflicts", params=AS_OLIVE)).status_code == status
            assert (await client.get(f"/people/{CARL.id}/kind", params=AS_OLIVE)).status_code == status
            assert (await mark(client, APART, "y")).status_code == status
            assert (await give(client, f"/people/{CARL.id}/kind", "expert", "z")).status_code == status
            end = await client.post(f"/conflicts/{mine.json()['id']}/end", headers=once(), json=AS_OLIVE)
            assert end.status_code == status
        assert len(await rows(house, select(conflict).where(conflict.c.ended_at.is_(None)))) == 1


async def give(
    client: httpx2.AsyncClient, path: str, kind: str | None, key: str, by: str = OLIVE.id
) -> httpx2.Response:
    return await client.post(path, headers=once(key), json={"operator": by, "kind": kind})


async def mark(client: httpx2.AsyncClient, body: dict[str, Any], key: str) -> httpx2.Response:
    return await client.post("/conflicts", headers=once(key), json=body)


async def rows(house: Visited, wanted: Any) -> Any:
    return await house.database.read(lambda connection: connection.execute(wanted).all())
