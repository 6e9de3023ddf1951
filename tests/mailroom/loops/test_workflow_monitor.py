"""An introduction that stands still, or whose workflow is gone, is seen, and unseen again when it goes on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from mailroom.loops import workflow_monitor
from models.ids import IntroductionId
from models.news import Withdrew
from models.process.state.opening import Opening
from store.installation import namespace
from store.installation.namespace import FEW
from store.journal.inbox import try_all_now
from store.tables import inbox, introduction
from store.views import introductions
from store.views import stalled_workflows as standing
from store.views.installation import alarms
from store.views.introductions import IntroductionFilter, ListedIntroduction
from tests.cast import CARL, ROSA, opening
from tests.mailroom.desk import Case, Desk
from tests.mailroom.fake_relay import Post
from tests.support import rows
from workflows.client import WorkflowHealth

LATER = timedelta(minutes=2)


@dataclass
class Temporal:
    """Says of each introduction what it is told to say."""

    says: WorkflowHealth
    ended: Sequence[IntroductionId] = ()
    worker: bool | None = None
    looked_for_workers: int = 0
    asked_about: list[IntroductionId] = field(default_factory=list)
    begun: list[IntroductionId] = field(default_factory=list)

    async def standing(self, introduction: IntroductionId) -> WorkflowHealth:
        self.asked_about.append(introduction)
        return self.says

    async def start(self, opening: Opening) -> bool:
        self.begun.append(opening.id)
        return True

    async def has_worker(self, now: datetime) -> bool | None:
        self.looked_for_workers += 1
        return self.worker

    async def ended_from_outside(self) -> Sequence[IntroductionId]:
        return self.ended


async def test_whoever_stands_still_is_an_operators_until_they_go_on(at_desk: Desk) -> None:
    case = await waiting_to_be_heard(at_desk)
    await looked_at(at_desk, Temporal("stands_still"))
    line = await listed(at_desk)
    assert (line.trouble, line.needs_operator) == ("stands_still", True)
    assert await case.letters(), "what had been decided is untouched"
    await looked_at(at_desk, Temporal("well"))
    line = await listed(at_desk)
    assert (line.trouble, line.needs_operator) == (None, False)


async def test_whoever_was_ended_from_outside_is_seen_though_nothing_was_due(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await looked_at(at_desk, Temporal("gone", ended=[case.id]))
    assert (await listed(at_desk)).trouble == "gone"


async def test_what_was_seen_to_be_ended_is_not_begun_again_once_temporal_forgets_it(at_desk: Desk) -> None:
    case, temporal = await at_desk.asked(), Temporal("gone")
    temporal.ended = [case.id]
    await looked_at(at_desk, temporal)
    temporal.says = "missing"
    await looked_at(at_desk, temporal)
    assert temporal.begun == []


async def test_what_temporal_has_lost_is_begun_anew_and_many_at_once_wait_for_a_word(at_desk: Desk) -> None:
    cases = [await waiting_to_be_heard(at_desk, number) for number in range(FEW + 2)]
    temporal = Temporal("missing")
    await looked_at(at_desk, temporal)
    assert len(temporal.begun) == FEW
    missing = await at_desk.database.read(lambda connection: standing.missing(connection, at_desk.now))
    assert missing == len(cases), "nobody answers for them yet"
    for _ in range(3):
        await looked_at(at_desk, temporal)
    assert len(set(temporal.begun)) == FEW, "an operator is asked before more are begun a second time"
    await at_desk.database.write(lambda connection: namespace.say_go(connection, at_desk.now))
    await looked_at(at_desk, temporal)
    assert set(temporal.begun) == {case.id for case in cases}


async def test_the_word_is_for_what_was_lost_before_it(at_desk: Desk) -> None:
    cases = [await waiting_to_be_heard(at_desk, number) for number in range(FEW + 1)]
    await at_desk.database.write(lambda connection: namespace.say_go(connection, at_desk.now))
    temporal = Temporal("missing")
    await looked_at(at_desk, temporal)
    assert sorted(temporal.begun) == sorted(case.id for case in cases)
    await looked_at(at_desk, temporal)
    assert len(temporal.begun) == len(cases) + FEW, "lost once more, they are many at once once more"


async def test_while_temporal_is_away_nothing_is_said_of_anybody(at_desk: Desk) -> None:
    await waiting_to_be_heard(at_desk)
    await looked_at(at_desk, Temporal("away"))
    assert (await listed(at_desk)).trouble is None


async def test_nobody_is_asked_about_whose_time_has_not_come(at_desk: Desk) -> None:
    await at_desk.asked()
    temporal = Temporal("stands_still")
    await workflow_monitor.once(at_desk.room(Post()), temporal)
    assert temporal.asked_about == []


async def test_what_has_ended_in_the_store_is_left_alone(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await case.hear(Withdrew(by=ROSA.id))
    await case.wait_until("closed")
    await looked_at(at_desk, Temporal("gone", ended=[case.id]))
    noted = await at_desk.database.write(lambda c: standing.note(c, case.id, "gone", at_desk.now))
    assert not noted


@pytest.mark.parametrize("what", ["unrecorded", "overgrown", "stands_still"])
async def test_each_trouble_is_seen_for_what_it_is_until_it_is_gone(at_desk: Desk, what: WorkflowHealth) -> None:
    await waiting_to_be_heard(at_desk)
    await looked_at(at_desk, Temporal(what))
    assert (await listed(at_desk)).trouble == what
    await workflow_monitor.look_at_known(at_desk.room(Post()), Temporal("idle" if what == "overgrown" else "well"))
    assert (await listed(at_desk)).trouble == ("asleep" if what == "overgrown" else None)


async def test_whatever_is_overdue_while_nothing_is_being_done_is_asleep(at_desk: Desk) -> None:
    await at_desk.asked()
    await at_desk.set(introduction, introduction.c.id != "", started_at=at_desk.now)
    due_at = (await at_desk.rows(select(introduction)))[0].due_at
    at_desk.passes(due_at - at_desk.now - LATER)
    await looked_at(at_desk, Temporal("idle"))
    assert (await listed(at_desk)).trouble is None, "it is only about to be"
    await looked_at(at_desk, Temporal("idle"))
    assert (await listed(at_desk)).trouble == "asleep"
    await looked_at(at_desk, Temporal("well"))
    assert (await listed(at_desk)).trouble is None


async def test_one_that_fails_on_what_was_said_stands_still_though_nothing_of_it_is_pending(at_desk: Desk) -> None:
    """Temporal drops an update on which a task has failed thrice, and the task with it: no attempt tells any more."""
    case = await waiting_to_be_heard(at_desk)
    await at_desk.set(inbox, inbox.c.introduction == case.id, tries=3)
    at_desk.passes(LATER)
    await looked_at(at_desk, Temporal("idle"))
    assert (await listed(at_desk)).trouble == "stands_still"
    await workflow_monitor.look_at_known(at_desk.room(Post()), Temporal("well"))
    assert (await listed(at_desk)).trouble == "stands_still", "it was tried again just now, in vain"
    far_off = at_desk.now + timedelta(hours=1)
    await at_desk.set(inbox, inbox.c.introduction == case.id, next_try_at=far_off)
    await at_desk.database.write(lambda connection: try_all_now(connection, at_desk.now))  # a worker has begun
    (waiting,) = await at_desk.rows(select(inbox).where(inbox.c.introduction == case.id))
    assert waiting.next_try_at == at_desk.now
    await at_desk.set(inbox, inbox.c.introduction == case.id, state="taken")
    await workflow_monitor.look_at_known(at_desk.room(Post()), Temporal("well"))
    assert (await listed(at_desk)).trouble is None


async def test_a_request_that_its_reader_leaves_lying_is_not_asleep(at_desk: Desk) -> None:
    await at_desk.asked()
    reading = {"stage": "screening", "started_at": at_desk.now, "due_at": at_desk.now}
    await at_desk.set(introduction, introduction.c.id != "", **reading)
    temporal = Temporal("idle")
    await looked_at(at_desk, temporal)
    assert temporal.asked_about
    assert (await listed(at_desk)).trouble is None


async def test_what_was_said_to_one_that_goes_on_again_is_heard_at_once(at_desk: Desk) -> None:
    case = await waiting_to_be_heard(at_desk)
    await looked_at(at_desk, Temporal("stands_still"))
    far_off = at_desk.now + timedelta(hours=1)
    await at_desk.set(inbox, inbox.c.introduction == case.id, next_try_at=far_off)
    await workflow_monitor.look_at_known(at_desk.room(Post()), Temporal("well"))
    assert [row.next_try_at for row in await at_desk.rows(select(inbox))] == [at_desk.now]


async def test_a_run_may_have_grown_long_though_nothing_is_due(at_desk: Desk) -> None:
    case = await at_desk.asked()
    await at_desk.set(introduction, introduction.c.id == case.id, started_at=at_desk.now, step=64)
    await looked_at(at_desk, Temporal("overgrown"))
    assert (await listed(at_desk)).trouble == "overgrown"


async def test_all_that_may_be_stalled_are_looked_at_in_turn_however_many(at_desk: Desk) -> None:
    """A round ends after a while, and the next begins where it came to."""
    ids = [f"int_{number:03}" for number in range(7)]
    await at_desk.asked()
    row = {**(await at_desk.rows(select(introduction)))[0]._mapping, "live": False, "due_at": at_desk.now}
    several = [{**row, "id": each, "started_at": at_desk.now} for each in ids]
    await at_desk.database.write(lambda connection: connection.execute(introduction.insert(), several))
    at_desk.passes(LATER)
    found, behind = list[str](), ""
    while some := await at_desk.database.read(
        lambda connection, behind=behind: standing.suspects(connection, at_desk.now, behind, limit=3)  # type: ignore[misc]
    ):
        found, behind = [*found, *(each.id for each in some)], some[-1].id
    assert [each for each in found if each in ids] == ids
    temporal = Temporal("stands_still")
    rotation = workflow_monitor.Rotation(at_desk.room(Post()), temporal, some=3)
    for _ in range(3):
        await rotation.go_on()
    assert [each for each in sorted(temporal.asked_about) if each in ids] == ids


@pytest.mark.parametrize(("worker", "alarm"), [(False, ["no_worker"]), (True, []), (None, ["no_worker"])])
async def test_that_nobody_works_is_an_alarm_until_somebody_does(
    at_desk: Desk, worker: bool | None, alarm: list[str]
) -> None:
    await looked_at(at_desk, Temporal("well", worker=True))
    assert await at_desk.database.read(alarms.raised) == []
    await looked_at(at_desk, Temporal("well", worker=False))
    await looked_at(at_desk, Temporal("well", worker=worker))
    assert [kind for kind, _ in await at_desk.database.read(alarms.raised)] == alarm


async def test_a_worker_that_begins_beside_the_mailroom_is_not_missed_at_the_first_look(at_desk: Desk) -> None:
    temporal, stop = Temporal("well", worker=False), asyncio.Event()
    looking = asyncio.create_task(
        workflow_monitor.look_out(at_desk.room(Post()), temporal, stop, timedelta(milliseconds=1))
    )
    while not temporal.looked_for_workers:
        await asyncio.sleep(0.01)
    assert await at_desk.database.read(alarms.raised) == []
    at_desk.passes(timedelta(minutes=1))
    while temporal.looked_for_workers < 2:
        await asyncio.sleep(0.01)
    stop.set()
    await looking
    assert [kind for kind, _ in await at_desk.database.read(alarms.raised)] == ["no_worker"]


async def waiting_to_be_heard(desk: Desk, number: int = 0) -> Case:
    case = await desk.asked(begun=await another(desk, number) if number else None)
    started = introduction.update().where(introduction.c.id == case.id).values(started_at=desk.now)
    await desk.database.write(lambda connection: connection.execute(started))
    await case.put(Withdrew(by=ROSA.id))
    return case


async def another(desk: Desk, number: int) -> Opening:
    target = await desk.database.write(lambda connection: rows.somebody_new(connection, CARL, desk.now))
    made = opening(desk.rules, target=target, asked_at=desk.now)
    return made.model_copy(update={"id": IntroductionId(f"int_{number}")})


async def looked_at(desk: Desk, temporal: Temporal) -> None:
    desk.passes(LATER)
    await workflow_monitor.once(desk.room(Post()), temporal)


async def listed(desk: Desk) -> ListedIntroduction:
    found = await desk.database.read(
        lambda connection: introductions.listed(connection, IntroductionFilter(with_closed=True), desk.now)
    )
    return found[0]
