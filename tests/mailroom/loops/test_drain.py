"""Each letter reaches its reader once, whatever the relay does."""

from datetime import timedelta

from mailroom.transport.smtp import SmtpRelay
from models.news import AcceptedLate, Undeliverable
from store.access.sessions import ask_for_link
from store.tables import channel
from tests.cast import CARL, CLEO, OLIVE, ROSA, STAN, TOMOKO
from tests.mailroom.desk import Desk
from tests.support.news_phrases import approves, opts_in
from tests.support.services.sink import Sink

SECOND = timedelta(seconds=1)


async def test_the_letters_of_an_introduction_reach_their_readers(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    case = await at_desk.asked()
    await at_desk.carry(relay)
    await case.hear(approves(CARL))
    at_desk.passes(5 * SECOND)  # until the approval can no longer be undone
    await at_desk.carry(relay)
    await case.hear(opts_in(TOMOKO), opts_in(ROSA))
    await case.wait()
    await at_desk.carry(relay)

    first, *others = [letter.recipient for letter in sink.kept]
    assert first == CARL.address
    assert sorted(others) == [ROSA.address, ROSA.address, TOMOKO.address, TOMOKO.address]
    assert {letter.state for letter in await case.letters()} == {"accepted"}
    assert sink.connections <= 4


async def test_what_left_stands_in_the_ledger(at_desk: Desk, relay: SmtpRelay) -> None:
    case = await at_desk.asked()
    await at_desk.carry(relay)
    assert await case.mailed(await case.last("ask_connector")) == ["started", "accepted"]


async def test_a_refusal_for_now_is_tried_again_and_passes(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    sink.refuse(CARL.address, 451, times=2)
    case = await at_desk.asked()
    for _ in range(3):
        await at_desk.carry(relay)
        at_desk.passes(5 * SECOND)
    assert len(sink.letters_to(CARL.address)) == 1
    letter = await case.last("ask_connector")
    assert await case.mailed(letter) == ["started", "failed", "started", "failed", "started", "accepted"]


async def test_a_refusal_for_now_after_the_letter_was_sent_is_tried_again(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    sink.refuse(CARL.address, 452, at_data=True, times=1)
    await at_desk.asked()
    await at_desk.carry(relay)
    at_desk.passes(5 * SECOND)
    await at_desk.carry(relay)
    assert len(sink.letters_to(CARL.address)) == 1


async def test_trying_ends_one_day_and_the_introduction_hears_of_it(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    sink.refuse(CARL.address, 450)
    case = await at_desk.asked()
    for _ in range(6):
        await at_desk.carry(relay)
        at_desk.passes(5 * SECOND)
    assert (await case.last("ask_connector")).state == "failed"
    assert [news.kind for news in await case.inbox()] == ["undeliverable"]


async def test_an_address_nobody_has_is_never_written_to_again(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    sink.refuse(CARL.address, 550)
    case = await at_desk.asked()
    await at_desk.carry(relay)

    letter = await case.last("ask_connector")
    assert (letter.state, letter.relay_said) == ("failed", "550 at RCPT")
    (stopped,) = await at_desk.rows(channel.select().where(channel.c.person == CARL.id))
    assert stopped.stopped_at
    (news,) = await case.inbox()
    assert isinstance(news, Undeliverable)
    await case.hear(news)
    assert case.introduction.connector == CLEO.somebody


async def test_a_letter_refused_for_what_it_says_does_not_stop_the_address(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    sink.refuse(CARL.address, 554, at_data=True)
    case = await at_desk.asked()
    await at_desk.carry(relay)
    assert (await case.last("ask_connector")).state == "failed"
    (carls,) = await at_desk.rows(channel.select().where(channel.c.person == CARL.id))
    assert carls.stopped_at is None


async def test_a_connection_that_breaks_after_the_dot_leaves_the_letter_unknown_for_good(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    sink.drop_after_dot(CARL.address, times=1)
    case = await at_desk.asked()
    await at_desk.carry(relay)
    for _ in range(3):
        at_desk.passes(timedelta(hours=1))
        await at_desk.resolve(relay)
        await at_desk.carry(relay)
    assert (await case.last("ask_connector")).state == "unknown"
    assert len(sink.letters_to(CARL.address)) == 1
    assert await case.inbox() == []


async def test_a_relay_that_thinks_too_long_leaves_the_letter_unknown(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    sink.delay(CARL.address, 1.5, times=1)
    case = await at_desk.asked()
    await at_desk.carry(relay)
    assert (await case.last("ask_connector")).state == "unknown"


async def test_while_the_relay_is_away_no_letter_starts(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    await sink.close()
    case = await at_desk.asked()
    await at_desk.carry(relay)
    letter = await case.last("ask_connector")
    assert (letter.state, await case.mailed(letter)) == ("planned", [])

    await sink.open()
    at_desk.passes(timedelta(hours=70))
    await at_desk.carry(relay)
    assert len(sink.letters_to(CARL.address)) == 1


async def test_a_letter_accepted_late_moves_its_readers_deadline(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    case = await at_desk.asked()
    at_desk.passes(timedelta(minutes=3))
    await at_desk.carry(relay)
    (news,) = await case.inbox()
    assert isinstance(news, AcceptedLate)
    assert news.at == at_desk.now
    await case.hear(news)
    assert case.introduction.asks[0].due_at == news.at + timedelta(minutes=10)


async def test_a_letter_that_cannot_be_written_has_not_left(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    def broken(*_: object) -> bytes:
        raise ValueError("a template")

    case = await at_desk.asked()
    await at_desk.carry(relay, write=broken)
    letter = await case.last("ask_connector")
    assert (letter.state, letter.relay_said, sink.kept) == ("planned", "ValueError on writing", [])
    at_desk.passes(2 * SECOND)
    await at_desk.carry(relay)
    assert len(sink.kept) == 1


async def test_a_slow_letter_keeps_nobody_else_waiting(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    """Carl's mail server thinks; what is planned for others meanwhile does not wait for it."""
    sink.delay(CARL.address, 0.4)
    await at_desk.asked()
    await at_desk.database.write(lambda connection: ask_for_link(connection, (STAN.id, OLIVE.id), at_desk.now))
    await at_desk.carry(relay, hands=2)
    assert [letter.recipient for letter in sink.kept][-1] == CARL.address
    assert len(sink.kept) == 3
