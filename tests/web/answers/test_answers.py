"""Each answer becomes the news it stands for, with its words kept beside it."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, insert, select, update

import policies
from models.asks import AskKind
from models.letters import LetterKind, Role
from models.news import Undeliverable
from models.outcomes import DidNotMeet, MeetingAhead, Met, Wrote
from store.tables import block, channel, letter, membership, person, private_note, tie, words
from tests.cast import CARL, CORA, MONDAY, ROSA, TOMOKO, opening, policy
from tests.web.answers.house import Visits, visits, words_of


async def test_i_introduce(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    answer = await house.post(
        path, choice="introduce", sentence=" You two\r\nshould meet. ", how_known="Old colleagues"
    )
    assert "We have your answer" in answer.text
    assert "(in 5 seconds)" in answer.text, "how soon it leaves"
    (news,) = await house.news()
    assert (news.kind, news.vouch, news.address) == ("connector_approved", "introduce", None)
    assert await house.body(news.sentence) == "You two\nshould meet."
    assert await house.value(select(tie.c.evidence).where(tie.c.connector == CARL.id)) == "Old colleagues"
    assert news.wording.startswith("approve-connector-en-")


async def test_i_vouch(house: Visits) -> None:
    await house.post(await house.link(CARL, AskKind.APPROVE), choice="vouch")
    (news,) = await house.news()
    assert (news.vouch, news.sentence, news.how_known) == ("vouch", None, None), "what is on file is not taken for said"


async def test_what_is_on_file_about_a_tie_reaches_nobody_before_its_connector_writes_it(house: Visits) -> None:
    await house.run(update(tie).where(tie.c.connector == CARL.id).values(evidence="Owes me a favour (not the divorce)"))
    path = await house.link(CARL, AskKind.APPROVE)
    page = (await house.client.get(path)).text
    assert 'name="how_known" value=""' in page
    chosen = await house.post(path, known="yes", choice="introduce")
    assert 'name="how_known" value="Owes me a favour (not the divorce)"' in chosen.text
    assert await house.kept() == 0, "choosing words sends nothing"
    await house.post(path, choice="introduce")
    for letter_to in (TOMOKO, ROSA):
        assert "favour" not in await house.page(await house.link(letter_to, AskKind.OPT_IN))


async def test_a_policy_may_ask_for_a_sentence(tmp_path: Path) -> None:
    async with visits(tmp_path, opening(policy("demo", {"connector.sentence": "required"}))) as house:
        path = await house.link(CARL, AskKind.APPROVE)
        answer = await house.post(path, choice="introduce")
        assert answer.status_code == 422
        assert "This programme asks for a sentence of your own with each yes." in answer.text
        assert await house.kept() == 0
        assert "We have your answer" in (await house.post(path, choice="introduce", sentence="Do meet.")).text


async def test_the_address_of_somebody_we_cannot_reach_is_asked_of_the_connector(house: Visits) -> None:
    await house.run(delete(channel).where(channel.c.person == TOMOKO.id))
    await house.run(delete(membership).where(membership.c.person == TOMOKO.id))
    path = await house.link(CARL, AskKind.APPROVE)
    assert "The e-mail address of Tomoko Abe" in await house.page(path)
    answer = await house.post(path, choice="introduce", address="nobody")
    assert "This does not look like one e-mail address" in words_of(answer.text)
    assert "Please choose the language we write in." in answer.text
    assert 'value="nobody"' in answer.text, "what was typed is kept"
    own = await house.post(path, choice="introduce", address=CARL.address, language="pt")
    assert "This cannot be the address of Tomoko Abe." in own.text
    await house.post(path, choice="introduce", address="Tomoko@Valves.test", language="pt")
    (news,) = await house.news()
    kept = await house.row(select(channel).where(channel.c.id == news.address))
    assert (kept.person, kept.value, kept.introduction) == (TOMOKO.id, "Tomoko@valves.test", house.opening.id)
    assert kept.language == "pt", "theirs once a letter has left to it, and not before"
    assert await house.value(select(person.c.language).where(person.c.id == TOMOKO.id)) == "en"


async def test_a_connector_names_somebody_better_placed(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    assert (await house.post(path, choice="redirect", to="per_stan")).status_code == 422, "he is not listed"
    assert (await house.post(path, choice="redirect", to=ROSA.id)).status_code == 422
    await house.post(path, choice="redirect", to=CORA.id)
    assert (await house.news())[-1].to == CORA.id


async def test_no_takes_one_click_and_can_say_more(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    assert (await house.post(path, choice="no", reason="We fell out.")).status_code == 422, "who may read it?"
    await house.post(path, choice="no", reason="We fell out.", reason_readers="programme", never_again="yes")
    (news,) = await house.news()
    assert (news.kind, await house.body(news.reason)) == ("declined", "We fell out.")
    assert await house.value(select(tie.c.no_go).where(tie.c.connector == CARL.id))


async def test_a_reason_for_nobody_is_a_note_of_their_own_and_no_part_of_the_answer(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    await house.post(path, choice="no", reason="We fell out.", reason_readers="nobody")
    (news,) = await house.news()
    assert news.reason is None
    for column, told in (("owner", CARL.id), ("readers", "nobody"), ("body", "We fell out.")):
        assert await house.value(select(private_note.c[column])) == told
    assert not await house.value(select(words.c.id).where(words.c.body == "We fell out."))


async def test_whoever_was_named_by_another_can_say_no_for_good_too(house: Visits) -> None:
    await house.post(await house.link(CARL, AskKind.APPROVE), choice="redirect", to=CORA.id)
    await house.heard()
    await house.post(await house.link(CORA, AskKind.APPROVE), choice="no", never_again="yes")
    assert await house.value(select(tie.c.no_go).where(tie.c.connector == CORA.id))


async def test_a_target_who_wants_no_more_of_this_person_blocks_them(house: Visits) -> None:
    await house.approved()
    await house.post(await house.link(TOMOKO, AskKind.OPT_IN), choice="no", never_again="yes")
    row = await house.row(select(block))
    assert (row.blocker, row.blocked) == (TOMOKO.id, ROSA.id)
    assert "No, thank you." in await house.page(await house.link(TOMOKO, AskKind.OPT_IN))


async def test_not_me(house: Visits) -> None:
    await house.post(await house.link(CARL, AskKind.APPROVE), choice="not_me")
    await house.heard()
    assert await house.value(select(tie.c.denied_at).where(tie.c.connector == CARL.id)) is not None


@pytest.mark.parametrize("minutes", ["0", "61", "-5", "1e9", "999999999", "", "ten"])
async def test_later_has_bounds(house: Visits, minutes: str) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    answer = await house.post(path, choice="later", until=minutes)
    assert answer.status_code == 422
    assert 'id="until-fault"' in answer.text
    assert "From 1 to 60." in answer.text, "beside the field; and no day of nobody's is named"
    assert "a time between now and" not in answer.text
    assert "is missing" not in answer.text
    assert await house.kept() == 0


async def test_later_in_minutes_where_a_programme_lives_within_a_day(house: Visits) -> None:
    answer = await house.post(await house.link(CARL, AskKind.APPROVE), choice="later", until="20")
    assert "Later: you will be asked again on Monday 2 March, 10:20" in words_of(answer.text)
    assert (await house.news())[0].until == house.opening.asked_at + timedelta(minutes=20)


async def test_later_on_a_day_means_that_morning_where_they_live(tmp_path: Path) -> None:
    calm = policy("demo", {"connector.later_up_to": "30 d", "requester.promised_answer": "20 d"})
    async with visits(tmp_path, opening(calm)) as house:
        path = await house.link(CARL, AskKind.APPROVE)
        assert (await house.post(path, choice="later", until="2026-02-30")).status_code == 422
        assert (await house.post(path, choice="later", until="2026-03-01")).status_code == 422
        await house.post(path, choice="later", until="2026-03-12")
        assert (await house.news())[0].until == datetime(2026, 3, 12, 8, tzinfo=UTC), "nine in Stockholm"


@pytest.mark.parametrize(("hour", "last"), [(6, 31), (9, 1)])
async def test_later_on_the_latest_day_that_the_page_names_is_taken(tmp_path: Path, hour: int, last: int) -> None:
    """Who asks before nine in Stockholm is asked again at nine a day earlier than who asks after."""
    calm = policy("demo", {"connector.later_up_to": "30 d", "requester.promised_answer": "60 d"})
    async with visits(tmp_path, opening(calm, asked_at=MONDAY.replace(hour=hour))) as house:
        path = await house.link(CARL, AskKind.APPROVE)
        latest = re.search(r'max="(2026-[^"]+)"', (await house.client.get(path)).text)
        assert latest
        assert date.fromisoformat(latest[1]).day == last
        assert (await house.post(path, choice="later", until=latest[1])).status_code == 200


async def test_a_sunday_is_answered_with_the_morning_on_which_the_letter_leaves(tmp_path: Path) -> None:
    async with visits(tmp_path, opening(policies.shipped("community"))) as house:
        answer = await house.post(await house.link(CARL, AskKind.APPROVE), choice="later", until="2026-03-08")
        assert "asked again on Monday 9 March, 09:00" in words_of(answer.text)
        assert "Stockholm time" in words_of(answer.text)
        assert (await house.news())[0].until == datetime(2026, 3, 9, 8, tzinfo=UTC)


async def test_yes_with_terms_and_a_number(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    fields = {"minutes": "yes", "booking": "https://cal.test/tomoko", "terms": "Mornings only.", "after": "2026-06-01"}
    await house.post(path, choice="yes", more="+81 3 1234 5678", more_kind="phone", **fields)
    news = (await house.news())[-1]
    assert (await house.body(news.terms)).splitlines() == [
        "Twenty minutes are enough.",
        "Not before 1 June 2026.",
        "Please book a time here: https://cal.test/tomoko",
        "Mornings only.",
    ]
    (number,) = news.channels
    kept = await house.row(select(channel).where(channel.c.id == number))
    assert (kept.kind, kept.value, kept.introduction) == ("phone", "+81 3 1234 5678", house.opening.id)
    assert news.wording.startswith("opt_in-target-en-")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "channels"),
        ({"channels": "cha_rosa_mail"}, "channels"),
        ({"more": "call me", "more_kind": "phone"}, "more"),
        ({"more": "javascript:alert(1)", "more_kind": "link"}, "more"),
        ({"more": "12345678"}, "more_kind"),
        ({"channels": "cha_tomoko_mail", "booking": "cal.test/me"}, "booking"),
        ({"channels": "cha_tomoko_mail", "after": "soon"}, "after"),
        ({"channels": "cha_tomoko_mail", "terms": "x" * 301}, "terms"),
    ],
)
async def test_a_yes_that_cannot_stand_comes_back_with_the_fault_beside_the_field(
    house: Visits, fields: dict[str, str], field: str
) -> None:
    await house.approved()
    before = await house.kept()
    answer = await house.post(await house.link(TOMOKO, AskKind.OPT_IN), choice="yes", **fields)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert await house.kept() == before
    assert await house.value(select(func.count()).select_from(channel)) == 7


async def test_two_lines_instead(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    assert (await house.post(path, choice="two_lines", lines=" ")).status_code == 422
    await house.post(path, choice="two_lines", lines="Read Sato 2019.\nThen look at the seals.")
    assert await house.body((await house.news())[-1].words) == "Read Sato 2019.\nThen look at the seals."


@pytest.mark.parametrize(
    ("kind", "fields", "outcome"),
    [
        (AskKind.WRITTEN, {"choice": "wrote"}, Wrote(yet=True)),
        (AskKind.WRITTEN, {"choice": "not_yet"}, Wrote(yet=False)),
        (AskKind.MEET, {"choice": "met", "useful": "yes"}, Met(useful=True)),
        (AskKind.MEET, {"choice": "met", "useful": "no"}, Met(useful=False)),
        (AskKind.MEET, {"choice": "met"}, Met(useful=None)),
        (AskKind.MEET, {"choice": "ahead"}, MeetingAhead()),
        (AskKind.MEET, {"choice": "not_met"}, DidNotMeet()),
    ],
)
async def test_how_it_went(house: Visits, kind: AskKind, fields: dict[str, str], outcome: Any) -> None:
    await house.introduced()
    await house.shell.time_passes(timedelta(seconds=11 if kind == AskKind.WRITTEN else 31))
    await house.post(await house.link(ROSA, kind), **fields)
    assert (await house.news())[-1].outcome == outcome


async def test_thanks_travel_and_may_be_shared(house: Visits) -> None:
    await _met(house)
    path = await house.link(ROSA, AskKind.THANKS)
    assert (await house.post(path, choice="thank", thanks="")).status_code == 422
    await house.post(path, choice="thank", thanks="Thank you for the hour.", share="yes")
    news = (await house.news())[-1]
    assert (await house.body(news.words), news.share_with_connector) == ("Thank you for the hour.", True)
    await house.shell.time_passes(house.opening.policy.undo_for.nominal)
    assert "Thank you for the hour." in await house.page(await house.link(TOMOKO, AskKind.MEET))


async def test_already_thanked(house: Visits) -> None:
    await _met(house)
    await house.post(await house.link(ROSA, AskKind.THANKS), choice="already")
    news = (await house.news())[-1]
    assert (news.kind, news.words, news.share_with_connector) == ("thanked", None, False)


async def test_the_same_words_have_the_same_wording_and_a_changed_policy_another(house: Visits) -> None:
    await house.approved()
    path = await house.link(TOMOKO, AskKind.OPT_IN)
    await house.post(path, choice="yes", channels="cha_tomoko_mail")
    await house.post(path, choice="undo")
    await house.run(update(person).where(person.c.id == TOMOKO.id).values(language="pt"))
    await house.post(path, choice="yes", channels="cha_tomoko_mail")
    first, second = (each.wording for each in await house.news() if each.kind == "opted_in")
    assert first.startswith("opt_in-target-en-")
    assert second.startswith("opt_in-target-pt-")


async def test_an_opening_is_copied_into_its_box_without_script(house: Visits) -> None:
    path = await house.link(CARL, AskKind.APPROVE)
    answer = await house.post(path, choice="vouch", opening="0")
    assert "I have read what Rosa Prieto writes, and I think it is worth your time. </textarea>" in answer.text
    added = await house.post(path, choice="vouch", opening="0", sentence="She has kept seals dry.", how_known="School")
    assert "She has kept seals dry. I have read what Rosa Prieto writes" in added.text, "what was typed stays"
    assert await house.kept() == 0


async def test_words_of_a_person_without_a_salt_get_one(house: Visits) -> None:
    await house.approved()
    await house.run(update(person).where(person.c.id == TOMOKO.id).values(salt=None))
    await house.post(await house.link(TOMOKO, AskKind.OPT_IN), choice="two_lines", lines="Try the seals.")
    assert await house.value(select(person.c.salt).where(person.c.id == TOMOKO.id))


async def test_words_are_kept_only_with_their_answer(house: Visits) -> None:
    before = await house.value(select(func.count()).select_from(words))
    await house.post(await house.link(CARL, AskKind.APPROVE), choice="introduce", sentence="x" * 501)
    assert await house.value(select(func.count()).select_from(words)) == before


async def _met(house: Visits) -> None:
    await house.introduced()
    await house.shell.time_passes(timedelta(seconds=31))
    await house.post(await house.link(ROSA, AskKind.MEET), choice="met")
    await house.shell.time_passes(timedelta(seconds=16))


async def test_another_address_is_given_undone_and_given_again(tmp_path: Path) -> None:
    rules = policy("demo", {"connector.another_address": True, "letters.connector": 3})
    async with visits(tmp_path, opening(rules)) as house:
        await house.approved()
        dead = {"person": TOMOKO.id, "kind": "email", "introduction": house.opening.id, "source": "the connector"}
        when = {"created_at": house.shell.now, "stopped_at": house.shell.now}
        address = {"id": "cha_dead", "value": "old@valves.test", "match_key": "old@valves.test"}
        await house.run(insert(channel).values(**dead, **when, **address))
        target = next(ask for ask in house.introduction.asks if ask.person == TOMOKO.id)
        await house.shell.hear(
            Undeliverable(letter=LetterKind.ASK_TARGET, role=Role.TARGET, ask=target.number, address_is_dead=True)
        )
        path = await house.link(CARL, AskKind.ADDRESS)
        page = await house.page(path)
        assert "Do you know another address for Tomoko Abe?" in page
        assert "valves" not in page
        for wrong, fault in (
            ("nobody", "This does not look like one e-mail address"),
            (CARL.address, "This cannot be the address of Tomoko Abe."),
            ("Old@valves.test", "Our letter to this address could not be delivered."),
        ):
            assert fault in words_of((await house.post(path, choice="give", address=wrong)).text)
        given = await house.post(path, choice="give", address="new@valves.test")
        assert "We write to Tomoko Abe" in words_of(given.text)
        (kept,) = [each for each in await house.news() if each.kind == "address_given"]
        assert await house.value(select(channel.c.value).where(channel.c.id == kept.address)) == "new@valves.test"
        await house.post(path, choice="undo")
        assert [ask.kind for ask in house.introduction.open_asks(Role.CONNECTOR)] == [AskKind.ADDRESS]
        await house.post(path, choice="no")
        await house.heard()
        assert house.introduction.stage.kind == "resting"


async def test_a_connector_reads_when_their_yes_reaches_the_other_in_their_hours(tmp_path: Path) -> None:
    office = policy(policies.shipped("accelerator"), {"screening": None})
    async with visits(tmp_path, opening(office)) as house:
        given = await house.post(await house.link(CARL, AskKind.APPROVE), choice="introduce")
        assert house.introduction.open_asks(Role.TARGET)
        letters = select(letter.c.not_before).where(letter.c.kind == "ask_target")
        leaves = (await house.value(letters)).astimezone(ZoneInfo(CARL.zone))
        assert f"We write to Tomoko Abe on {leaves:%A} {leaves.day} March, {leaves:%H:%M}" in words_of(given.text)
        assert leaves - MONDAY > timedelta(hours=12)


async def test_a_connectors_page_promises_nothing_that_is_past(tmp_path: Path) -> None:
    """Neither past the time in which the target could answer nor once it is over."""
    rules = policy("demo", {"requester.closings_every": None})
    async with visits(tmp_path, opening(rules)) as house:
        await house.approved()
        path = await house.link(CARL, AskKind.APPROVE)
        page = await house.page(path)
        assert "Our letter is on its way to Tomoko Abe" in page
        assert "Tomoko Abe can answer until about" in page
        (due_at,) = [ask.due_at for ask in house.introduction.open_asks(Role.TARGET)]
        await house.shell.time_passes(due_at - house.shell.now + timedelta(minutes=1))
        page = await house.page(path)
        assert "on its way" not in page
        assert "can answer until" not in page
        assert "Once it is over, one letter tells you how it went." in page, "nobody has told that it is"
        await house.shell.time_passes(house.opening.promised_at - house.shell.now + timedelta(minutes=1))
        page = await house.page(path)
        assert "It did not come together." in page
        assert "If both agree" not in page


async def test_a_policy_may_take_no_yes_without_a_vouch(tmp_path: Path) -> None:
    async with visits(tmp_path, opening(policy("demo", {"connector.vouch": "required"}))) as house:
        path = await house.link(CARL, AskKind.APPROVE)
        page = await house.page(path)
        assert "For this request a yes means that you vouch for Rosa Prieto" in page
        assert "Yes, and I vouch for Rosa Prieto" in page
        assert "Yes, I will introduce them" not in page
        assert "Yes, and I will forward it myself" not in page
        for choice in ("introduce", "forward"):
            assert (await house.post(path, choice=choice)).status_code == 422
        assert await house.kept() == 0
        assert "We have your answer" in (await house.post(path, choice="vouch")).text
