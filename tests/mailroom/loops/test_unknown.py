"""A letter of unknown fate: its mailroom died, or its relay fell silent. It is asked after, and never sent blindly."""

from dataclasses import replace
from datetime import timedelta

from mailroom.loops.drain import Hands
from mailroom.room import Room
from mailroom.transport.relay import RelayAnswer
from store.engine.database import Database, DatabaseAway, T, Work
from tests.cast import CARL
from tests.mailroom.desk import Case, Desk
from tests.mailroom.fake_relay import Post

LEASE_AND_MORE = timedelta(minutes=4)


class Killed(Exception):
    """The mailroom ends here, in the middle of carrying a letter."""


class Deadly(Post):
    """Whoever hands this relay a letter dies of it, before or after the letter is taken."""

    def __init__(self, *, after: bool, forgetful: bool = False) -> None:
        super().__init__(forgetful=forgetful)
        self.after = after

    async def send(self, message: bytes, to: str, message_id: str, sender: str = "") -> RelayAnswer:
        if self.after:
            await super().send(message, to, message_id)
        raise Killed


class ComingAndGoing:
    """A database that cannot be written to for some writes after a letter was handed over."""

    def __init__(self, inner: Database, failures: int) -> None:
        self._inner, self.failures, self.armed = inner, failures, False

    async def read(self, work: Work[T]) -> T:
        return await self._inner.read(work)

    async def write(self, work: Work[T]) -> T:
        if self.armed and self.failures:
            self.failures -= 1
            raise DatabaseAway("gone for a moment")
        return await self._inner.write(work)

    async def forget(self) -> None:
        await self._inner.forget()

    async def close(self) -> None:
        await self._inner.close()


async def test_killed_after_the_relay_took_it_the_letter_is_found_to_have_left(at_desk: Desk) -> None:
    case, deadly = await at_desk.asked(), Deadly(after=True)
    await at_desk.carry(deadly)
    assert await _state(case) == "started"
    await _another_mailroom_comes(at_desk, deadly)
    assert await _state(case) == "accepted"
    assert len(deadly.taken) == 1
    assert await case.mailed(await case.last("ask_connector")) == ["started", "unknown", "accepted"]


async def test_killed_before_the_relay_took_it_the_letter_leaves_once(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await at_desk.carry(Deadly(after=False))
    post = Post()
    await _another_mailroom_comes(at_desk, post)
    at_desk.passes(timedelta(seconds=5))
    await at_desk.carry(post)
    assert (await _state(case), len(post.taken)) == ("accepted", 1)
    states = await case.mailed(await case.last("ask_connector"))
    assert states == ["started", "unknown", "failed", "started", "accepted"]


async def test_a_relay_that_cannot_be_asked_leaves_it_to_an_operator(at_desk: Desk) -> None:
    case, deadly = await at_desk.asked(), Deadly(after=False, forgetful=True)
    await at_desk.carry(deadly)
    post = Post(forgetful=True)
    for _ in range(5):
        await _another_mailroom_comes(at_desk, post)
        await at_desk.carry(post)
    assert (await _state(case), post.taken) == ("unknown", [])


async def test_nobody_is_called_silent_whose_letter_is_unknown(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await at_desk.carry(Post(silent=True, forgetful=True))
    await case.wait()  # the reminder
    await case.wait()  # the deadline
    (ask,) = case.introduction.asks
    assert ask.is_open
    assert ask.due_at > at_desk.now


async def test_within_its_lease_a_letter_is_left_to_whoever_started_it(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await at_desk.carry(Deadly(after=True))
    at_desk.passes(timedelta(minutes=2))
    await at_desk.resolve(Post())
    assert await _state(case) == "started"


async def test_a_mailroom_that_slept_on_a_started_letter_does_not_send_it(at_desk: Desk) -> None:
    case, post = await at_desk.asked(), Post()

    def asleep(*_: object) -> bytes:
        at_desk.passes(timedelta(minutes=2))
        return b"written in another age"

    await at_desk.carry(post, write=asleep)
    letter = await case.last("ask_connector")
    assert (letter.state, letter.relay_said, post.taken) == ("planned", "started too long ago", [])


async def test_a_database_gone_for_a_moment_is_told_what_became_of_the_letter(at_desk: Desk) -> None:
    case, shaky = await at_desk.asked(), ComingAndGoing(at_desk.database, failures=2)

    async def arm() -> None:
        shaky.armed = True

    room = at_desk.room(Post(before=arm))
    await _carry_over(room, shaky)
    assert await _state(case) == "accepted"


async def test_a_late_word_about_an_unknown_letter_still_counts(at_desk: Desk) -> None:
    """The first mailroom was only slow: what it has to say is written down once, and not over a newer attempt."""
    case, post = await at_desk.asked(), Post(forgetful=True)

    async def meanwhile() -> None:
        at_desk.passes(LEASE_AND_MORE)
        await at_desk.resolve(post)
        assert await _state(case) == "unknown"

    post.before = meanwhile
    await at_desk.carry(post)
    assert (await _state(case), len(post.taken)) == ("accepted", 1)
    assert CARL.address == post.taken[0][0]


async def _another_mailroom_comes(desk: Desk, relay: Post) -> None:
    desk.passes(LEASE_AND_MORE)
    await desk.resolve(relay)


async def _carry_over(room: Room, database: Database) -> None:
    async with Hands(replace(room, database=database)) as hands:
        while not await hands.take():
            pass


async def _state(case: Case) -> str:
    return (await case.last("ask_connector")).state
