"""A program invites a member whom a file brought, once, for an operator."""

from pathlib import Path

from sqlalchemy import update

from store.access.api_keys import Scope
from store.tables import membership
from tests import cast
from tests.cast import CARL, OLIVE, ROSA
from tests.web.api.api_client import caller, once
from tests.web.house import visited


async def test_a_member_is_invited_once(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("accelerator", {})) as house:
        carl = update(membership).where(membership.c.person == CARL.id)
        await house.database.write(lambda c: c.execute(carl.values(uninvited_since=house.clock())))
        staff, path = await caller(house, (Scope.STAFF,)), f"/people/{CARL.id}/invite"
        rosas = await staff.post(path, json={"operator": ROSA.id}, headers=once("a"))
        assert rosas.status_code == 422
        told = [await staff.post(path, json={"operator": OLIVE.id}, headers=once(key)) for key in ("b", "b", "c")]
        assert [each.json()["invited"] for each in told] == [True, True, False]
        assert told[1].headers["idempotency-replayed"] == "true"
        nobody = await staff.post("/people/per_nobody/invite", json={"operator": OLIVE.id}, headers=once("d"))
        assert nobody.status_code == 404
