"""Pages of no introduction tell nothing of one: settings, the page of a new request, and who is kept apart."""

from datetime import timedelta
from pathlib import Path

import pytest

from models.ids import PersonId
from models.news import Barred, Blocked, Erased
from tests import cast
from tests.cast import CARL, OLIVE, PROGRAMME, ROSA, TOMOKO, Person
from tests.support.news_phrases import approves, declines
from tests.support.play import Said
from tests.web.test_twins import AT_REQUEST, after, rules, say
from tests.web.twins import Twin, answered, twins
from web.me.settings.steps import STEPS

DAY = timedelta(days=1)
SETTINGS = ("/me/settings", *(f"/me/settings/{step}" for step in STEPS))
WHAT_WAITS = ("/me/settings", "/me/settings/asks", "/me/settings/blocks")  # the steps that read more than a profile
READ_BY: dict[Person, tuple[str, ...]] = {ROSA: (f"/ask/{PROGRAMME}", *SETTINGS), CARL: WHAT_WAITS}
WHEN = (timedelta(minutes=20), 60 * DAY)  # undo has passed, and nobody is told yet; everybody has heard


@pytest.mark.parametrize(
    "cause",
    [(declines(TOMOKO),), (Blocked(by=TOMOKO.id),), (Erased(by=TOMOKO.id),), (Barred(),)],
    ids=["no", "block", "erased", "barred"],
)
async def test_nothing_on_them_moves_with_a_no(tmp_path: Path, cause: tuple[Said, ...]) -> None:
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, DAY)
        await say(both[0], *cause)
        for time in WHEN:
            await after(both, time)
            assert await read(both[0]) == await read(both[1])


async def read(twin: Twin) -> dict[tuple[PersonId, str], str]:
    found: dict[tuple[PersonId, str], str] = {}
    for who, pages in READ_BY.items():
        client = await twin.house.signed_in(who)  # anew: weeks have passed
        found |= {(who.id, path): answered(await client.get(path)) for path in pages}
    staff = await twin.calling("staff")
    apart = await staff.get("/conflicts", params={"operator": OLIVE.id})
    assert [each for each, page in found.items() if not page.startswith("200 ")] == []
    return found | {(OLIVE.id, "conflicts"): answered(apart)}
