"""Several mailrooms side by side carry each letter once. Racing over one database, and killed at any moment."""

import asyncio
import contextlib
import random
import signal
import sys
from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection

from mailroom.loops.drain import Hands
from models.ids import IntroductionId
from models.news import Stopped
from models.process.state.opening import MadeBy
from models.record.ledger import Entry, Mailed
from store.engine.database import open_database
from store.journal import inbox
from store.journal.ledger import entries
from store.letters.outbox import Letter
from store.tables import introduction, mail
from tests.cast import OLIVE, opening
from tests.mailroom.desk import Case, Desk
from tests.mailroom.fake_relay import Post
from tests.support.services.databases import POSTGRESQL, SQLITE, Place

LETTERS = {SQLITE: 60, POSTGRESQL: 30}  # there each statement is a trip
NEW = {SQLITE: 14, POSTGRESQL: 7}  # before each kill, so that it finds something to interrupt
KILLS, MANY_KILLS = 3, 100


async def test_two_mailrooms_carry_many_letters_once_each(at_desk: Desk, place: Place) -> None:
    many = LETTERS[place.kind]
    await _requests(at_desk, many)
    post = Post(before=_a_moment)
    await asyncio.gather(*(_empty(at_desk, place, post) for _ in range(2)))

    assert Counter(message_id for _, message_id, _ in post.taken).most_common(1)[0][1] == 1
    assert len(post.taken) == many
    letters = await at_desk.outbox()
    assert Counter(letter.state for letter in letters) == {"accepted": many}
    for letter in letters:
        assert await _mailed(at_desk, letter) == ["started", "accepted"]


@pytest.mark.timeout(1_600)
@pytest.mark.parametrize("kills", [KILLS, pytest.param(MANY_KILLS, marks=pytest.mark.soak)])
async def test_a_mailroom_killed_at_any_moment_loses_and_doubles_nothing(
    at_desk: Desk, place: Place, kills: int
) -> None:
    """A real process with the mail page as its relay, ended by kill -9 again and again; the next one takes over."""
    for killed in range(kills):
        await _requests(at_desk, NEW[place.kind], first=killed * NEW[place.kind])
        await _live_and_die(place.url, seconds=random.uniform(1.0, 2.5))
    await _live_and_die(place.url, seconds=None)
    many = kills * NEW[place.kind]

    letters = await at_desk.outbox()
    assert Counter(letter.state for letter in letters) == {"accepted": many}
    arrived = await at_desk.rows(mail.select())
    assert sorted(row.letter for row in arrived) == sorted(letter.id for letter in letters)
    for letter in letters:
        assert _alternates(await _mailed(at_desk, letter)), letter.id


async def test_a_stop_and_a_start_at_the_same_instant_are_put_in_order(at_desk: Desk, place: Place) -> None:
    """Whichever is committed first decides; a letter that started was started before the stop was kept."""
    cases = await _requests(at_desk, 30)
    other = open_database(place.url, durable=False)

    async def stop(case: Case) -> int:
        await asyncio.sleep(random.uniform(0, 0.05))
        news, now = Stopped(by=OLIVE.id), at_desk.now

        def put(connection: Connection) -> int:
            inbox.put(connection, introduction_id=case.id, news=news, via="console", nonce="stop", now=now)
            return len(entries(connection, case.id))

        return await other.write(put)

    lengths, _ = await asyncio.gather(asyncio.gather(*map(stop, cases)), at_desk.carry(Post(before=_a_moment)))
    for case, length in zip(cases, lengths, strict=True):
        later = (await case.ledger())[length:]
        assert "started" not in [entry.event.state for entry in later if isinstance(entry.event, Mailed)]
    await other.close()


async def _requests(desk: Desk, count: int, first: int = 0) -> list[Case]:
    """Many requests made for Rosa, each with its letter to her."""
    cases = []
    for number in range(first, first + count):
        made = opening(desk.rules, MadeBy.KEY, asked_at=desk.now)
        cases.append(await desk.asked(begun=made.model_copy(update={"id": IntroductionId(f"int_{number:04}")})))
        await desk.set(introduction, introduction.c.live, live=False)  # the door allows one for each pair
    return cases


async def _empty(desk: Desk, place: Place, post: Post) -> None:
    """One mailroom, on connections of its own, until nothing is planned any more."""
    database = open_database(place.url, durable=False)
    beside = Desk(database, desk.rules)
    beside.now = desk.now
    room = beside.room(post, write=lambda *_: b"what it says does not matter here")
    async with Hands(room) as hands:
        while any(letter.state == "planned" for letter in await beside.outbox()):
            await hands.take()
            await _a_moment()
    await database.close()


async def _live_and_die(url: str, seconds: float | None) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.mailroom.loops.one_mailroom", url)
    if seconds is not None:
        await asyncio.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):  # it had nothing left to do
            process.send_signal(signal.SIGKILL)
    assert await process.wait() in (0, -signal.SIGKILL)


async def _a_moment() -> None:
    await asyncio.sleep(random.uniform(0, 0.01))


async def _mailed(desk: Desk, letter: Letter) -> list[str]:
    assert letter.introduction
    scope = letter.introduction
    events: Sequence[Entry] = await desk.database.read(lambda connection: entries(connection, scope))
    return [each.event.state for each in events if isinstance(each.event, Mailed) and each.event.letter == letter.id]


def _alternates(states: list[str]) -> bool:
    """After a start nothing starts again before that attempt is known to have failed; it ends in one acceptance."""
    told = "".join(state[0] for state in states)  # s tarted, u nknown, f ailed, a ccepted
    attempts = told.replace("u", "").replace("sf", "")
    return attempts == "sa"
