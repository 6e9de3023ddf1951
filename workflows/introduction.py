"""The workflow of one introduction. It hears news one at a time, records each step, then waits."""

import asyncio
from collections import deque
from datetime import datetime, timedelta
from typing import NamedTuple

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError

from models.introduction import Introduction, Opening
from models.news import Envelope, News, TimeIsUp
from models.process import begin, decide
from models.recording import Heard, Recorded, Recording
from models.verdict import Reason, Refused, Step, Taken
from models.waiting import next_wake

AT_ONCE = timedelta(seconds=2)  # a local activity holds messages back while it runs
PATIENT = timedelta(seconds=30)
A_WHILE = timedelta(minutes=1)
ONCE = RetryPolicy(maximum_attempts=1)
FOR_EVER = RetryPolicy(maximum_interval=timedelta(minutes=5))


class Unrecorded(NamedTuple):
    """A step on its way into the ledger, and where the introduction stood before."""

    recording: Recording
    before: Introduction


@workflow.defn(name="introduction")
class IntroductionWorkflow:
    """The durable shell of one introduction. Its id is the introduction's."""

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        # All state is here before any message is heard: what run() sets up would lose early answers.
        self.unrecorded: deque[Unrecorded] = deque()
        self.replies: deque[News] = deque()
        self.too_early: deque[tuple[News, str | None]] = deque()  # said while the ledger was further than we were
        self.alarm: asyncio.Task[None] | None = None
        self.alarm_at: datetime | None = None
        self.opening = opening
        self.introduction: Introduction = self._begin(workflow.now())

    @workflow.run
    async def run(self, opening: Opening) -> str:
        while self.unrecorded or not self.introduction.closed:
            if self.unrecorded:
                await self._record_next()
            else:
                await self._wait()
        await workflow.wait_condition(workflow.all_handlers_finished, timeout=None)
        return str(getattr(self.introduction.stage, "ending", ""))

    @workflow.update
    async def deliver(self, envelope: Envelope) -> Taken:
        if self._knows(envelope):
            return Taken(step=self.introduction.step, stage=self.introduction.stage.kind)
        verdict = self._hear(envelope.news, envelope.key, envelope.at)
        if isinstance(verdict, Refused):  # two updates of one task have both passed the validator
            raise ApplicationError(verdict.reason, type="Refused", non_retryable=True)
        return Taken(step=verdict.after.step, stage=verdict.after.stage.kind)

    @deliver.validator
    def check(self, envelope: Envelope) -> None:
        if self._knows(envelope):
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

    def _begin(self, at: datetime) -> Introduction:
        step = begin(self.opening, at)
        self._queue(step, step.after, None, at)
        return step.after

    def _knows(self, envelope: Envelope) -> bool:
        """It is told again what the ledger has heard, and has been told before."""
        return envelope.at is not None and envelope.after < self.introduction.step

    def _hear(self, news: News, key: str | None = None, at: datetime | None = None) -> Step | Refused:
        before, verdict = self.introduction, decide(self.introduction, news, at or workflow.now())
        if isinstance(verdict, Step):
            self.introduction = verdict.after
            self._queue(verdict, before, key, at)
        return verdict

    def _queue(self, step: Step, before: Introduction, key: str | None, at: datetime | None = None) -> None:
        self.unrecorded.append(Unrecorded(Recording.of(step, key, at or workflow.now()), before))

    async def _record_next(self) -> None:
        recorded = await self._record(self.unrecorded[0].recording)
        if recorded.instead:
            self._follow(recorded.instead)
            return
        self.unrecorded.popleft()
        self.replies.extend(recorded.replies)
        if recorded.then and not self.introduction.closed:  # what was told after the end was never ours to hear
            self._follow(recorded.then)
            return
        while self.replies:
            self._hear(self.replies.popleft())  # one that no longer fits is refused; the story goes on without it
        while self.too_early:
            self._hear(*self.too_early.popleft())

    def _follow(self, ledger: Heard) -> None:
        """A crash took steps that the ledger has: each is heard again as it was, before what would take its place."""
        if self.unrecorded:
            self.too_early.extend((each.news, each.key) for each, _ in self.unrecorded if each.news)
            self.introduction = self.unrecorded[0].before
            self.unrecorded.clear()
        while self.replies and self.replies.popleft() != ledger.news:
            pass  # those were refused the first time
        if ledger.news is None:
            self.introduction = self._begin(ledger.at)
        elif isinstance(refused := self._hear(ledger.news, at=ledger.at), Refused):
            raise RuntimeError(f"the ledger heard what cannot be heard here: {refused.reason}")

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
        """Until news comes, or the instant that is due."""
        wake = next_wake(self.introduction)
        self._set_alarm(wake.at if wake else None)
        await workflow.wait_condition(lambda: bool(self.unrecorded) or self._rings(), timeout=None)
        if not self.unrecorded and isinstance(self._hear(TimeIsUp()), Refused):
            self._set_alarm(workflow.now() + A_WHILE)  # never spin, whatever the core says
            await workflow.wait_condition(lambda: bool(self.unrecorded) or self._rings(), timeout=None)

    def _set_alarm(self, instant: datetime | None) -> None:
        # Re-armed only when the instant has changed: each timer started or cancelled is an event for months.
        if instant == self.alarm_at:
            return
        if self.alarm:
            self.alarm.cancel()
        left = instant - workflow.now() if instant else None
        self.alarm_at, self.alarm = instant, asyncio.create_task(workflow.sleep(left)) if left else None

    def _rings(self) -> bool:
        return self.alarm_at is not None and workflow.now() >= self.alarm_at
