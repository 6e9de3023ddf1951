"""Can anybody tell why it ended? Twin histories over real HTTP, equal up to the cause, read byte for byte."""

from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from models.letters import LetterKind, Role
from models.news import Barred, Blocked, Erased, OptedOut, Stopped
from models.policy.policy import Order, Policy
from models.process.introduction import MadeBy
from tests import cast
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, TOMOKO
from tests.models.exploration.causes import bounces
from tests.support.news_phrases import approves, confirms, declines, opts_in, puts_off, undoes
from tests.support.play import Said
from tests.web.api.api_client import once
from tests.web.twins import Twin, differences, twins

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Cause = tuple[Said, ...]
ANEW = "Al final se abrió un camino, y te lo preguntamos de nuevo."  # Rosa reads Spanish

AT_REQUEST = {"screening": None, "requester.open_asks": 9}
TOGETHER = AT_REQUEST | {"order": Order.TOGETHER, "requester.promised_answer": "25 bd"}
FIRST = AT_REQUEST | {"order": Order.TARGET_FIRST, "requester.promised_answer": "25 bd"}


async def say(twin: Twin, *said: Said) -> None:
    await twin.house.engine.hear(twin.introduction, *said)


async def after(both: tuple[Twin, Twin], time: timedelta) -> None:
    for each in both:
        await each.until(each.now + time)


def rules(fields: Mapping[str, object]) -> Policy:
    return cast.policy("accelerator", fields)


CONNECTORS: dict[str, Cause] = {
    "the connectors decline": (declines(CARL), declines(CLEO)),
    "the connector opts out, the other blocks": (OptedOut(by=CARL.id), Blocked(by=CLEO.id)),
    "blocked": (Blocked(by=TOMOKO.id),),
    "erased": (Erased(by=TOMOKO.id),),
    "suppressed": (Barred(),),
    "target declines": (approves(CARL), declines(TOMOKO)),
    "target is silent": (approves(CARL),),
    "target blocks": (approves(CARL), Blocked(by=TOMOKO.id)),
    "dead address": (approves(CARL), bounces(TOMOKO.id, LetterKind.ASK_TARGET, Role.TARGET)),
    "stopped": (Stopped(by=OLIVE.id),),
    "yes taken away": (approves(CARL), opts_in(TOMOKO), OptedOut(by=TOMOKO.id)),
    "later, beyond the promise": (puts_off(CARL, MONDAY + 25 * DAY),),
}


@pytest.mark.parametrize("made_by", [MadeBy.REQUESTER, MadeBy.KEY])
@pytest.mark.parametrize("cause", CONNECTORS.values(), ids=CONNECTORS)
async def test_from_the_request_on_neither_requester_nor_key_can_tell(
    tmp_path: Path, cause: Cause, made_by: MadeBy
) -> None:
    opening = cast.opening(rules(AT_REQUEST), made_by)
    async with twins(tmp_path, opening.policy, opening) as both:
        if made_by == MadeBy.KEY:
            for each in both:
                await say(each, confirms(ROSA))
        await after(both, HOUR)
        await say(both[0], *cause)
        assert await differences(*both, ("requester", "key"), MONDAY + 60 * DAY) == []


TARGETS: dict[str, Cause] = {
    "no": (declines(TOMOKO),),
    "block": (Blocked(by=TOMOKO.id),),
    "opts out": (OptedOut(by=TOMOKO.id),),
    "barred": (Barred(),),
}


@pytest.mark.parametrize("fields", [AT_REQUEST, TOGETHER, FIRST], ids=["at request", "together", "target first"])
@pytest.mark.parametrize("cause", TARGETS.values(), ids=TARGETS)
async def test_a_targets_no_and_silence_are_one_to_staff_until_the_deadline(
    tmp_path: Path, fields: Mapping[str, object], cause: Cause
) -> None:
    opening = cast.opening(rules(fields))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], *cause)
        due_at = min(ask.due_at for ask in both[1].house.engine.states[opening.id].open_asks())
        assert due_at > both[0].now + DAY
        found = await differences(*both, ("staff", "requester", "key", "connector"), due_at)
        assert found == []
        for each in both:
            await each.until(due_at)
        assert await differences(*both, ("staff",), due_at) == []


@pytest.mark.parametrize("fields", [TOGETHER, FIRST], ids=["together", "target first"])
async def test_a_requesters_no_and_silence_are_one_to_staff_until_the_deadline(
    tmp_path: Path, fields: Mapping[str, object]
) -> None:
    opening = cast.opening(rules(fields))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
            if fields is FIRST:
                await say(each, opts_in(TOMOKO))
                await each.until(each.now + HOUR)
        await after(both, HOUR)
        await say(both[0], declines(ROSA))
        due_at = min(ask.due_at for ask in both[1].house.engine.states[opening.id].open_asks())
        assert await differences(*both, ("staff", "connector"), due_at) == []
        for each in both:
            await each.until(due_at)
        assert await differences(*both, ("staff",), due_at) == []


@pytest.mark.parametrize("fields", [TOGETHER, FIRST], ids=["together", "target first"])
@pytest.mark.parametrize("undone", [False, True], ids=["yes", "yes, undone, yes"])
async def test_once_asked_the_requester_cannot_tell_through_their_undo(
    tmp_path: Path, fields: Mapping[str, object], undone: bool
) -> None:
    """A block and an opt-out, both after the requester was asked: their own page, buttons included."""
    opening = cast.opening(rules(fields))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
            if fields is FIRST:
                await say(each, opts_in(TOMOKO))
            await each.until(each.now + HOUR)
        if fields is TOGETHER:
            await say(both[0], Blocked(by=TOMOKO.id))
        else:
            await say(both[0], Blocked(by=TOMOKO.id))
            await say(both[1], OptedOut(by=TOMOKO.id))
        for each in both:
            await say(each, opts_in(ROSA), *([undoes(ROSA), opts_in(ROSA)] if undone else []))
        assert await differences(*both, ("requester", "key"), MONDAY + 60 * DAY) == []


@pytest.mark.parametrize("cause", [(Blocked(by=TOMOKO.id),), (OptedOut(by=TOMOKO.id),), (Stopped(by=OLIVE.id),)])
async def test_confirming_what_has_ended_already_looks_and_can_be_undone_as_any_other(
    tmp_path: Path, cause: Cause
) -> None:
    """A request made for the requester; through their undo and to the end (case: the button that was not there)."""
    opening = cast.opening(rules(AT_REQUEST), MadeBy.KEY)
    async with twins(tmp_path, opening.policy, opening) as both:
        await after(both, HOUR)
        await say(both[0], *cause)
        for each in both:
            await say(each, confirms(ROSA))
        assert await differences(*both, ("requester", "key"), MONDAY + 60 * DAY) == []


@pytest.mark.parametrize("cause", [(Blocked(by=TOMOKO.id),), (OptedOut(by=TOMOKO.id),), (Barred(),)])
async def test_asked_afresh_key_and_own_page_say_one_word_whatever_follows(tmp_path: Path, cause: Cause) -> None:
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL), puts_off(TOMOKO, MONDAY + 60 * DAY))
            await each.until(MONDAY + 61 * DAY)
            await say(each, opts_in(TOMOKO))
            await each.until(each.now + HOUR)
        await say(both[0], *cause)
        found = await both[0].seen_by("key")
        assert '"stage":"asked_afresh"' in found[f"key /introductions/{opening.id}"]
        assert ANEW in unescape((await both[0].seen_by("requester"))["own page /me"])
        assert await differences(*both, ("requester", "key"), MONDAY + 120 * DAY) == []


ENDS: dict[str, Cause] = {
    "silent": (),
    "the connectors declined": (declines(CARL), declines(CLEO)),
    "the target declined": (approves(CARL), declines(TOMOKO)),
    "no tie": (OptedOut(by=CARL.id), OptedOut(by=CLEO.id)),
    "the target has blocked them": (Blocked(by=TOMOKO.id),),
}


@pytest.mark.parametrize("before", [(), ("hold",), ("hold", "resume")], ids=["at once", "held", "held and resumed"])
@pytest.mark.parametrize("act", ["stop", "hold", "withdrawal"])
async def test_a_keys_act_is_answered_alike_whatever_has_happened(
    tmp_path: Path, act: str, before: tuple[str, ...]
) -> None:
    opening = cast.opening(rules(AT_REQUEST))
    answers = {}
    for number, (name, cause) in enumerate(ENDS.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        async with twins(folder, opening.policy, opening) as (one, _):
            await one.until(one.now + HOUR)
            await say(one, *cause)
            await one.seen_by("key")
            for each in (*before, act):
                got = await one.clients["key"].post(f"/introductions/{opening.id}/{each}", headers=once())
            answers[name] = (got.status_code, got.json().get("verdict", got.json().get("type")))
    assert len(set(answers.values())) == 1, answers


@pytest.mark.parametrize("act", ["stop", "hold", "hold, resume", "extension"])
async def test_what_an_operator_does_before_the_deadline_is_answered_alike(tmp_path: Path, act: str) -> None:
    opening = cast.opening(rules(TOGETHER))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], declines(TOMOKO))
        for each in both:
            await press(each, act)
        assert await differences(*both, ("staff", "requester", "key"), both[0].now + 2 * DAY) == []


async def press(twin: Twin, act: str) -> None:
    asked = max(ask.number for ask in twin.house.engine.states[twin.introduction].asks if ask.person == TOMOKO.id)
    staff = await twin.house.signed_in(OLIVE)
    path = f"/console/introductions/{twin.introduction}"
    for each in act.split(", "):
        page = (await staff.get(path)).text
        form = page.split(f'action="{path}/{f"asks/{asked}/extension" if each == "extension" else each}"')[1]
        fields = {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("nonce", "step")}
        where = f"{path}/asks/{asked}/extension" if each == "extension" else f"{path}/{each}"
        until = {"until": f"{twin.now + 12 * DAY:%Y-%m-%dT%H:%M}"} if each == "extension" else {}
        got = await staff.post(where, data=fields | until)
        assert got.status_code == 303, got.text[:2000]
        twin.house.clock.passes(HOUR)
