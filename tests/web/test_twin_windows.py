"""Moments at which an end could show to staff before a question's deadline, or the day that is due tell of it (S41)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, update

from models.letters import LetterKind, Role
from models.news import Blocked, Edited, Erased, OptedOut, TookBack
from store.letters import delivery_results, outbox
from store.tables import inbox, letter
from tests import cast
from tests.cast import CARL, MONDAY, ROSA, TOMOKO
from tests.models.exploration.causes import bounces
from tests.support.news_phrases import approves, declines, opts_in, puts_off, undoes
from tests.support.play import Said
from tests.support.run.in_turns import in_turns
from tests.web.test_twins import AT_REQUEST, DAY, FIRST, HOUR, TOGETHER, Cause, after, rules, say
from tests.web.twin_acts import Doing, edit, on_console
from tests.web.twins import Twin, deadline, differences, differs, twins

MINUTE = timedelta(minutes=1)


async def staff_read(both: tuple[Twin, Twin], *instants: datetime) -> list[str]:
    """What they read differently at each of these instants, or now: an introduction, and the lists it stands in."""
    found: list[str] = []
    for instant in instants or (both[0].now,):
        for each in both:
            if instant > each.now:
                await each.until(instant)
        found += await differences(*both, ("desk",), instant)
    return found


async def comes_back(twin: Twin) -> str:
    await say(twin, bounces(TOMOKO.id, LetterKind.ASK_TARGET, Role.TARGET))
    return ""


async def heard_unsent(twin: Twin, said: Said) -> None:
    """No letter that it causes has left yet."""
    state = twin.house.engine.states[twin.introduction]
    await twin.house.engine.heard(twin.introduction, said(state) if callable(said) else said)


@pytest.mark.parametrize("cause", [OptedOut(by=TOMOKO.id), Blocked(by=TOMOKO.id), Erased(by=TOMOKO.id)])
async def test_that_a_letter_was_not_needed_any_more_does_not_show(tmp_path: Path, cause: Said) -> None:
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await heard_unsent(each, approves(CARL))
            each.house.clock.now += MINUTE
        await heard_unsent(both[0], cause)
        assert await staff_read(both, both[0].now, deadline(both[1])) == []


@pytest.mark.parametrize("fields", [AT_REQUEST, TOGETHER], ids=["at request", "together"])
async def test_an_edit_shows_alike_until_the_deadline_of_what_was_asked_before(
    tmp_path: Path, fields: Mapping[str, object]
) -> None:
    """Afterwards others are asked, unless it has ended: who they are shows neither way."""
    opening = cast.opening(rules(fields))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], declines(TOMOKO))
        due_at = deadline(both[1])
        answers = [await edit(each) for each in both]
        assert answers[0] == answers[1]
        assert await staff_read(both, due_at - MINUTE) == []


async def test_a_connectors_answer_to_an_edited_request_shows_at_once(tmp_path: Path) -> None:
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as (one, _):
        await say(one, approves(CARL))
        await edit(one)
        desk = (await one.seen_by("desk"))["desk"]
        assert '"stage":"finding"' in desk
        await say(one, approves(CARL))
        assert '"stage":"with_parties"' in (await one.seen_by("desk"))["desk"]


SPEAKS: dict[str, Cause] = {"undoes": (undoes(CARL),), "undoes and declines": (declines(CARL),)}


@pytest.mark.parametrize("speaks", SPEAKS.values(), ids=SPEAKS)
async def test_a_connector_who_thinks_again_behind_a_no_tells_nothing(tmp_path: Path, speaks: Cause) -> None:
    """Within their undo; the questions counted beside each name are part of what staff read."""
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, MINUTE)
        due_at = deadline(both[1])
        await say(both[0], Blocked(by=TOMOKO.id))
        for each in both:
            await say(each, *speaks)
        assert await staff_read(both, min(due_at, deadline(both[1])) - MINUTE) == []


async def test_a_connector_who_speaks_once_the_end_shows_tells_nothing(tmp_path: Path) -> None:
    """The target is silent in the one and has said no in the other; then the connector says no after all."""
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], declines(TOMOKO))
        due_at = deadline(both[1])
        for each in both:
            await each.until(due_at + HOUR)
            await say(each, declines(CARL))
        assert await staff_read(both, due_at + DAY) == []


@pytest.mark.parametrize("first", ["the letter comes back", "the requester declines"])
async def test_a_letter_that_came_back_may_go_again_whatever_the_other_has_said(tmp_path: Path, first: str) -> None:
    opening = cast.opening(rules(TOGETHER))
    came_back = bounces(TOMOKO.id, LetterKind.ASK_TARGET, Role.TARGET)
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        for house, each in zip(("the requester declines", ""), both, strict=True):
            if house == first:
                await say(each, declines(ROSA))
            await say(each, came_back)
            if house and house != first:
                await say(each, declines(ROSA))
        for _ in range(2):  # to the one and to the other
            answers = [await on_console("again")(each) for each in both]
            assert answers[0] == answers[1]
        assert await staff_read(both) == []


SINCE: dict[str, Said] = {"takes back": TookBack(by=TOMOKO.id), "opts out": OptedOut(by=TOMOKO.id)}


@pytest.mark.parametrize("since", SINCE.values(), ids=SINCE)
async def test_a_letter_that_came_back_may_go_again_whatever_the_target_says_since(tmp_path: Path, since: Said) -> None:
    """The requester's has: the target had agreed, and does no longer in the one."""
    opening = cast.opening(rules(FIRST))
    came_back = bounces(ROSA.id, LetterKind.ASK_REQUESTER, Role.REQUESTER)
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL), opts_in(TOMOKO), came_back)
        await after(both, HOUR)
        await say(both[0], since)
        answers = [await on_console("again")(each) for each in both]
        assert answers[0] == answers[1]
        assert await staff_read(both, deadline(both[1]) - MINUTE) == []


async def test_of_a_letter_that_has_yet_to_leave_no_second_one_is_planned(tmp_path: Path) -> None:
    """Its time has come, and the relay is away. Sent again, it is still one letter; behind a no it looks alike."""
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await heard_unsent(each, approves(CARL))
            each.house.clock.now += HOUR
        await heard_unsent(both[0], OptedOut(by=TOMOKO.id))
        answers = [await on_console("again", line="They are back on Monday.")(each) for each in both]
        assert answers[0] == answers[1]
        theirs = select(letter.c.state, letter.c.words).where(letter.c.person == TOMOKO.id)
        ((state, line),) = await both[1].house.database.read(lambda connection: connection.execute(theirs).all())
        assert (state, line is not None) == ("planned", True)
        assert await staff_read(both) == []


AFTERWARDS: dict[str, tuple[Doing, ...]] = {
    "nothing": (),
    "stop": (on_console("stop"),),
    "again": (on_console("again"),),
    "it comes back": (comes_back,),
}


@in_turns
@pytest.mark.parametrize("doings", AFTERWARDS.values(), ids=AFTERWARDS)
async def test_after_the_promised_day_a_no_is_kept_until_its_deadline_too(
    tmp_path: Path, doings: tuple[Doing, ...]
) -> None:
    """The target had said "later" and is asked anew, once the requester has been told: what is offered is taken."""
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL), puts_off(TOMOKO, MONDAY + 25 * DAY))
            await each.until(MONDAY + 25 * DAY + HOUR)
        due_at = deadline(both[1])
        await say(both[0], declines(TOMOKO))
        page = f"/console/introductions/{opening.id}"
        assert f"{page}/stop" in (await both[0].seen_by("desk"))[page]
        for doing in doings:
            answers = [await doing(each) for each in both]
            assert answers[0] == answers[1]
        readers = ("staff", "requester", "key", "connector", "other connector")
        assert await differences(*both, readers, due_at + DAY) == []
        assert not doings or both[0].house.engine.states[opening.id].closed


async def test_in_batches_staff_read_it_once_the_requester_was_told(tmp_path: Path) -> None:
    """Not before, and then as it was, though the question could be open still: no act is offered that is refused."""
    opening = cast.opening(rules(AT_REQUEST | {"requester.closings_every": "2 d"}))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], declines(TOMOKO))
        told_at, due_at = datetime(2026, 3, 4, 9, tzinfo=UTC), deadline(both[1])
        assert told_at < due_at
        assert await staff_read(both, told_at - MINUTE) == []
        for each in both:
            await each.until(told_at)
        page = f"/console/introductions/{opening.id}"
        ended, open_still = [(await each.seen_by("desk"))[page] for each in both]
        assert f"{page}/hold" in open_still
        assert f'method="post" action="{page}/' not in ended
        assert 'datetime="2026-03-04T09:00:00+00:00"' in ended
        for each in both:
            await each.until(due_at)
        told, untold = [(await each.seen_by("desk"))[page] for each in both]
        assert told.count('datetime="2026-03-04T09:00:00+00:00"') == 5  # the letters, the story, and no later day
        assert 'datetime="2026-03-10T09:00:00+00:00"' in untold


NINE_DAYS: dict[str, object] = {"requester.answer_within": "9 bd"}  # the requester has longer than the target


async def until_the_first_deadline(both: tuple[Twin, Twin]) -> datetime:
    """Both are asked, and the target says no in both; its deadline has passed, and the requester's has not."""
    for each in both:
        await say(each, approves(CARL))
    await after(both, HOUR)
    return deadline(both[1])


async def test_in_batches_what_is_due_between_two_deadlines_tells_of_no_second_no(tmp_path: Path) -> None:
    opening = cast.opening(rules(TOGETHER | NINE_DAYS | {"requester.closings_every": "20 d"}))
    async with twins(tmp_path, opening.policy, opening) as both:
        due_at = await until_the_first_deadline(both)
        for each in both:
            await say(each, declines(TOMOKO))
        await say(both[0], declines(ROSA))
        for each in both:
            await each.until(due_at + HOUR)
        (listed, _), tell_at = [(await each.seen_by("desk"))["/console"] for each in both], MONDAY + 20 * DAY
        assert f'datetime="{tell_at:%Y-%m-%d}' in listed
        assert await staff_read(both) == []


async def test_a_bounce_between_two_deadlines_is_heard_behind_a_second_no(tmp_path: Path) -> None:
    opening = cast.opening(rules(TOGETHER | NINE_DAYS))
    async with twins(tmp_path, opening.policy, opening) as both:
        due_at = await until_the_first_deadline(both)
        for each in both:
            await say(each, declines(TOMOKO))
        await say(both[0], declines(ROSA))
        heard = []
        for each in both:
            await each.until(due_at + HOUR)
            heard.append(await each.house.database.write(partial(bounced, twin=each)))
        assert heard == [1, 1]
        assert await staff_read(both) == []


def bounced(connection: Connection, twin: Twin) -> int:
    """How much the introduction is told of the requester's letter, which came back."""
    theirs = (letter.c.person == ROSA.id, letter.c.ask.is_not(None), letter.c.reminder.is_(False))
    settled = outbox.get(connection, connection.execute(select(letter.c.id).where(*theirs)).scalar_one())
    assert settled
    delivery_results.undeliverable(connection, settled, twin.now)
    waiting = select(func.count()).select_from(inbox).where(inbox.c.introduction == twin.introduction)
    return connection.execute(waiting.where(inbox.c.state == "waiting")).scalar_one()


async def test_a_letter_nobody_can_tell_of_counts_only_where_staff_may_know_of_it(tmp_path: Path) -> None:
    """After an edit another connector is asked, unless the target has said no: no count may tell which."""
    opening = cast.opening(rules(TOGETHER))
    async with twins(tmp_path, opening.policy, opening) as both:
        await after(both, HOUR)
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], declines(TOMOKO))
        for each in both:
            await say(each, Edited(by=ROSA.id))
            await each.house.database.write(nobody_can_tell_of_the_newest)
        assert await differs(*both, "desk") == []


def nobody_can_tell_of_the_newest(connection: Connection) -> None:
    newest = (
        select(func.max(letter.c.step)).where(letter.c.kind == "ask_connector", letter.c.step > 2).scalar_subquery()
    )
    theirs = (letter.c.kind == "ask_connector", letter.c.step == newest)
    connection.execute(update(letter).where(*theirs).values(state="unknown"))
