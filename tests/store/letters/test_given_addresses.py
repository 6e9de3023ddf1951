"""Addresses that somebody gave hold as long as the answer that gave them: letters, tick boxes and copies go by it."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from models.ids import ChannelId, InboxKey, WordsId
from models.news import ConnectorApproved, Edited, HandedOver, Undone
from store.asks.facts import channels_of
from store.audit.verify import verify
from store.journal import inbox
from store.privacy.export.copy import copy_of
from store.tables import channel, membership, person, words
from store.tables import inbox as inbox_table
from store.tables import letter as letters
from tests.cast import CARL, CLEO, OLIVE, ROSA, ROSAS_MAIL, TOMOKO, Person
from tests.mailroom.desk import Case, Desk
from tests.mailroom.fake_relay import Post
from tests.store.letters.planned_letters import ABOUT_TO_BE
from tests.support.news_phrases import last_ask

WRONG, RIGHT = ("cha_wrong", "stranger@wrong.test"), ("cha_right", "noa@right.test")


async def test_letter_and_reminder_go_to_the_address_of_the_approval_that_stands(at_desk: Desk) -> None:
    case = await asked_about_somebody_without_an_address(at_desk)
    await _approves(case, CARL, *WRONG, language="pt")
    await case.hear(Undone(ask=last_ask(case.introduction, CARL.id), by=CARL.id))
    await _approves(case, CARL, *RIGHT, language="es")
    post = await _until_reminded(at_desk, case)
    assert _of_target(post) == [RIGHT[1], RIGHT[1]], "the letter and its reminder"
    assert "Nuestras promesas" in str(post.received(RIGHT[1])[0].get_body()), "in the language said beside this address"
    assert await _language(at_desk) == "es"
    assert await _faults(at_desk) == set()


async def test_after_an_edit_the_next_approval_says_where_the_letter_goes(at_desk: Desk) -> None:
    case = await asked_about_somebody_without_an_address(at_desk)
    await _approves(case, CARL, *WRONG)
    note = {"id": "wrd_new", "owner": ROSA.id, "introduction": case.id, "kind": "note", "at": at_desk.now}
    await at_desk.add(words, **note, body="Tomoko, my pumps ran for a year.")
    await case.hear(Edited(by=ROSA.id, note=WordsId("wrd_new"), channels=(ROSAS_MAIL,)))
    await at_desk.carry(Post())
    await _approves(case, CARL, *RIGHT)
    assert _of_target(await _until_reminded(at_desk, case)) == [RIGHT[1], RIGHT[1]]
    assert await _faults(at_desk) == set()


async def test_another_connectors_approval_says_where_the_letter_goes(at_desk: Desk) -> None:
    case = await asked_about_somebody_without_an_address(at_desk)
    await _approves(case, CARL, *WRONG)
    await case.hear(Undone(ask=last_ask(case.introduction, CARL.id), by=CARL.id))
    await case.hear(HandedOver(by=OLIVE.id, to=CLEO.id))
    await at_desk.carry(Post())
    await _approves(case, CLEO, *RIGHT)
    assert _of_target(await _until_reminded(at_desk, case)) == [RIGHT[1], RIGHT[1]]


async def test_an_address_ends_with_its_approval_for_tick_boxes_and_copies_too(at_desk: Desk) -> None:
    case = await asked_about_somebody_without_an_address(at_desk)
    await _approves(case, CARL, *WRONG)
    assert (await _ticked(at_desk, case), await _copied(at_desk)) == ([WRONG[0]], []), "no letter tells of it yet"
    await case.hear(Undone(ask=last_ask(case.introduction, CARL.id), by=CARL.id))
    assert await _ticked(at_desk, case) == []
    await _approves(case, CARL, *RIGHT)
    await _until_reminded(at_desk, case)
    assert (await _ticked(at_desk, case), await _copied(at_desk)) == ([RIGHT[0]], [RIGHT[1]])


async def test_an_address_that_came_with_an_answer_nobody_took_is_nobodys(at_desk: Desk) -> None:
    case = await asked_about_somebody_without_an_address(at_desk)
    await _given(at_desk, case, *WRONG)
    news = ConnectorApproved(
        ask=last_ask(case.introduction, CARL.id), by=CARL.id, vouch="introduce", address=ChannelId(WRONG[0])
    )
    await case.put(news)
    (row,) = await at_desk.rows(select(inbox_table.c.key))
    await at_desk.database.write(lambda connection: inbox.mark_refused(connection, InboxKey(row.key), "settled"))
    assert (await _ticked(at_desk, case), await _copied(at_desk)) == ([], [])


@pytest.mark.parametrize("used", [WRONG, RIGHT])
async def test_a_letter_to_an_address_that_no_approval_in_force_named_is_found(
    at_desk: Desk, used: tuple[str, str]
) -> None:
    case = await asked_about_somebody_without_an_address(at_desk)
    await _approves(case, CARL, *WRONG)
    await case.hear(Undone(ask=last_ask(case.introduction, CARL.id), by=CARL.id))
    await _approves(case, CARL, *RIGHT)
    await _until_reminded(at_desk, case)
    await at_desk.set(letters, letters.c.kind == "ask_target", channel=used[0])
    assert await _faults(at_desk) == ({"S1 address"} if used == WRONG else set())


async def asked_about_somebody_without_an_address(desk: Desk) -> Case:
    await desk.database.write(lambda connection: connection.execute(delete(channel).where(_THEIRS)))
    await desk.database.write(
        lambda connection: connection.execute(delete(membership).where(membership.c.person == TOMOKO.id))
    )
    case = await desk.asked()
    await desk.carry(Post())
    return case


_THEIRS = channel.c.person == TOMOKO.id


async def _approves(case: Case, who: Person, named: str, address: str, language: str = "en") -> None:
    await _given(case.desk, case, named, address, language)
    ask = last_ask(case.introduction, who.id)
    await case.hear(ConnectorApproved(ask=ask, by=who.id, vouch="introduce", address=ChannelId(named)))


async def _given(desk: Desk, case: Case, named: str, address: str, language: str = "en") -> None:
    row = {"id": named, "person": TOMOKO.id, "kind": "email", "value": address, "match_key": address}
    said = {"introduction": case.id, "source": "the connector", "language": language, "created_at": desk.now}
    await desk.add(channel, **row, **said)


async def _until_reminded(desk: Desk, case: Case) -> Post:
    post = Post()
    desk.passes(ABOUT_TO_BE)
    await desk.carry(post)
    while len(_of_target(post)) < 2:
        await case.wait()
        desk.passes(timedelta(seconds=1))
        await desk.carry(post)
    return post


def _of_target(post: Post) -> list[str]:
    return [to for to, _, _ in post.taken if to in (WRONG[1], RIGHT[1])]


async def _ticked(desk: Desk, case: Case) -> list[str]:
    ways = await desk.database.read(lambda connection: channels_of(connection, TOMOKO.id, case.id))
    return [each.id for each in ways]


async def _copied(desk: Desk) -> list[str]:
    copy = await desk.database.read(lambda connection: copy_of(connection, TOMOKO.id, desk.now))
    return [str(row["value"]) for row in copy.sections["ways_to_reach_you"]]


async def _language(desk: Desk) -> str:
    (row,) = await desk.rows(select(person.c.language).where(person.c.id == TOMOKO.id))
    return str(row.language)


async def _faults(desk: Desk) -> set[str]:
    return {fault.rule for each in [found async for found in verify(desk.database)] for fault in each.faults}
