"""The workflow of one introduction. It hears news one at a time, records each step, then waits."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError

from models.news import Envelope, TimeIsUp
from models.process.state.introduction import Introduction
from models.process.story import decide
from models.process.timetable import Wake, next_wake
from models.process.verdict import Reason, Refused, Taken
from models.record.play import Course
from models.record.step_record import Recorded, Recording
from workflows import runs
from workflows.recovery import Recovery
from workflows.runs import RunStart

AT_ONCE = timedelta(seconds=2)  # a local activity holds messages back while it runs
PATIENT = timedelta(seconds=30)
A_WHILE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
ONCE = RetryPolicy(maximum_attempts=1)
FOR_EVER = RetryPolicy(maximum_interval=timedelta(minutes=5))


@workflow.defn(name="introduction")
class IntroductionWorkflow:
    """The durable shell of one introduction. Its id is the introduction's."""

    @workflow.init
    def __init__(self, opening: RunStart) -> None:
        # All state is here before any message is heard: what run() sets up would lose early answers.
        begun = workflow.info().workflow_start_time if opening.rings_in_time else workflow.now()
        self.course = Course(opening, begun, opening.stands)
        self.heard = opening.heard
        self.recovery = Recovery(self.course)
        self.counts_turns = opening.counts_turns
        self.turns = 0  # what this run heard and recorded, and its alarms that rang in vain
        self.in_vain = 0  # times in a row that the alarm rang and nothing was due
        self.alarm: asyncio.Task[None] | None = None
        self.alarm_at: datetime | None = None

    @property
    def introduction(self) -> Introduction:
        return self.course.introduction

    @workflow.run
    async def run(self, opening: RunStart) -> str:
        while self.course.unrecorded or not self.introduction.closed:
            if self.course.unrecorded:
                recorded = await self._record(self.course.unrecorded[0].recording)
                self.recovery.recorded(recorded, workflow.now())
                self.in_vain = 0
                self.turns += 1
            elif self._is_full():
                workflow.continue_as_new(opening.carrying(self.introduction, self.heard))
            else:
                await self._wait()
        await workflow.wait_condition(workflow.all_handlers_finished, timeout=None)
        return str(getattr(self.introduction.stage, "ending", ""))

    @workflow.update
    async def deliver(self, envelope: Envelope) -> Taken:
        self.turns += 1
        if known := self.heard.get(envelope.key):
            return known
        if self.recovery.knows(envelope):
            return Taken(step=self.introduction.step, stage=self.introduction.stage.kind)
        verdict = self.course.hear(envelope.news, envelope.at or workflow.now(), envelope.key)
        if isinstance(verdict, Refused):  # two updates of one task have both passed the validator
            raise ApplicationError(verdict.reason, type="Refused", non_retryable=True)
        taken = Taken(step=verdict.after.step, stage=verdict.after.stage.kind)
        self.heard[envelope.key] = taken
        return taken

    @deliver.validator
    def check(self, envelope: Envelope) -> None:
        if envelope.key in self.heard or self.recovery.knows(envelope):
            return
        if envelope.after > self.introduction.step:
            raise ApplicationError(Reason.BUSY, type="Refused", non_retryable=True)
        verdict = decide(self.introduction, envelope.news, envelope.at or workflow.now())
        if isinstance(verdict, Refused):
            raise ApplicationError(verdict.reason, type="Refused", non_retryable=True)

    @workflow.query
    def state(self) -> Introduction:
        """For tests and repairs; pages read the store."""
        return self.introduction

    async def _record(self, recording: Recording) -> Recorded:
        try:
            recorded: Recorded = await workflow.execute_local_activity(
                "record",
                recording,
                result_type=Recorded,
                start_to_close_timeout=AT_ONCE,
                schedule_to_close_timeout=AT_ONCE,
                retry_policy=ONCE,
            )
        except FailureError:  # the database is slow or away; its class differs between a live run and a replay
            recorded = await workflow.execute_activity(
                "record", recording, result_type=Recorded, start_to_close_timeout=PATIENT, retry_policy=FOR_EVER
            )
        return recorded

    async def _wait(self) -> None:
        """Until news comes, or the instant that is due, or this run is full."""
        wake = next_wake(self.introduction)
        self._set_alarm(wake.at if wake else None)
        await workflow.wait_condition(self._is_woken, timeout=None)
        if self.course.unrecorded or not self._rings():
            return
        if not isinstance(self.course.hear(TimeIsUp(), self._rang_at(wake)), Refused):
            return
        if wake is None or wake.at <= workflow.now():  # else it was too early, and the alarm is set once more
            self.turns += 1
            self._set_alarm(workflow.now() + self._a_while())  # never spin, whatever the core says
            await workflow.wait_condition(self._is_woken, timeout=None)

    def _rang_at(self, wake: Wake | None) -> datetime:
        """The instant that is due, where the clock shows a little less.

        A replay may show a later beginning than was lived, and so a later instant: tasks that ended while a step was
        being recorded, as they do where somebody asks for the state meanwhile, are passed over in it.
        """
        now = workflow.now()
        is_near = wake is not None and now < wake.at <= now + A_WHILE
        return wake.at if wake and is_near and self.course.opening.rings_in_time else now

    def _is_woken(self) -> bool:
        return bool(self.course.unrecorded) or self._rings() or self._is_full()

    def _is_full(self) -> bool:
        """Whether what follows belongs into a new run: the server ends one at 51,200 events or 2,000 updates.

        Told by what this run has done. The length of the history is no measure: tasks that ended while a step was being
        recorded are passed over in a replay, which then sees another length at the same place. Runs that began before
        are measured so: a patch for each thousand events renews one that older code has let grow at the next of them.
        """
        if self.counts_turns:
            return self.turns >= runs.TURNS
        info = workflow.info()
        events = info.get_current_history_length()
        if events < runs.LONGEST and not info.is_continue_as_new_suggested():
            return False
        return workflow.patched(f"a-new-run-{events // 1000}")

    def _a_while(self) -> timedelta:
        if not workflow.patched("longer-each-time"):
            return A_WHILE
        self.in_vain += 1
        longer: timedelta = A_WHILE * (1 << min(self.in_vain - 1, 6))
        return min(longer, AN_HOUR)

    def _set_alarm(self, instant: datetime | None) -> None:
        # Re-armed only when the instant has changed: each timer started or cancelled is an event for months.
        if instant == self.alarm_at and not (self.alarm and self.alarm.done()):
            return
        if self.alarm:
            self.alarm.cancel()
        self.alarm_at, self.alarm = instant, asyncio.create_task(_sleep_until(instant)) if instant else None

    def _rings(self) -> bool:
        """The alarm rings when its task has ended, so that what a replay hears is what its history holds."""
        if self.alarm is None or self.alarm_at is None:
            return False
        by_the_clock = not self.course.opening.clocks  # as it was in the first releases
        return self.alarm.done() or (by_the_clock and workflow.now() >= self.alarm_at)


async def _sleep_until(instant: datetime) -> None:
    left = instant - workflow.now()
    if left > timedelta():  # an instant that has passed needs no timer, and a sleep is never negative
        await workflow.sleep(left)
