"""Nobody can tell why it ended: twin histories over real HTTP, equal up to the cause, read byte for byte."""

from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, update

from models.ids import IntroductionId
from models.letters import LetterKind, Role
from models.news import Barred, Blocked, Erased, HandedOver, OptedOut, Stopped, TookBack
from models.policy.policy import Order, Policy
from models.process.state.opening import MadeBy
from store.boundaries.opt_outs_and_blocks import opt_out
from store.tables import block, membership, person, reservation, tie
from tests import cast
from tests.cast import CARL, CLEO, MONDAY, OLIVE, ROSA, STAN, TOMOKO, Person
from tests.models.exploration.causes import bounces
from tests.support import rows
from tests.support.news_phrases import approves, confirms, declines, opts_in, puts_off, undoes
from tests.support.play import Said
from tests.support.run.every_pair import pairs
from tests.support.run.in_turns import in_six_turns, in_turns, in_two_turns
from tests.web.twins import Twin, deadline, differences, differs, twins

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Cause = tuple[Said, ...]
ANEW = "Al final sí hay quien te presente, y te preguntamos de nuevo."  # Rosa reads Spanish

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


@in_six_turns
@pytest.mark.parametrize(("cause", "made_by"), pairs(CONNECTORS, {"requester": MadeBy.REQUESTER, "key": MadeBy.KEY}))
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


@in_turns
@pytest.mark.parametrize(
    ("fields", "cause"), pairs({"at request": AT_REQUEST, "together": TOGETHER, "target first": FIRST}, TARGETS)
)
async def test_a_targets_no_and_silence_are_one_to_staff_until_the_deadline(
    tmp_path: Path, fields: Mapping[str, object], cause: Cause
) -> None:
    opening = cast.opening(rules(fields))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], *cause)
        due_at = deadline(both[1])
        assert due_at > both[0].now + DAY
        found = await differences(*both, ("staff", "requester", "key", "connector"), due_at)
        assert found == []
        for each in both:
            await each.until(due_at)
        assert await differences(*both, ("staff",), due_at) == []


@in_turns
@pytest.mark.parametrize("heard", [True, False], ids=["heard", "not heard yet"])
@pytest.mark.parametrize("fields", [TOGETHER, FIRST], ids=["together", "target first"])
async def test_staff_learn_of_a_targets_opt_out_no_earlier_than_of_its_end(
    tmp_path: Path, fields: Mapping[str, object], heard: bool
) -> None:
    """All letters, on their own page: the list of members would tell of it at once."""
    opening = cast.opening(rules(fields))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        one = both[0].house
        told = await one.database.write(lambda c: opt_out(c, TOMOKO.id, one.keys, "a page", one.clock()))
        if not heard:
            assert await differences(*both, ("staff",), both[0].now) == []
        for news in told:
            await one.engine.deliver(both[0].introduction, news.envelope)
        due_at = deadline(both[1])
        assert await differences(*both, ("staff",), due_at) == []
        for each in both:
            await each.until(due_at)
        (seen,) = await differences(*both, ("staff",), due_at)
        assert "/console/people" in seen
        assert "no letters" in seen


@in_two_turns
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
        due_at = deadline(both[1])
        assert await differences(*both, ("staff", "connector"), due_at) == []
        for each in both:
            await each.until(due_at)
        assert await differences(*both, ("staff",), due_at) == []


@in_two_turns
@pytest.mark.parametrize("target", [(), (declines(TOMOKO),)], ids=["the target is silent", "the target has said no"])
async def test_a_no_beside_an_end_that_staff_know_is_kept_until_its_own_deadline(tmp_path: Path, target: Cause) -> None:
    """The requester has longer than the target: what they say shows no earlier than their own silence would."""
    opening = cast.opening(rules(TOGETHER | {"requester.answer_within": "9 bd"}))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], *target)
        if not target:
            for each in both:
                await each.until(MONDAY + 9 * DAY)
        await say(both[0], declines(ROSA))
        assert await differences(*both, ("staff",), MONDAY + 40 * DAY) == []


@in_turns
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


@in_turns
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


@in_turns
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


# Who approved, and what the target reads

AGREED: dict[str, Cause] = {
    "the requester declines": (declines(ROSA),),
    "the connector blocks": (Blocked(by=CARL.id),),
    "barred": (Barred(),),
    "stopped": (Stopped(by=OLIVE.id),),
}


@in_turns
@pytest.mark.parametrize(
    ("cause", "then"),
    pairs(AGREED, {"no more": (), "takes it back": (TookBack(by=TOMOKO.id),), "opts out": (OptedOut(by=TOMOKO.id),)}),
)
async def test_a_targets_yes_reads_alike_whatever_ends_it(tmp_path: Path, cause: Cause, then: Cause) -> None:
    opening = cast.opening(rules(FIRST))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL), opts_in(TOMOKO))
        await after(both, HOUR)
        await say(both[0], *cause)
        for each in both:
            await each.until(each.now + HOUR)
            await say(each, *then)
        assert await differences(*both, ("target",), MONDAY + 60 * DAY) == []


@in_turns
@pytest.mark.parametrize("said", [(), (opts_in(TOMOKO),), (declines(TOMOKO),)], ids=["silent", "yes", "no"])
async def test_the_target_cannot_tell_how_many_were_tried_before(tmp_path: Path, said: Cause) -> None:
    """In one house a connector has said no; in the other nobody was asked before, as the first knew nobody."""
    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening, other=only_cleo_knows) as both:
        await after(both, HOUR)
        await say(both[0], declines(CARL))
        for each in both:
            await say(each, approves(CLEO))
            await each.until(each.now + HOUR)
            await say(each, *said)
        assert [len(each.house.engine.states[opening.id].asks) for each in both] == [3, 2]
        assert await differences(*both, ("target",), MONDAY + 60 * DAY) == []


def only_cleo_knows(connection: Connection) -> None:
    connection.execute(delete(tie).where(tie.c.connector == CARL.id))


# What the connector reads

LENT: dict[str, Cause] = TARGETS | {
    "the requester declines": (declines(ROSA),),
    "took the yes back": (opts_in(TOMOKO), TookBack(by=TOMOKO.id)),
    "stopped": (Stopped(by=OLIVE.id),),
}


@in_six_turns
@pytest.mark.parametrize("cause", LENT.values(), ids=LENT)
async def test_the_connector_who_approved_cannot_tell(tmp_path: Path, cause: Cause) -> None:
    opening = cast.opening(rules(TOGETHER))
    async with twins(tmp_path, opening.policy, opening) as both:
        for each in both:
            await say(each, approves(CARL))
        await after(both, HOUR)
        await say(both[0], *cause)
        assert await differences(*both, ("connector", "other connector"), MONDAY + 60 * DAY) == []


# A cap

CAPPED = AT_REQUEST | {"connector.cap": 1, "target.cap": 1}


@in_two_turns
@pytest.mark.parametrize("who", [(CARL, CLEO), (TOMOKO,)], ids=["of the connectors", "of the target"])
async def test_a_cap_looks_like_silence(tmp_path: Path, who: tuple[Person, ...]) -> None:
    opening = cast.opening(rules(CAPPED))

    def other_request(connection: Connection) -> None:
        """Somebody else's, which the one house has counted and the other has not."""
        before = {"id": IntroductionId("int_before"), "requester": STAN.somebody}
        rows.ask_at_the_door(connection, opening.model_copy(update=before))

    def counted(connection: Connection) -> None:
        other_request(connection)
        connection.execute(insert(reservation), [reserved(person, opening.programme) for person in who])

    async with twins(tmp_path, opening.policy, opening, made=counted, other=other_request) as both:
        assert both[0].house.engine.states[opening.id].stage.kind == "resting"
        assert both[1].house.engine.states[opening.id].stage.kind == "with_connector"
        assert await differences(*both, ("requester", "key"), MONDAY + 60 * DAY) == []


def reserved(person: Person, programme: str) -> dict[str, object]:
    role, step = (Role.TARGET, 1) if person == TOMOKO else (Role.CONNECTOR, 2 + (person == CLEO))
    about = {"introduction": "int_before", "step": step, "person": person.id, "role": role}
    return about | {"programme": programme, "at": MONDAY}


async def test_staff_cannot_tell_a_block_from_a_want_of_connectors(tmp_path: Path) -> None:
    """Both wait for an operator who may name somebody; here somebody who cannot be asked, and it ends alike."""

    def nobody_knows_them(connection: Connection) -> None:
        connection.execute(delete(tie))
        connection.execute(update(person).where(person.c.id == CLEO.id).values(paused_until=MONDAY + 30 * DAY))

    def blocked(connection: Connection) -> None:
        nobody_knows_them(connection)
        connection.execute(insert(block).values(tenant="ten", blocker=TOMOKO.id, blocked=ROSA.id, at=MONDAY))

    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening, made=nobody_knows_them, other=blocked) as both:
        assert await differs(*both, "staff") == []
        for each in both:
            await say(each, HandedOver(by=OLIVE.id, to=CLEO.id))
        await after(both, DAY)
        assert await differs(*both, "staff") + await differs(*both, "requester") == []
        await after(both, 60 * DAY)
        assert await differs(*both, "staff") + await differs(*both, "requester") == [], "nor once it has been told"


async def test_a_target_who_was_not_invited_is_one_whom_nobody_knows(tmp_path: Path) -> None:
    """Neither page, nor time, nor program tells a member whom a file brought from one who is not listed."""
    theirs = update(membership).where(membership.c.person == TOMOKO.id)

    def not_invited(connection: Connection) -> None:
        connection.execute(theirs.values(uninvited_since=MONDAY))

    def nobody_knows_them(connection: Connection) -> None:
        connection.execute(theirs.values(listed=False))
        connection.execute(delete(tie).where(tie.c.person == TOMOKO.id))

    opening = cast.opening(rules(AT_REQUEST))
    async with twins(tmp_path, opening.policy, opening, made=not_invited, other=nobody_knows_them) as both:
        assert await differences(*both, ("requester", "key"), MONDAY + 60 * DAY) == []
