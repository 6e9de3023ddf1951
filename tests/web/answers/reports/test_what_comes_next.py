"""What comes next: the dates a page promises whoever has said how it went are those of the process."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models.asks import AskKind
from models.process.state.stages import FollowingUp
from models.process.timetable import wakes
from store.tables import person
from tests.cast import ROSA, opening, policy
from tests.web.answers.house import Visits, visits, words_of

A_TERM: dict[str, Any] = {
    "follow_up.term": {"ends": ["03-20"], "answer_within": "7 d"},
    "letters.requester": 5,
    "letters.target": 4,
}

NEXT_MORNING = {"follow_up.thanks": "1 morning", "follow_up.did_you_meet_again": "30 d", "follow_up.outcome": "40 d"}


async def asked(house: Visits, after: timedelta) -> str:
    """They were introduced, and Rosa, who reads English, is asked whether they met."""
    await house.run(person.update().values(language="en"))
    await house.introduced()
    await house.shell.time_passes(after)
    return await house.link(ROSA, AskKind.MEET)


async def promised(house: Visits, path: str) -> tuple[str, list[datetime]]:
    """What the page says comes next, and the instants it names: each is one of the process, once that has heard."""
    found = re.search(r'<ul class="next">(.*?)</ul>', (await house.client.get(path)).text, re.S)
    assert found
    named = [datetime.fromisoformat(each) for each in re.findall(r'<time datetime="([^"]+)"', found[1])]
    await house.heard()
    assert set(named) <= {wake.at for wake in wakes(house.introduction)}
    return words_of(found[1]), named


async def test_whose_meeting_lies_ahead_is_asked_again_as_the_term_ends(tmp_path: Path) -> None:
    async with visits(tmp_path, opening(policy("demo", A_TERM))) as house:
        path = await asked(house, timedelta(seconds=31))
        await house.post(path, choice="ahead")
        line, named = await promised(house, path)
        stage = house.introduction.stage
        assert isinstance(stage, FollowingUp)
        assert line.startswith("We will ask how it went when the term ends, on ")
        assert named == [stage.closing_at]
        await house.shell.time_passes(named[0] - house.shell.now)
        await house.post(closing := await house.link(ROSA, AskKind.CLOSING), choice="met")
        assert await promised(house, closing) == ("Thank you. That is all.", []), "of thanks nobody is asked any more"


async def test_thanks_are_counted_from_when_it_is_heard(tmp_path: Path) -> None:
    async with visits(tmp_path, opening(policy("demo", NEXT_MORNING))) as house:
        path = await asked(house, timedelta(seconds=31))
        today = house.shell.now.astimezone(ZoneInfo(ROSA.zone))
        midnight = (today + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        await house.shell.time_passes(midnight - timedelta(seconds=1) - house.shell.now)
        await house.post(path, choice="met")
        line, named = await promised(house, path)
        assert "send two lines of thanks to Tomoko" in line
        assert len(named) == 1
