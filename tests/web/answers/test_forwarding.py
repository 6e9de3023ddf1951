"""A connector carries a request in their own hands, and nobody else answers in the target's place."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from models.asks import AskKind
from store.tables import channel, letter, token
from tests.cast import CARL, ROSA, TOMOKO
from tests.web.answers.house import Visits, words_of


async def test_the_connector_gets_a_text_and_a_link_to_pass_on(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    answer = await house.post(path, choice="forward", sentence="This one is worth it.")
    assert "Show me the text and the link" in answer.text
    tokens = await house.value(select(func.count()).select_from(token))
    await house.client.get(path)
    assert await house.value(select(func.count()).select_from(token)) == tokens, "looking makes no link"
    shown = await house.post(path, choice="link")
    assert "This one is worth it." in shown.text
    assert "/f/" in shown.text
    assert house.introduction.asks[1].by_hand
    assert not await _letters_to_target(house), "nobody has written to Tomoko"


async def test_a_forwarded_link_can_be_read_but_not_answered(house: Visits) -> None:
    forwarded = await _forwarded(house)
    page = (await house.client.get(forwarded)).text
    assert "Rosa Prieto would like to meet you" in words_of(page)
    assert "Carl Lindqvist would like to introduce Rosa Prieto" in words_of(page)
    assert TOMOKO.address not in page
    assert "We send it to t•••@example.test." in words_of(page)
    before = await house.kept()
    assert "This link does not work" in (await house.client.get(forwarded.replace("/f/", "/a/"))).text
    for choice in ("yes", "no", ""):
        answer = await house.post(forwarded, choice=choice)
        assert answer.status_code == 422
    assert (await house.client.post(forwarded, data={"choice": "send"})).status_code == 422, "no page of ours"
    assert await house.kept() == before


async def test_where_we_know_their_address_the_letter_goes_there_whatever_is_typed(house: Visits) -> None:
    forwarded = await _forwarded(house)
    answer = await house.post(forwarded, choice="send", address="stranger@elsewhere.test")
    assert "Your own link is on its way" in answer.text
    assert (await house.news())[-1].address is None
    assert await _letters_to_target(house) == 1
    again = await house.post(forwarded, page=answer.text, choice="send")
    assert "Your own link is on its way" in again.text
    assert await _letters_to_target(house) == 1


async def test_where_we_do_not_know_it_they_type_it_for_this_introduction_only(house: Visits) -> None:
    await house.run(delete(channel).where(channel.c.person == TOMOKO.id))
    forwarded = await _forwarded(house)
    assert (await house.post(forwarded, choice="send", address="no address")).status_code == 422
    taken = await house.post(forwarded, choice="send", address=ROSA.address)
    assert taken.status_code == 422, "the requester cannot answer for both"
    await house.post(forwarded, choice="send", address="tomoko@valves.test")
    kept = await house.row(select(channel).where(channel.c.person == TOMOKO.id))
    assert (kept.value, kept.introduction) == ("tomoko@valves.test", house.opening.id)
    assert (await house.news())[-1].address == kept.id


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_opening_a_forwarded_link_asks_for_nothing(house: Visits, method: str) -> None:
    forwarded = await _forwarded(house)
    before = await house.kept()
    await house.client.request(method, f"{forwarded}?choice=send")
    assert await house.kept() == before


async def test_a_forwarded_link_ends_with_its_question(house: Visits) -> None:
    forwarded = await _forwarded(house)
    await house.post(await house.link(CARL, AskKind.APPROVE), choice="undo")
    page = await house.client.get(forwarded)
    assert (page.status_code, "Rosa" in page.text) == (404, False)


async def test_while_nobody_can_hear_it_the_request_for_a_link_is_kept(house: Visits) -> None:
    forwarded = await _forwarded(house)
    house.shell.engine.away = True
    answer = await house.post(forwarded, choice="send")
    assert "Your own link is on its way" in answer.text
    assert {each.kind for each in await house.news()} == {"connector_forwards", "link_requested"}


async def test_a_forwarded_link_survives_the_mail_it_was_pasted_into(house: Visits) -> None:
    forwarded = await _forwarded(house)
    for behind in (".", "%3E", "%C2%A0", ")_", "/"):
        page = (await house.client.get(f"{forwarded}{behind}")).text
        assert words_of(page) == words_of((await house.client.get(forwarded)).text), behind
    answer = await house.post(f"{forwarded}.", page=page, choice="send")
    assert "Your own link is on its way" in answer.text


async def _forwarded(house: Visits) -> str:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="forward")
    shown = await house.post(path, choice="link")
    found = re.search(r"/f/[\w-]+", shown.text)
    assert found
    return found[0]


async def _letters_to_target(house: Visits) -> int:
    await house.shell.time_passes(timedelta(seconds=1))
    count: int = await house.value(select(func.count()).select_from(letter).where(letter.c.person == TOMOKO.id))
    return count
