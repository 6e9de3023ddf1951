"""Members whom a file brought: nobody asks them anything and nobody is told of them, until staff invite them, once."""

import pytest

from models.ids import PersonId
from models.letters import LetterKind
from store.access import sessions
from store.boundaries import invitations
from store.boundaries.invitations import Invited
from store.people import directory
from store.tables import letter, membership, person
from tests.cast import CARL, CLEO, OLIVE, PROGRAMME, ROSA, TOMOKO
from tests.mailroom.desk import Desk
from tests.mailroom.fake_relay import Post


async def brought(at_desk: Desk, *who: PersonId) -> None:
    await at_desk.set(membership, membership.c.person.in_(who), uninvited_since=at_desk.now)


async def invite(at_desk: Desk, *who: PersonId) -> Invited:
    return await at_desk.database.write(
        lambda c: invitations.invite(c, PROGRAMME, at_desk.rules, OLIVE.id, at_desk.now, who or None)
    )


async def listed(at_desk: Desk) -> set[str]:
    found = await at_desk.database.read(lambda c: directory.directory(c, PROGRAMME, ROSA.id, "", None))
    return {each.id for each in found.members}


async def test_a_target_who_was_not_invited_is_shown_to_nobody_and_no_connector_is_asked(at_desk: Desk) -> None:
    assert TOMOKO.id in await listed(at_desk)
    await brought(at_desk, TOMOKO.id)
    assert TOMOKO.id not in await listed(at_desk)
    case = await at_desk.asked()
    assert not case.introduction.closed, "the requester hears at their own time, as of every other ending"
    assert {each.kind for each in await case.letters()} <= {LetterKind.CONFIRM_REQUEST}
    assert not case.introduction.open_asks()


async def test_the_next_connector_is_asked_in_place_of_one_who_was_not_invited(at_desk: Desk) -> None:
    await brought(at_desk, CARL.id)
    case = await at_desk.asked()
    assert [each.person for each in case.introduction.open_asks()] == [CLEO.id]


async def test_a_letter_planned_before_goes_nowhere(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await brought(at_desk, CARL.id)
    relay = Post()
    await at_desk.carry(relay)
    assert CARL.address not in {to for to, _, _ in relay.taken}
    assert (await case.last(LetterKind.ASK_CONNECTOR)).state == "dropped"


async def test_one_welcome_leaves_and_a_second_press_is_the_same_act(at_desk: Desk) -> None:
    await brought(at_desk, CARL.id, TOMOKO.id)
    assert await invite(at_desk, CARL.id) == Invited(people=1, letters=1)
    assert await invite(at_desk, CARL.id) == Invited(people=0, letters=0)
    (waiting,) = await at_desk.database.read(lambda c: invitations.brought(c, PROGRAMME))
    assert waiting.waiting == 1
    assert await invite(at_desk) == Invited(people=1, letters=1)
    assert TOMOKO.id in await listed(at_desk)
    relay = Post()
    await at_desk.carry(relay)
    assert sorted(to for to, _, _ in relay.taken) == sorted((CARL.address, TOMOKO.address))
    (welcome,) = relay.received(CARL.address)
    assert "https://programme.example.test/unsubscribe/" in str(welcome.get_body(("plain",)))


async def test_so_many_leave_in_an_hour(at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await brought(at_desk, CARL.id, CLEO.id, TOMOKO.id)
    monkeypatch.setattr(invitations, "IN_AN_HOUR", 2)
    await invite(at_desk)
    planned = sorted(row.not_before for row in await at_desk.rows(letter.select()))
    assert planned[1] < planned[0] + invitations.AN_HOUR <= planned[2]


async def test_who_has_left_is_not_invited_and_whoever_signs_in_need_not_be(at_desk: Desk) -> None:
    await brought(at_desk, CARL.id, TOMOKO.id)
    await at_desk.set(person, person.c.id == CARL.id, opted_out_at=at_desk.now)
    await at_desk.database.write(lambda c: sessions.ask_for_link(c, (TOMOKO.id,), at_desk.now))
    relay = Post()
    await at_desk.carry(relay)
    (way_in,) = relay.received(TOMOKO.address)
    token = str(way_in.get_body(("plain",))).split("/me/")[1].split()[0].rstrip(")>")
    assert await at_desk.database.write(lambda c: sessions.redeem(c, token, at_desk.now))
    assert await invite(at_desk) == Invited(people=0, letters=0)
    assert TOMOKO.id in await listed(at_desk)


async def test_leaving_or_being_forgotten_ends_a_welcome_that_waits(at_desk: Desk) -> None:
    await brought(at_desk, CARL.id, CLEO.id, TOMOKO.id)
    await invite(at_desk)
    await at_desk.set(person, person.c.id == CARL.id, opted_out_at=at_desk.now)
    await at_desk.set(person, person.c.id == CLEO.id, erased_at=at_desk.now)
    relay = Post()
    await at_desk.carry(relay)
    assert [to for to, _, _ in relay.taken] == [TOMOKO.address]
