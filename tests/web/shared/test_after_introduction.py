"""Acts after an introduction: they are answered alike, whether or not the follow-up has closed."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from models.asks import AskKind
from models.ids import AskNumber
from models.letters import Role
from models.news import Stopped, Withdrew
from models.process.possible import Key, Staff, objection_to_keeping, refusal
from models.process.state.stages import Closed, Delivering, FollowingUp
from models.process.verdict import Reason, Refused
from store.access import link_tokens
from tests import cast
from tests.cast import CARL, OLIVE, ROSA, TOMOKO, Person, after
from tests.support.news_phrases import approves, opts_in
from tests.web.api.api_client import caller, once
from tests.web.house import Visited, nonce_on, visited
from tests.web.twins import answered
from web.shared.acts.submit_news import hand_in
from web.shared.http.security import new_nonce

HERE = cast.INTRODUCTION


def asked_of(house: Visited, who: Person) -> AskNumber:
    asks = house.engine.states[HERE].asks
    return next(ask.number for ask in asks if (ask.person, ask.kind) == (who.id, AskKind.OPT_IN))


async def link(house: Visited, who: Person) -> str:
    mint = partial(link_tokens.mint, now=house.clock(), expires_at=cast.MONDAY.replace(year=2027), version=1)
    ask = asked_of(house, who)
    raw = await house.database.write(lambda c: mint(c, "ask", who.id, introduction=HERE, ask=ask))
    return f"/a/{raw}"


async def next_thing(house: Visited) -> None:
    house.clock.now = await house.engine.next_instant(HERE) or house.clock.now
    await house.engine.time_passes(HERE)


async def said(house: Visited) -> dict[str, str]:
    """What each of them hears who takes back, changes or stops it now, and says no after all."""
    key, heard = await caller(house), {}
    for act in ("withdrawal", "stop", "hold"):
        heard[f"key {act}"] = answered(await key.post(f"/introductions/{HERE}/{act}", headers=once()))
    words = {"note": "Tomoko, my pumps have run for a year in the rain now, and your valve is the part that held."}
    heard["key edits"] = answered(
        await key.patch(f"/introductions/{HERE}", json=words, headers=once() | {"if-match": '"1"'})
    )
    heard["key reads"] = (await key.get(f"/introductions/{HERE}")).text
    for who, path in ((ROSA, "requests"), (ROSA, "consents"), (TOMOKO, "consents")):
        client = await house.signed_in(who)
        fields = {"nonce": nonce_on((await client.get("/me/settings/letters")).text)}
        heard[f"{who.name} {path}"] = answered(await client.post(f"/me/{path}/{HERE}/withdrawal", data=fields))
    for who in (ROSA, TOMOKO):
        path, bound = await link(house, who), f"{HERE} {asked_of(house, who)} {who.id}"
        fields = {"nonce": new_nonce(house.keys, bound), "choice": "no", "reason": "I have thought again."}
        heard[f"{who.name} says no"] = answered(await house.stranger().post(path, data=fields)).replace(path, "")
    return heard


async def test_who_takes_it_back_hears_the_same_before_the_follow_up_closes_and_after(tmp_path: Path) -> None:
    """Else a key, or one of the two, reads off when the other has said how it was."""
    async with visited(tmp_path, cast.policy("demo")) as house:
        await house.engine.asked(cast.opening("demo"))
        await house.engine.hear(HERE, approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
        while not isinstance(house.engine.states[HERE].stage, FollowingUp):
            await next_thing(house)
        before = await said(house)
        while not isinstance(house.engine.states[HERE].stage, Closed):
            await next_thing(house)
        assert await said(house) == before
        assert "already_introduced" in before["key withdrawal"]
        late = await hand_in(house.app.state.house, HERE, Withdrew(by=ROSA.id), via="own_page", nonce="late")
        assert late == Refused(reason=Reason.ALREADY_INTRODUCED), "said at once, though nobody runs any more"


def test_what_is_refused_for_a_second_is_kept_of_everybody() -> None:
    """The letters are being written: an operator's stop waits for that as a key's and a requester's withdrawal do."""
    ready = after(approves(CARL), opts_in(TOMOKO), opts_in(ROSA))
    assert isinstance(ready.stage, Delivering)
    writing = ready.model_copy(update={"stage": ready.stage.model_copy(update={"handing_over": True})})
    now = ready.asked_at + timedelta(minutes=1)
    for reader, news in (
        (Staff(by=OLIVE.id), Stopped(by=OLIVE.id)),
        (Key(by=OLIVE.id), Withdrew(by=ROSA.id)),
        (Role.REQUESTER, Withdrew(by=ROSA.id)),
    ):
        assert refusal(writing, reader, news, now) == Reason.BUSY
        assert objection_to_keeping(writing, reader, news, now) is None
