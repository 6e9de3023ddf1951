"""A requester chooses among a policy's tracks, and the request lives by the track they chose."""

from pathlib import Path

from sqlalchemy import select

from models.process.state.opening import Opening
from store.tables import introduction
from tests.cast import ROSA, policy
from tests.web.ask.test_request_pages import ASK, look, send
from tests.web.house import visited


async def test_the_page_asks_which_track_and_the_request_takes_it(tmp_path: Path) -> None:
    async with visited(tmp_path, policy("venture")) as house:
        rosa = await house.signed_in(ROSA)
        page = (await rosa.get(ASK)).text
        assert "Estamos en plena ronda de financiación" in page
        assert "checked" not in page, "nothing is chosen for anybody"
        missing = await look(rosa)
        assert missing.status_code == 422
        assert "Elige qué clase de petición es." in missing.text
        preview = await look(rosa, track="fundraising")
        assert "Su sí solo cuenta si te recomienda." in preview.text
        sent = await rosa.get((await send(rosa, preview)).headers["location"])
        assert "Su sí solo cuenta si te recomienda." in sent.text
        kept = await house.database.read(lambda connection: connection.execute(select(introduction.c.opening)).scalar())
    opening = Opening.model_validate(kept)
    assert (opening.track, opening.policy) == ("fundraising", policy("venture").on_track("fundraising"))


async def test_an_unknown_track_is_not_taken(tmp_path: Path) -> None:
    async with visited(tmp_path, policy("venture")) as house:
        rosa = await house.signed_in(ROSA)
        assert (await look(rosa, track="<script>")).status_code == 422
