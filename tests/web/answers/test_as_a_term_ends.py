"""The closing question is answered on its page, by both, with answers that make sense at the end of a term only."""

from datetime import timedelta
from pathlib import Path

from models.asks import AskKind
from models.outcomes import DidNotMeet, Ending, Met
from models.process.introduction import Closed
from tests.cast import ROSA, TOMOKO, opening, policy
from tests.web.answers.house import visits, words_of

A_TERM = {
    "follow_up.term": {"ends": ["03-20"], "answer_within": "7 d"},
    "letters.requester": 5,
    "letters.target": 4,
}


async def test_both_answer_and_it_closes(tmp_path: Path) -> None:
    async with visits(tmp_path, opening(policy("demo", A_TERM))) as house:
        await house.introduced()
        await house.shell.time_passes(timedelta(days=18))
        page = words_of(await house.page(await house.link(ROSA, AskKind.CLOSING)))
        assert "Termina el periodo: ¿cómo te fue con Tomoko" in page
        assert "No, no llegamos a hablar" in page
        for never in ("Todavía no", "Aún no", "a la cita"):
            assert never not in page
        refused = await house.post(await house.link(TOMOKO, AskKind.CLOSING), choice="no_show")
        assert refused.status_code == 422
        await house.post(await house.link(TOMOKO, AskKind.CLOSING), choice="useful")
        await house.post(await house.link(ROSA, AskKind.CLOSING), choice="not_met")
        assert [each.outcome for each in await house.news() if each.kind == "reported"] == [
            Met(useful=True),
            DidNotMeet(),
        ]
        await house.shell.time_passes(house.opening.policy.undo_for.nominal)
        assert house.introduction.stage == Closed(ending=Ending.MET)
