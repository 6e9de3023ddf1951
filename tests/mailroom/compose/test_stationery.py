"""A letter leaves with our letterhead, the right words, and links that open what they should."""

import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from mailroom.transport.mail_page import MailPage
from mailroom.transport.smtp import SmtpRelay
from models.letters import LetterKind
from models.policy.policy import Order
from models.record.ledger import Mailed
from store.access import link_tokens
from store.access.sessions import ask_for_link, redeem
from store.mail_page import mailboxes
from store.tables import channel, person, suppression, words
from store.tables import letter as letters
from store.tables import tie as ties
from tests.cast import CARL, EVERYBODY, ROSA, TOMOKO, opening, policy
from tests.mailroom.desk import KEYS, STATIONERY, Case, Desk
from tests.mailroom.fake_relay import Post
from tests.store.letters.planned_letters import planned
from tests.support.news_phrases import approves, opts_in, puts_off
from tests.support.rows import BLIND, NOTE, TENANT
from tests.support.services.databases import POSTGRESQL, Place
from tests.support.services.sink import Sink

ADDRESS = {each.id: each.address for each in EVERYBODY}


async def carried(desk: Desk, case: Case, kind: LetterKind) -> EmailMessage:
    """The letter of this kind, as its reader gets it."""
    post = Post()
    await desk.carry(post)
    letter = await case.last(kind)
    (found,) = [each for each in post.received(ADDRESS[letter.person]) if each["Message-ID"] == letter.message_id]
    return found


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content())


@pytest.mark.parametrize("kind", list(LetterKind))
async def test_every_letter_has_one_receiver_our_sender_and_somebody_to_reply_to(
    at_desk: Desk, kind: LetterKind
) -> None:
    mail = await carried(at_desk, await planned(at_desk, kind), kind)
    assert mail["From"].addresses[0].addr_spec == STATIONERY.sender
    between_the_two = {"introduction_to_requester": TOMOKO.address, "introduction_to_target": ROSA.address}
    assert mail["Reply-To"] == between_the_two.get(kind, "office@example.test")  # the programme's own
    assert len(mail["To"].addresses) == 1
    assert (mail["Cc"], mail["Bcc"], mail["References"], mail["In-Reply-To"]) == (None, None, None, None)
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("kind", list(LetterKind))
async def test_a_letter_before_the_introduction_gives_nobody_s_address_away(at_desk: Desk, kind: LetterKind) -> None:
    mail = await carried(at_desk, await planned(at_desk, kind), kind)
    reader = mail["To"].addresses[0].addr_spec
    others = {each.address for each in (ROSA, CARL, TOMOKO) if each.address != reader}
    told = {address for address in others if address in mail.as_string() or address in text_of(mail)}
    assert told <= (others if kind.startswith("introduction_to") else set())


async def test_the_link_opens_the_ask_of_its_reader(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_TARGET)
    text = text_of(await carried(at_desk, case, LetterKind.ASK_TARGET))
    (raw,) = set(re.findall(r"https://programme\.example\.test/a/([\w-]+)", text))
    token = await at_desk.database.read(lambda connection: link_tokens.find(connection, raw, "ask"))
    letter = await case.last(LetterKind.ASK_TARGET)
    assert token
    assert (token.person, token.introduction, token.ask, token.letter) == (TOMOKO.id, case.id, letter.ask, letter.id)
    assert token.expires_at > case.introduction.asks[-1].due_at


async def test_a_letter_tells_its_target_who_approved_what_and_nothing_on_file_of_their_tie(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_TARGET)
    text = " ".join(text_of(await carried(at_desk, case, LetterKind.ASK_TARGET)).split())
    assert CARL.name in text
    assert "We worked on the same valve for two years" not in text, "Carl has not put it before her"
    assert NOTE in text.replace("> ", "")


async def test_each_gets_what_the_other_agreed_to_share_and_no_more(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.INTRODUCTION_TO_REQUESTER)
    post = Post()
    await at_desk.carry(post)
    to_rosa, to_tomoko = post.received(ROSA.address)[-1], post.received(TOMOKO.address)[-1]
    assert TOMOKO.address in text_of(to_rosa)
    assert ROSA.address in text_of(to_tomoko)
    assert CARL.address not in text_of(to_rosa) + text_of(to_tomoko)
    assert case.introduction.stage.kind == "following_up"


async def test_the_two_talk_in_one_thread_from_the_first_reply_over_a_real_relay(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    await planned(at_desk, LetterKind.INTRODUCTION_TO_REQUESTER)
    await at_desk.carry(relay)
    to_rosa, to_tomoko = (sink.letters_to(each.address)[-1].message for each in (ROSA, TOMOKO))
    assert to_rosa["Subject"] == to_tomoko["Subject"] == "Rosa Prieto & Tomoko Abe · Spring"
    assert (to_rosa["Reply-To"], to_tomoko["Reply-To"]) == (TOMOKO.address, ROSA.address)
    for mail in (to_rosa, to_tomoko):
        assert len(mail["To"].addresses) == 1
        assert mail["From"].addresses[0].addr_spec == STATIONERY.sender
        assert "office@example.test" in text_of(mail), "staff stay reachable by the foot"


async def test_where_one_shared_no_address_replies_go_to_the_programme(at_desk: Desk) -> None:
    await planned(at_desk, LetterKind.INTRODUCTION_TO_REQUESTER)
    await at_desk.set(channel, channel.c.person == ROSA.id, kind="phone", value="+34 600 000 000")
    await at_desk.add(
        channel,
        id="cha_rosa_writes_from",
        person=ROSA.id,
        kind="email",
        value=ROSA.address,
        label="",
        match_key=ROSA.address,
        source="mail",
        created_at=at_desk.now,
    )
    post = Post()
    await at_desk.carry(post)
    for reader in (ROSA, TOMOKO):
        assert post.received(reader.address)[-1]["Reply-To"] == "office@example.test"


async def test_together_means_that_the_requester_is_not_told_of_the_targets_yes(at_desk: Desk) -> None:
    """The letter leaves late, when Tomoko has long said yes; it reads as if she had not."""
    case = await planned(at_desk, LetterKind.ASK_REQUESTER)
    early = text_of(await carried(at_desk, case, LetterKind.ASK_REQUESTER))
    await case.hear(opts_in(TOMOKO))
    letter = await case.last(LetterKind.ASK_REQUESTER)
    again = {"state": "planned", "started_at": None, "claimed_by": None, "next_try_at": at_desk.now}
    await at_desk.set(letters, letters.c.id == letter.id, **again)
    late = text_of(await carried(at_desk, case, LetterKind.ASK_REQUESTER))
    hide = re.compile(r"https://\S+")
    assert hide.sub("", early) == hide.sub("", late)


async def test_asked_second_the_requester_hears_that_the_target_agreed(at_desk: Desk) -> None:
    rules = policy("demo", {"order": Order.TARGET_FIRST, "requester.promised_answer": "60 min"})
    case, post = await at_desk.asked(begun=opening(rules, asked_at=at_desk.now)), Post()
    await at_desk.carry(post)
    await case.hear(approves(CARL))
    at_desk.passes(rules.undo_for.nominal)
    await at_desk.carry(post)
    await case.hear(opts_in(TOMOKO))
    at_desk.passes(rules.undo_for.nominal)
    await at_desk.carry(post)
    assert post.received(ROSA.address)


async def test_the_readers_language_is_the_letters(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_CONNECTOR)
    await at_desk.set(person, person.c.id == CARL.id, language="pt")
    mail = await carried(at_desk, case, LetterKind.ASK_CONNECTOR)
    assert mail["Content-Language"] == "pt"


async def test_hostile_words_bend_no_header(at_desk: Desk, place: Place) -> None:
    case = await planned(at_desk, LetterKind.ASK_CONNECTOR)
    evil = 'Rosa\r\nBcc: stan@example.test\x00"<x@y.test>,'
    if place.kind == POSTGRESQL:
        evil = evil.replace("\x00", "")  # which it refuses to keep; SQLite does not, so there it is tried
    await at_desk.set(person, person.c.id == ROSA.id, name=evil)
    await at_desk.set(person, person.c.id == CARL.id, name=evil)
    mail = await carried(at_desk, case, LetterKind.ASK_CONNECTOR)
    assert (mail["Bcc"], len(mail["To"].addresses)) == (None, 1)


async def test_the_mail_page_keeps_each_letter_for_its_reader_once(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_CONNECTOR)
    page = MailPage(at_desk.database, at_desk.clock)
    await at_desk.carry(page)
    letter = await case.last(LetterKind.ASK_CONNECTOR)
    (kept,) = await at_desk.database.read(lambda connection: mailboxes.subjects(connection, CARL.id))
    assert kept.letter == letter.id
    opened = await at_desk.database.read(lambda connection: mailboxes.received(connection, CARL.id, letter.id))
    assert opened
    assert "/a/" in opened.text
    assert "<html" in opened.html
    assert await page.knows(letter.message_id or "")
    assert not await page.knows("<let_unknown@programme.example.test>")
    again = await page.send(b"Subject: again\r\n\r\nagain\r\n", CARL.address, letter.message_id or "")
    assert again.said == "on the mail page"
    assert len(await at_desk.database.read(lambda connection: mailboxes.subjects(connection, CARL.id))) == 1


async def test_a_way_in_is_mailed_and_opens_a_session_once(at_desk: Desk) -> None:
    await at_desk.database.write(lambda connection: ask_for_link(connection, (ROSA.id,), at_desk.now))
    post = Post()
    await at_desk.carry(post)
    (mail,) = post.received(ROSA.address)
    (raw,) = set(re.findall(r"https://programme\.example\.test/me/([\w-]{20,})", text_of(mail)))
    assert await at_desk.database.write(lambda connection: redeem(connection, raw, at_desk.now))
    assert await at_desk.database.write(lambda connection: redeem(connection, raw, at_desk.now)) is None
    assert [letter.state for letter in await at_desk.outbox()] == ["accepted"]


async def test_no_way_in_is_mailed_to_a_suppressed_address(at_desk: Desk) -> None:
    mark = KEYS.keyed_hash(ROSA.address.encode())
    await at_desk.add(suppression, tenant=TENANT, address_hash=mark, reason="opt_out", at=at_desk.now)
    await at_desk.database.write(lambda connection: ask_for_link(connection, (ROSA.id,), at_desk.now))
    post = Post()
    await at_desk.carry(post)
    assert (post.taken, [letter.relay_said for letter in await at_desk.outbox()]) == ([], ["suppressed"])


async def test_words_and_ties_of_other_introductions_stay_out(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_TARGET)
    other = {"owner": CARL.id, "kind": "sentence", "body": "SECRET OF ANOTHER", "at": at_desk.now}
    await at_desk.add(words, id="wrd_other", introduction="int_other", **other)
    await at_desk.set(ties, ties.c.connector != CARL.id, evidence="SECRET OF ANOTHER")
    assert "SECRET" not in (await carried(at_desk, case, LetterKind.ASK_TARGET)).as_string()
    assert (await at_desk.rows(select(words).where(words.c.id == "wrd_other")))[0].body


async def test_whoever_is_asked_without_a_name_gets_the_words_written_for_that(at_desk: Desk) -> None:
    begun = opening(at_desk.rules).model_copy(update={"blind": True})
    case = await at_desk.asked(begun=begun)
    await case.hear(approves(CARL))
    at_desk.passes(begun.policy.undo_for.nominal)
    mail = await carried(at_desk, case, LetterKind.ASK_TARGET)
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    whole = " ".join([mail.as_string(), *parts])
    assert BLIND in " ".join(text_of(mail).split())
    assert not [word for word in (*ROSA.name.split(), NOTE[:20], ROSA.address, ROSA.id) if word in whole]
    (*_, started) = [each.event for each in await case.ledger() if isinstance(each.event, Mailed) and each.event.note]
    assert started.template == LetterKind.ASK_TARGET, "the hash of the words it carried stands in the ledger"


async def test_people_are_called_as_they_said(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_TARGET)
    await at_desk.set(person, person.c.id == TOMOKO.id, called="Tomo")
    await at_desk.set(person, person.c.id == ROSA.id, name="María José Prieto", called="Majo")
    text = text_of(await carried(at_desk, case, LetterKind.ASK_TARGET))
    assert text.startswith("Hello Tomo,")
    assert "to meet María José Prieto" in text.replace("\n", " ")
    assert "Majo writes:" in text


async def test_a_question_put_off_says_on_its_return_that_it_was_asked_to_come_back(at_desk: Desk) -> None:
    case = await planned(at_desk, LetterKind.ASK_TARGET)
    first = (await carried(at_desk, case, LetterKind.ASK_TARGET))["Subject"]
    await case.hear(puts_off(TOMOKO, at_desk.now + timedelta(minutes=2)))
    asked = await case.last(LetterKind.ASK_TARGET)
    while (await case.last(LetterKind.ASK_TARGET)).id == asked.id:
        await case.wait()
    mail = await carried(at_desk, case, LetterKind.ASK_TARGET)
    assert mail["Subject"] == f"Back as you asked: {first}"
    assert " ".join(text_of(mail).split()).startswith("Hello Tomoko, You asked us to come back today.")
