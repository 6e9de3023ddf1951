"""The promised date is one and the same wherever it is told. At the door, on every page, in the API, in the workflow.

It is worked out at the door, by the policy and the requester's own days; everything else may only repeat it.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

import policies
from mailroom.loops.drain import Hands
from models.news import SentBack
from models.policy.policy import Policy
from models.process.timetable import Waking, wakes
from store.tables import person, words
from tests.cast import OLIVE, ROSA, SOME_WORDS
from tests.mailroom.desk import Desk
from tests.mailroom.fake_relay import Post
from tests.web.api.api_client import caller
from tests.web.ask.test_request_pages import ASK, look, send
from tests.web.house import Visited, visited

INSTANT = re.compile(r'<time datetime="([^"]+)"')


def told(page: str, before: str = "You will hear from us by") -> set[datetime]:
    """The instants that stand behind these words."""
    after = page.split(before)[1:]
    assert after, page
    return {datetime.fromisoformat(found[1]) for part in after if (found := INSTANT.search(part[:300]))}


def every_way() -> list[tuple[str, str]]:
    """Each policy that comes with the product, on each of its tracks."""
    found = [(name, policies.shipped(name)) for name in policies.shipped_names()]
    return [(name, track) for name, rules in found for track in sorted(rules.tracks) or [""]]


def what_it_wants(rules: Policy) -> dict[str, str]:
    wanted = {"goal": "A seal that lasts ten years."} if rules.requester.goal else {}
    unnamed = "A maker of pumps in the south of Europe would like twenty minutes on seals."
    return wanted | ({"blind": unnamed} if rules.target.blind == "always" else {})


@pytest.mark.parametrize(("name", "track"), every_way())
async def test_the_promise_is_one_instant_wherever_it_is_told(name: str, track: str, tmp_path: Path) -> None:
    rules = policies.shipped(name)
    async with visited(tmp_path, rules) as house:
        await house.database.write(lambda connection: connection.execute(update(person).values(language="en")))
        rosa, olive, api = await house.signed_in(ROSA), await house.signed_in(OLIVE), await caller(house)
        door = await rosa.get(ASK)
        preview = await look(rosa, track=track, **what_it_wants(rules))
        sent = await send(rosa, preview)
        (introduction,) = house.engine.states
        state = house.engine.states[introduction]
        promised = {state.promised_at}
        assert told(door.text, "ou will hear from us by") >= promised, "one date for each track"
        assert told(preview.text) == promised
        assert told((await rosa.get(sent.headers["location"])).text) == promised
        assert told((await rosa.get("/me")).text) == promised
        assert told((await olive.get(f"/console/introductions/{introduction}")).text, "Promised by") == promised
        found = (await api.get(f"/introductions/{introduction}")).json()
        assert {datetime.fromisoformat(found["promised_at"])} == promised
        assert {wake.at for wake in wakes(state) if wake.what == Waking.PROMISE} == promised
        if rules.screening and rules.screening.send_back:
            await house.engine.heard(introduction, await advice(house))
            assert f"{state.promised_at.astimezone(ZoneInfo(ROSA.zone)):%-d %B}" in await letter_to_rosa(house, rules)


async def advice(house: Visited) -> SentBack:
    """The one letter before the end that names the day."""
    row = {"id": SOME_WORDS, "owner": OLIVE.id, "kind": "advice", "body": "Say what for.", "at": house.clock()}
    await house.database.write(lambda connection: connection.execute(words.insert().values(row)))
    return SentBack(by=OLIVE.id, words=SOME_WORDS)


async def letter_to_rosa(house: Visited, rules: Policy) -> str:
    post = Post()
    house.clock.passes(timedelta(days=1))
    async with Hands(Desk(house.database, rules).room(post, clock=house.clock)) as hands:
        while not await hands.take():
            pass
    (mail,) = post.received(ROSA.address)
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""
