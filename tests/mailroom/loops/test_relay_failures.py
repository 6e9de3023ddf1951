"""Relay failures and what follows from them: one row each, from a real socket to letter, address, news and console."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import select

from mailroom.transport.smtp import SmtpRelay
from store.letters import outbox
from store.letters.outbox import Retries
from store.letters.relay import circuit_breaker
from store.letters.relay.relay_patience import GIVEN_UP_AFTER
from store.tables import channel, programme
from store.views.letters.letter_trouble import trouble
from tests.cast import CARL, PROGRAMME
from tests.mailroom.desk import Desk
from tests.support.services.sink import Sink

HOUR = timedelta(hours=1)
DAYS = Retries()  # as in production


class Row(NamedTuple):
    """What the relay does to Carl's letter, and what is so when nothing more is tried."""

    does: Callable[[Sink], None]
    state: str
    kept: int  # how often the relay has the letter
    address_is_stopped: bool = False
    news: tuple[str, ...] = ()
    console: tuple[str, ...] = ()  # letters that an operator is shown


ROWS: dict[str, Row] = {
    "takes it": Row(lambda sink: None, "accepted", 1),
    "refuses once with 421": Row(lambda s: s.refuse(CARL.address, 421, times=1), "accepted", 1),
    "greylists twice": Row(lambda s: s.refuse(CARL.address, 450, times=2), "accepted", 1, news=("accepted_late",)),
    "is full after the letter": Row(lambda s: s.refuse(CARL.address, 452, at_data=True, times=1), "accepted", 1),
    "refuses for now for ever": Row(
        lambda s: s.refuse(CARL.address, 451), "failed", 0, news=("undeliverable",), console=("failed",)
    ),
    "knows nobody there": Row(
        lambda s: s.refuse(CARL.address, 550), "failed", 0, True, ("undeliverable",), ("failed",)
    ),
    "says not local": Row(lambda s: s.refuse(CARL.address, 551), "failed", 0, True, ("undeliverable",), ("failed",)),
    "says no such name": Row(lambda s: s.refuse(CARL.address, 553), "failed", 0, True, ("undeliverable",), ("failed",)),
    "has a full box": Row(lambda s: s.refuse(CARL.address, 552), "failed", 0, False, ("undeliverable",), ("failed",)),
    "calls it spam": Row(
        lambda s: s.refuse(CARL.address, 554, at_data=True), "failed", 0, False, ("undeliverable",), ("failed",)
    ),
    "hangs up after the dot, having it": Row(
        lambda s: s.drop_after_dot(CARL.address, times=1), "unknown", 1, console=("unknown",)
    ),
    "hangs up after the dot without it": Row(
        lambda s: s.drop_after_dot(CARL.address, keeps=False, times=1), "unknown", 0, console=("unknown",)
    ),
    "thinks too long after the dot": Row(
        lambda s: s.delay(CARL.address, 1.0, times=1), "unknown", 0, console=("unknown",)
    ),
    "thinks, but not too long": Row(lambda s: s.delay(CARL.address, 0.2), "accepted", 1),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
async def test_what_follows(at_desk: Desk, sink: Sink, relay: SmtpRelay, row: Row) -> None:
    row.does(sink)
    case = await at_desk.asked()
    await as_long_as_it_is_tried(at_desk, relay)
    assert (await case.last("ask_connector")).state == row.state
    assert len(sink.letters_to(CARL.address)) == row.kept
    (carls,) = await at_desk.rows(channel.select().where(channel.c.person == CARL.id))
    assert bool(carls.stopped_at) is row.address_is_stopped
    assert tuple(news.kind for news in await case.inbox()) == row.news
    assert await shown(at_desk) == row.console


async def test_a_relay_that_is_away_for_three_days_ends_it_quietly(at_desk: Desk, sink: Sink, relay: SmtpRelay) -> None:
    """Nobody was silent, nothing started, an operator is told from the first moment on, and it ends by itself."""
    await sink.close()
    case = await at_desk.asked()
    for _ in range(72):
        await at_desk.carry(relay)
        at_desk.passes(HOUR)
    letter = await case.last("ask_connector")
    assert (letter.state, await case.mailed(letter), await case.inbox()) == ("planned", [], [])
    seen = await at_desk.database.read(lambda connection: trouble(connection, (PROGRAMME,), at_desk.now))
    assert seen.relay_away_since

    at_desk.passes(GIVEN_UP_AFTER - 72 * HOUR)
    await at_desk.carry(relay)
    assert (await case.last("ask_connector")).state == "failed"
    assert [news.kind for news in await case.inbox()] == ["undeliverable"]
    assert await shown(at_desk) == ("failed",)


async def test_a_letter_that_waited_leaves_as_soon_as_the_relay_is_back(
    at_desk: Desk, sink: Sink, relay: SmtpRelay
) -> None:
    await sink.close()
    case = await at_desk.asked()
    await at_desk.carry(relay)
    at_desk.passes(71 * HOUR)
    await at_desk.carry(relay)
    await sink.open()
    await at_desk.carry(relay)
    assert (await case.last("ask_connector")).state == "accepted"
    (news,) = await case.inbox()
    assert news.kind == "accepted_late"
    seen = await at_desk.database.read(lambda connection: trouble(connection, (PROGRAMME,), at_desk.now))
    assert seen.relay_away_since is None


async def test_three_refusals_for_what_we_are_pause_the_programme_until_somebody_has_looked(
    at_desk: Desk, sink: Sink, relay: SmtpRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breaker, "AT_LEAST", 1)
    sink.refuse(CARL.address, 554, at_data=True)
    case = await at_desk.asked()
    await at_desk.carry(relay)
    (row,) = await at_desk.rows(select(programme))
    assert row.letters_paused_for == "refusals"

    (news,) = await case.inbox()
    await case.hear(news)  # Cleo is asked instead, and her letter waits
    at_desk.passes(HOUR)
    await at_desk.carry(relay)
    assert sink.kept == []
    assert (await case.last("ask_connector")).state == "planned"

    assert await at_desk.database.write(lambda connection: circuit_breaker.resume(connection, PROGRAMME, at_desk.now))
    assert not await at_desk.database.write(
        lambda connection: circuit_breaker.resume(connection, PROGRAMME, at_desk.now)
    )
    await at_desk.carry(relay)
    assert len(sink.kept) == 1
    (row,) = await at_desk.rows(select(programme))
    assert row.letters_paused_at is None


@pytest.mark.parametrize(("bad", "taken", "pauses"), [(2, 0, False), (3, 0, True), (3, 2997, True), (3, 2998, False)])
def test_how_many_are_too_many(bad: int, taken: int, pauses: bool) -> None:
    assert circuit_breaker.are_too_many(bad, taken) is pauses


async def as_long_as_it_is_tried(desk: Desk, relay: SmtpRelay) -> None:
    """Each attempt at its time, until none is left."""
    while due := await desk.database.read(outbox.next_due):
        desk.now = max(desk.now, due)
        await desk.carry(relay, retries=DAYS)


async def shown(desk: Desk) -> tuple[str, ...]:
    """What an operator reads under "Letters that need a look"."""
    seen = await desk.database.read(lambda connection: trouble(connection, (PROGRAMME,), desk.now))
    return tuple(each.state for each in seen.letters)
