"""Letters that pass the gate, and what keeps each of them back. Every kind, warm once and cold in every way."""

from datetime import timedelta

import pytest

from models.asks import LETTER_OF
from models.ids import ChannelId, IntroductionId
from models.letters import RECEIVER, LetterKind, Role
from models.news import ConnectorApproved, Stopped
from store.boundaries import suppressions
from store.engine.ids import new_id
from store.tables import block, channel, introduction, person, words
from store.tables import letter as letters
from tests.cast import CARL, EVERYBODY, OLIVE, ROSA, STAN, TOMOKO, opening
from tests.mailroom.desk import KEYS, Case, Desk
from tests.mailroom.fake_relay import Post
from tests.store.letters.planned_letters import ABOUT_TO_BE, planned
from tests.support.news_phrases import last_ask
from tests.support.rows import TENANT
from tests.support.services.databases import POSTGRESQL, SQLITE

KINDS = list(LetterKind)
ADDRESS = {each.id: each.address for each in EVERYBODY}
DELIVERY = (LetterKind.INTRODUCTION_TO_REQUESTER, LetterKind.INTRODUCTION_TO_TARGET)
TOWARDS_TARGET = (LetterKind.ASK_CONNECTOR, LetterKind.ASK_ADDRESS, LetterKind.ASK_TARGET, *DELIVERY)


def every_kind(turn: int) -> pytest.MarkDecorator:
    """Each kind on SQLite. On PostgreSQL two, in each test the next two, and all of them in `make soak`: what the gate
    asks is one statement there as here, and every kind has passed it there in one test or another.
    """
    now = {KINDS[turn % len(KINDS)], KINDS[(turn + len(KINDS) // 2) % len(KINDS)]}
    soaked = [pytest.param(kind, POSTGRESQL, marks=[pytest.mark.soak] * (kind not in now)) for kind in KINDS]
    cases = [*((kind, SQLITE) for kind in KINDS), *soaked]
    return pytest.mark.parametrize(("kind", "kind_of_database"), cases, indirect=["kind_of_database"])


@every_kind(turn=0)
async def test_a_warm_letter_reaches_its_reader_and_no_other(at_desk: Desk, kind: LetterKind) -> None:
    case, post = await planned(at_desk, kind), Post()
    await at_desk.carry(post)
    letter = await case.last(kind)
    assert letter.state == "accepted"
    assert [to for to, message_id, _ in post.taken if message_id == letter.message_id] == [ADDRESS[letter.person]]


@every_kind(turn=1)
async def test_a_letter_before_its_time_is_cold(at_desk: Desk, kind: LetterKind) -> None:
    """The same letter, planned by a mistake before anybody has said anything."""
    letter = await (await planned(at_desk, kind)).last(kind)
    forged = new_id("let")
    case = await _another_introduction(at_desk)
    row = letter.model_dump() | {"id": forged, "introduction": case.id, "number": 99, "step": 1, "state": "planned"}
    ask = 7 if letter.ask else None
    await at_desk.add(letters, **row | {"ask": ask, "claimed_by": None, "not_before": at_desk.now})
    post = Post()
    await at_desk.carry(post)
    (dropped,) = [each for each in await case.letters() if each.id == forged]
    assert (dropped.state, dropped.relay_said) == ("dropped", _cold(kind))
    assert not [taken for taken in post.taken if forged in taken[1]]
    assert await case.mailed(dropped) == ["dropped"]


@every_kind(turn=2)
async def test_a_letter_to_somebody_else_is_cold(at_desk: Desk, kind: LetterKind) -> None:
    case = await planned(at_desk, kind)
    letter = await case.last(kind)
    await at_desk.set(letters, letters.c.id == letter.id, person=STAN.id)
    await _is_dropped(at_desk, case, kind, "cold: receiver")


@every_kind(turn=3)
async def test_a_letter_about_another_version_is_cold(at_desk: Desk, kind: LetterKind) -> None:
    case = await planned(at_desk, kind)
    letter = await case.last(kind)
    await at_desk.set(letters, letters.c.id == letter.id, version=2)
    if kind in (LetterKind.NO_INTRODUCTION, LetterKind.TWO_LINES):
        return  # they say how it ended, whatever the version
    post = Post()
    await at_desk.carry(post)
    assert (await case.last(kind)).state == "dropped"
    assert letter.id not in str(post.taken)


@every_kind(turn=4)
async def test_a_stop_in_the_inbox_holds_every_letter(at_desk: Desk, kind: LetterKind) -> None:
    case, post = await planned(at_desk, kind), Post()
    await case.put(Stopped(by=OLIVE.id))
    await at_desk.carry(post)
    letter = await case.last(kind)
    assert (letter.state, post.taken) == ("planned", [])
    assert letter.next_try_at >= at_desk.now + timedelta(seconds=1)


@every_kind(turn=5)
async def test_a_hold_keeps_every_letter_until_it_is_lifted(at_desk: Desk, kind: LetterKind) -> None:
    case, post = await planned(at_desk, kind), Post()
    await at_desk.set(introduction, introduction.c.id == case.id, held=True)
    await at_desk.carry(post)
    letter = await case.last(kind)
    assert (letter.state, post.taken) == ("planned", [])
    await at_desk.set(introduction, introduction.c.id == case.id, held=False)
    at_desk.passes(timedelta(seconds=31))
    await at_desk.carry(post)
    assert (await case.last(kind)).state == "accepted"


@every_kind(turn=6)
async def test_nobody_who_opted_out_is_written_to(at_desk: Desk, kind: LetterKind) -> None:
    case = await planned(at_desk, kind)
    letter = await case.last(kind)
    await at_desk.set(person, person.c.id == letter.person, opted_out_at=at_desk.now)
    await _is_dropped(at_desk, case, kind, "opted out")


@every_kind(turn=7)
async def test_no_suppressed_address_is_written_to(at_desk: Desk, kind: LetterKind) -> None:
    case = await planned(at_desk, kind)
    address = ADDRESS[(await case.last(kind)).person].upper().replace("@", "+tag@")
    await at_desk.database.write(
        lambda connection: suppressions.add(connection, KEYS, TENANT, address, "opt_out", at_desk.now)
    )
    await _fails(at_desk, case, kind, "suppressed")


@every_kind(turn=8)
async def test_no_stopped_channel_is_written_to(at_desk: Desk, kind: LetterKind) -> None:
    case = await planned(at_desk, kind)
    whose = channel.c.person == (await case.last(kind)).person
    await at_desk.set(channel, whose, stopped_at=at_desk.now)
    await _fails(at_desk, case, kind, "address stopped")


@every_kind(turn=9)
async def test_a_block_by_the_target_drops_what_leads_to_them(at_desk: Desk, kind: LetterKind) -> None:
    case, post = await planned(at_desk, kind), Post()
    await at_desk.add(block, tenant=TENANT, blocker=TOMOKO.id, blocked=ROSA.id, at=at_desk.now)
    await at_desk.carry(post)
    letter = await case.last(kind)
    concerned = kind in TOWARDS_TARGET or letter.person == TOMOKO.id
    assert letter.state == ("dropped" if concerned else "accepted")


@pytest.mark.parametrize("kind", [LetterKind.ASK_CONNECTOR, LetterKind.HOW_IT_WENT])
async def test_a_connector_who_blocked_the_requester_hears_no_more_of_them(at_desk: Desk, kind: LetterKind) -> None:
    case = await planned(at_desk, kind)
    await at_desk.add(block, tenant=TENANT, blocker=CARL.id, blocked=ROSA.id, at=at_desk.now)
    await _is_dropped(at_desk, case, kind, "blocked")


@pytest.mark.parametrize("kind", [LetterKind.CONFIRM_REQUEST, LetterKind.ASK_CONNECTOR, LetterKind.ASK_TARGET])
async def test_a_note_that_is_not_the_approved_one_stays_here(at_desk: Desk, kind: LetterKind) -> None:
    case = await planned(at_desk, kind)
    await at_desk.set(words, words.c.kind == "note", body="Buy my pumps!")
    await _is_dropped(at_desk, case, kind, "not the approved text: note")


@pytest.mark.parametrize("kind", DELIVERY)
async def test_nothing_is_disclosed_of_somebody_who_is_gone(at_desk: Desk, kind: LetterKind) -> None:
    case = await planned(at_desk, kind)
    other = ROSA if (await case.last(kind)).person == TOMOKO.id else TOMOKO
    await at_desk.set(person, person.c.id == other.id, opted_out_at=at_desk.now)
    await _is_dropped(at_desk, case, kind, "the other party opted out")


@pytest.mark.parametrize("kind", DELIVERY)
async def test_nobody_is_introduced_twice(at_desk: Desk, kind: LetterKind) -> None:
    case, post = await planned(at_desk, kind), Post()
    letter = await case.last(kind)
    again = letter.model_dump() | {"id": new_id("let"), "number": 99}
    await at_desk.add(letters, **again)
    await at_desk.carry(post)
    both = [each for each in await case.letters() if each.kind == kind]
    assert sorted(each.state for each in both) == ["accepted", "dropped"]


@pytest.mark.parametrize("kind", [LetterKind.ASK_CONNECTOR, LetterKind.ASK_TARGET])
async def test_a_new_ask_waits_while_its_reader_pauses(at_desk: Desk, kind: LetterKind) -> None:
    case, post = await planned(at_desk, kind), Post()
    letter = await case.last(kind)
    until = at_desk.now + timedelta(minutes=5)
    await at_desk.set(person, person.c.id == letter.person, paused_until=until)
    await at_desk.carry(post)
    assert ((await case.last(kind)).state, (await case.last(kind)).next_try_at) == ("planned", until)
    at_desk.passes(timedelta(minutes=5))
    await at_desk.carry(post)
    assert (await case.last(kind)).state == "accepted"


async def test_nobody_is_reminded_of_a_letter_they_never_had(at_desk: Desk) -> None:
    case, post = await at_desk.asked(), Post()
    first = await case.last("ask_connector")
    await at_desk.set(letters, letters.c.id == first.id, next_try_at=at_desk.now + timedelta(hours=1))
    await case.wait()  # the reminder falls due while the relay has yet to take the ask
    await at_desk.carry(post)
    reminder = await case.last("ask_connector")
    assert (reminder.reminder, reminder.state, post.taken) == (True, "planned", [])

    await at_desk.set(letters, letters.c.id == first.id, state="failed")
    at_desk.passes(timedelta(seconds=2))
    await _is_dropped(at_desk, case, LetterKind.ASK_CONNECTOR, "nothing to remind of")


async def test_nobody_is_asked_how_it_went_without_a_letter_that_introduced_them(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.HAVE_YOU_WRITTEN)
    delivery = await case.last(LetterKind.INTRODUCTION_TO_REQUESTER)
    await at_desk.set(letters, letters.c.id == delivery.id, state="failed")
    await _is_dropped(at_desk, case, LetterKind.HAVE_YOU_WRITTEN, "never introduced to them")


async def test_an_ask_that_cannot_reach_anybody_is_told_to_the_introduction(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_TARGET)
    await at_desk.set(channel, channel.c.person == TOMOKO.id, kind="phone")
    await _fails(at_desk, case, LetterKind.ASK_TARGET, "no address")
    (news,) = await case.inbox()
    await case.hear(news)
    assert case.introduction.stage.kind == "resting"


async def test_an_address_given_for_this_introduction_comes_first(at_desk: Desk) -> None:
    case, post = await planned(at_desk, LetterKind.ASK_CONNECTOR), Post()
    given = {"kind": "email", "person": TOMOKO.id, "source": "the connector", "created_at": at_desk.now}
    await at_desk.add(channel, id="cha_given", value="tomoko@lab.example.test", introduction=case.id, **given)
    await at_desk.add(channel, id="cha_other", value="tomoko@else.example.test", introduction="int_other", **given)
    await at_desk.carry(post)
    ask = last_ask(case.introduction, CARL.id)
    await case.hear(ConnectorApproved(ask=ask, by=CARL.id, vouch="introduce", address=ChannelId("cha_given")))
    at_desk.passes(ABOUT_TO_BE)
    await at_desk.carry(post)
    assert len(post.received("tomoko@lab.example.test")) == 1
    assert not post.received("tomoko@else.example.test")


async def _is_dropped(desk: Desk, case: Case, kind: LetterKind, why: str) -> None:
    post = Post()
    await desk.carry(post)
    letter = await case.last(kind)
    assert (letter.state, letter.relay_said) == ("dropped", why)
    assert not [taken for taken in post.taken if letter.id in taken[1]]
    assert (await case.mailed(letter))[-1] == "dropped"


async def _fails(desk: Desk, case: Case, kind: LetterKind, why: str) -> None:
    post = Post()
    await desk.carry(post)
    letter = await case.last(kind)
    assert (letter.state, letter.relay_said) == ("failed", why)
    assert not [taken for taken in post.taken if letter.id in taken[1]]


async def _another_introduction(desk: Desk) -> Case:
    """Just begun, between the same two, with nothing in its ledger but its first step."""
    await desk.set(introduction, introduction.c.live, live=False)
    made = opening(desk.rules, asked_at=desk.now).model_copy(update={"id": IntroductionId("int_another")})
    case = await desk.asked(begun=made)
    await desk.database.write(
        lambda connection: connection.execute(letters.delete().where(letters.c.introduction == case.id))
    )
    return case


def _cold(kind: LetterKind) -> str:
    if RECEIVER[kind] == Role.CONNECTOR:
        return "cold: receiver"  # nobody is the connector yet
    if kind in LETTER_OF.values():
        return "cold: open_ask"
    needs = {LetterKind.NO_INTRODUCTION: "ending", LetterKind.ADVICE: "screening"}
    return f"cold: {needs.get(kind, 'approval')}"
