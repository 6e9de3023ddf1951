"""Nothing is left lying. Answers Temporal could not take, introductions nobody began, and in which order."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from mailroom.loops import hand_over, sweep
from models.ids import IntroductionId, LetterId, PersonId
from models.news import Envelope, News, OptedOut, Stopped, Withdrew
from models.process.bounds import HEARD_WITHIN
from models.process.state.opening import Opening
from models.process.verdict import Reason, Refused, Taken
from store.journal import inbox
from store.letters import outbox
from store.letters.relay import relay_patience
from store.tables import inbox as inbox_table
from store.tables import introduction
from store.tables import letter as letters
from tests.cast import CARL, OLIVE, ROSA, TOMOKO, opening
from tests.mailroom.desk import Desk
from tests.mailroom.fake_relay import Post
from tests.support import rows
from workflows.client import Away, Gone, NotRunning, StillThere, WorkflowHealth

Verdict = Taken | Refused | Away | NotRunning
A_WHILE = timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MANY = 130  # more than a sweep claims at once
TAKEN = Taken(step=2, stage="resting")


@dataclass
class Temporal:
    """Answers what it is told to, in turn; the last answer for good. Taking news marks its row, as the step does."""

    desk: Desk
    verdicts: list[Verdict] = field(default_factory=lambda: [TAKEN])
    is_up: bool = True
    deaf: str = ""  # an introduction that hears nothing
    heard: list[News] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    async def start(self, opening: Opening) -> bool:
        self.begun += [opening.id] if self.is_up else []
        return self.is_up

    async def deliver(self, introduction: IntroductionId, envelope: Envelope) -> Verdict:
        if introduction == self.deaf:
            return Away()
        verdict = self.verdicts.pop(0) if len(self.verdicts) > 1 else self.verdicts[0]
        if isinstance(verdict, Taken):
            self.heard.append(envelope.news)
            await self.desk.database.write(
                lambda connection: inbox.mark_taken(connection, envelope.key, envelope.after + 1, self.desk.now)
            )
        return verdict

    async def steps(self, introduction: IntroductionId) -> int | None:
        return None

    async def forget(self, introduction: IntroductionId) -> Gone | StillThere | Away:
        self.forgotten.append(introduction)
        return Gone() if self.is_up else Away()

    async def with_person(self, person: PersonId) -> tuple[IntroductionId, ...] | Away:
        return () if self.is_up else Away()

    async def standing(self, introduction: IntroductionId) -> WorkflowHealth:
        return "well" if self.is_up else "away"

    async def has_worker(self, now: datetime) -> bool | None:
        return None

    async def ended_from_outside(self) -> list[IntroductionId]:
        return []


async def test_news_that_lies_in_the_inbox_is_handed_over(at_desk: Desk) -> None:
    case, temporal = await at_desk.asked(), Temporal(at_desk)
    await case.put(Withdrew(by=ROSA.id))
    await _sweeps(at_desk, temporal)
    assert temporal.heard == [Withdrew(by=ROSA.id)]
    assert await _states(at_desk) == ["taken"]


async def test_while_temporal_is_away_news_waits_at_growing_intervals(at_desk: Desk) -> None:
    case, temporal = await at_desk.asked(), Temporal(at_desk, [Away()])
    await case.put(Withdrew(by=ROSA.id))
    for _ in range(3):
        await _sweeps(at_desk, temporal)
    (row,) = await at_desk.rows(inbox_table.select())
    assert (row.state, row.tries) == ("waiting", 3)
    temporal.verdicts = [TAKEN]
    await _sweeps(at_desk, temporal)
    assert await _states(at_desk) == ["taken"]


async def test_a_refusal_is_written_on_the_row(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await case.put(Withdrew(by=ROSA.id))
    await _sweeps(at_desk, Temporal(at_desk, [Refused(reason=Reason.ALREADY_INTRODUCED)]))
    (row,) = await at_desk.rows(inbox_table.select())
    assert (row.state, row.reason) == ("refused", "already_introduced")


def test_what_can_be_taken_back_until_shortly_before_something_is_due_is_heard_before_it() -> None:
    """The slowest sweep comes by in that time, and hands over."""
    assert max(sweep.OFTEN, sweep.SELDOM) + timedelta(seconds=5) <= HEARD_WITHIN


async def test_whoever_was_only_busy_is_asked_again_in_a_second(at_desk: Desk) -> None:
    case, temporal = await at_desk.asked(), Temporal(at_desk, [Refused(reason=Reason.BUSY), TAKEN])
    await case.put(Withdrew(by=ROSA.id))
    at_desk.passes(A_WHILE)
    assert await sweep.once(at_desk.room(Post()), temporal)
    at_desk.passes(timedelta(seconds=1))
    await sweep.once(at_desk.room(Post()), temporal)
    assert await _states(at_desk) == ["taken"]


async def test_news_for_an_introduction_that_is_over_is_refused(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await at_desk.set(introduction, introduction.c.id == case.id, closed_at=at_desk.now)
    await case.put(Withdrew(by=ROSA.id))
    await _sweeps(at_desk, Temporal(at_desk, [NotRunning()]))
    (row,) = await at_desk.rows(inbox_table.select())
    assert (row.state, row.reason) == ("refused", "closed")


async def test_news_for_an_introduction_that_is_not_over_is_kept(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await case.put(Withdrew(by=ROSA.id))
    await _sweeps(at_desk, Temporal(at_desk, [NotRunning()]))
    assert await _states(at_desk) == ["waiting"]


async def test_nothing_overtakes_what_came_earlier(at_desk: Desk) -> None:
    """The first was tried and has to wait; the second, newer and due already, waits with it."""
    case, temporal = await at_desk.asked(), Temporal(at_desk, [Away()])
    await case.put(Stopped(by=OLIVE.id), "first")
    for _ in range(6):
        await _sweeps(at_desk, temporal)
    await case.put(Withdrew(by=ROSA.id), "second")
    temporal.verdicts = [TAKEN]
    at_desk.passes(timedelta(seconds=6))
    await sweep.once(at_desk.room(Post()), temporal)
    assert temporal.heard == []
    await _sweeps(at_desk, temporal)
    assert temporal.heard == [Stopped(by=OLIVE.id), Withdrew(by=ROSA.id)]


async def test_what_cannot_be_heard_holds_up_its_own_introduction_only(at_desk: Desk) -> None:
    stuck = await at_desk.asked()
    await at_desk.set(introduction, introduction.c.live, live=False)
    other = await at_desk.asked(begun=_another(at_desk))
    await stuck.put(OptedOut(by=TOMOKO.id), "1")
    await stuck.put(Withdrew(by=ROSA.id), "2")
    await other.put(Withdrew(by=ROSA.id), "3")
    temporal = Temporal(at_desk, deaf=stuck.id)
    await _sweeps(at_desk, temporal)
    assert temporal.heard == [Withdrew(by=ROSA.id)]


async def test_an_introduction_nobody_began_is_begun(at_desk: Desk) -> None:
    made = opening(at_desk.rules, asked_at=at_desk.now)
    await at_desk.database.write(lambda connection: rows.ask_at_the_door(connection, made))
    temporal = Temporal(at_desk, is_up=False)
    await _sweeps(at_desk, temporal)
    temporal.is_up = True
    await _sweeps(at_desk, temporal)
    assert temporal.begun == [made.id]
    (row,) = await at_desk.rows(introduction.select())
    assert row.started_at == at_desk.now


async def test_one_that_was_begun_and_took_no_step_is_begun_again(at_desk: Desk) -> None:
    made, temporal = opening(at_desk.rules, asked_at=at_desk.now), Temporal(at_desk)
    await at_desk.database.write(lambda connection: rows.ask_at_the_door(connection, made))
    await _sweeps(at_desk, temporal)
    await sweep.once(at_desk.room(Post()), temporal)
    assert len(temporal.begun) == 1
    await _sweeps(at_desk, temporal)
    assert len(temporal.begun) == 2


async def test_one_round_hands_over_all_that_waits_however_much(at_desk: Desk) -> None:
    await _many_say_something(at_desk)
    temporal = Temporal(at_desk)
    await _sweeps(at_desk, temporal)
    assert len(temporal.heard) == MANY
    assert {*await _states(at_desk)} == {"taken"}


async def test_while_nobody_hears_the_many_that_wait_are_not_tried_one_by_one(at_desk: Desk) -> None:
    await _many_say_something(at_desk)
    temporal = Temporal(at_desk, [Away()])
    await _sweeps(at_desk, temporal)
    tried = [row.next_try_at for row in await at_desk.rows(inbox_table.select().where(inbox_table.c.tries > 0))]
    assert 0 < len(tried) < MANY
    temporal.verdicts = [TAKEN]
    at_desk.passes(hand_over.NOBODY_HEARS)
    await sweep.once(at_desk.room(Post()), temporal)
    assert len(temporal.heard) == MANY, "all of them, as soon as somebody hears again"


async def test_all_that_nobody_began_are_begun_in_one_round(at_desk: Desk) -> None:
    await _many_say_something(at_desk, begun=False)
    temporal = Temporal(at_desk, is_up=False)
    await _sweeps(at_desk, temporal)
    temporal.is_up = True
    await sweep.once(at_desk.room(Post()), temporal)
    assert len({*temporal.begun}) == MANY


async def test_draining_and_sweeping_end_when_told_to(at_desk: Desk) -> None:
    from mailroom.loops.all_loops import run

    await at_desk.asked()
    stop, post = asyncio.Event(), Post()
    room = at_desk.room(post)
    running = asyncio.create_task(run(room, Temporal(at_desk), stop, every=timedelta(milliseconds=20)))
    while not post.taken:
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(running, 60)


async def _sweeps(desk: Desk, temporal: Temporal) -> None:
    desk.passes(A_WHILE + timedelta(seconds=10))
    await sweep.once(desk.room(Post()), temporal)


async def _states(desk: Desk) -> Iterable[str]:
    return [row.state for row in await desk.rows(inbox_table.select().order_by(inbox_table.c.at))]


async def _many_say_something(desk: Desk, *, begun: bool = True) -> None:
    known = _another(desk)

    def ask(connection: Connection) -> None:
        for number in range(MANY):
            this = known.model_copy(update={"id": IntroductionId(f"int_{number:03}")})
            rows.ask_at_the_door(connection, this)
            connection.execute(introduction.update().values(live=False, step=int(begun)))
            if begun:
                news, nonce = Withdrew(by=ROSA.id), "page"
                inbox.put(connection, introduction_id=this.id, news=news, via="link", nonce=nonce, now=desk.now)

    await desk.database.write(ask)


def _another(desk: Desk) -> Opening:
    return opening(desk.rules, asked_at=desk.now).model_copy(update={"id": IntroductionId("int_another")})


async def test_letters_of_a_kind_of_tomorrow_are_left_to_whoever_knows_it(at_desk: Desk) -> None:
    """On its way, of unknown fate, or due before all others: nobody stumbles over it, and what is ours leaves."""
    post = Post()
    await at_desk.asked()
    (known,) = await at_desk.outbox()
    for number, state in enumerate(("planned", "started", "unknown"), 90):
        (row,) = await at_desk.rows(select(letters).where(letters.c.id == known.id))
        early = {"next_try_at": at_desk.now - HOUR, "started_at": None if state == "planned" else at_desk.now - HOUR}
        theirs = {"id": f"let_{state}", "number": number, "kind": "of_tomorrow", "state": state, "ask": None}
        await at_desk.add(letters, **(dict(row._mapping) | theirs | early | {"waits_since": at_desk.now - 10 * DAY}))
    before = await at_desk.rows(select(letters).where(letters.c.kind == "of_tomorrow").order_by(letters.c.id))
    assert await at_desk.database.read(lambda c: outbox.get(c, LetterId("let_planned"))) is None
    await at_desk.database.write(lambda c: relay_patience.relay_is_away(c, at_desk.now))
    await at_desk.resolve(post)
    await at_desk.carry(post)
    after = await at_desk.rows(select(letters).where(letters.c.kind == "of_tomorrow").order_by(letters.c.id))
    assert [each._mapping["tries"] for each in after] == [each._mapping["tries"] for each in before]
    assert [each._mapping["state"] for each in after] == [each._mapping["state"] for each in before]
    assert len(post.received(CARL.address)) == 1, "and our own letter has left"
