"""Staff mark who is kept apart, see it and take it away, and nobody else finds anything."""

import html
import re
from pathlib import Path

from sqlalchemy import select

from store.tables import conflict
from tests import cast
from tests.cast import OLIVE, ROSA, TOMOKO
from tests.web.house import nonce_on, visited

PAGE = "/console/conflicts"


async def test_two_are_marked_listed_and_let_go_again(tmp_path: Path) -> None:
    async with visited(tmp_path, cast.policy("accelerator")) as house:
        olive, rosa = await house.signed_in(OLIVE), await house.signed_in(ROSA)
        seen = await olive.get(PAGE, params={"one": TOMOKO.id})
        assert TOMOKO.name in seen.text
        sent = {"nonce": nonce_on(seen.text), "one": TOMOKO.id, "other": "Semilla S.A."}
        assert (await olive.post(PAGE, data=sent | {"nonce": "no"})).status_code == 422
        assert "Nobody here is meant" in (await olive.post(PAGE, data=sent | {"other": "nobody@x.test"})).text
        assert "Nobody here is meant" in (await olive.post(PAGE, data=sent | {"other": ROSA.name.lower()})).text
        assert "200 characters at most" in (await olive.post(PAGE, data=sent | {"other": "S" * 201})).text
        near = await olive.post(PAGE, data=sent | {"other": TOMOKO.address.replace("@", "+x@")})
        assert f"{TOMOKO.name} ({TOMOKO.id})" in html.unescape(near.text)
        assert "Both sides are the same" in (await olive.post(PAGE, data=sent | {"other": TOMOKO.address})).text
        assert (await olive.post(PAGE, data=sent)).status_code == 303
        assert "kept apart already" in (await olive.post(PAGE, data=sent)).text
        listed = html.unescape((await olive.get(PAGE)).text)
        assert "Semilla S.A." in listed
        assert "organisation, nobody here works there" in listed
        assert OLIVE.name in listed
        (end,) = re.findall(r'action="(/console/conflicts/cnf_[^"]+)"', listed)
        assert (await rosa.get(PAGE)).status_code == (await rosa.post(end)).status_code == 404
        assert (await olive.post(end, data={"nonce": nonce_on(listed)})).status_code == 303
        assert (await olive.post(end, data={"nonce": nonce_on(listed)})).status_code == 404
        row = await house.database.read(lambda connection: connection.execute(select(conflict)).one())
        assert (row.by, row.ended_by, row.ended_at) == (OLIVE.id, OLIVE.id, house.clock())
