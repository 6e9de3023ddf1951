"""An introduction lived against the real store without a server. The shell's loop, one call at a time."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from models.news import News
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.verdict import Refused, Step
from models.record.play import Course, Play, Unrecorded
from models.record.step_record import Recorded, Recording
from store.engine.database import Database
from store.steps.step_recorder import record

Run = Callable[[Callable[[Connection], Recorded]], Recorded]


class Shell:
    """Hears news, records each step in a transaction of its own, and hears what the store replies, in order."""

    def __init__(self, run: Run, opening: Opening) -> None:
        self.run, self.opening = run, opening
        self.recordings: list[tuple[Recording, Recorded]] = []
        self._play = Play(opening.asked_at, self._record)
        self._play.begin(opening)

    @property
    def introduction(self) -> Introduction:
        return self._play.courses[self.opening.id].introduction

    @property
    def now(self) -> datetime:
        return self._play.now

    @now.setter
    def now(self, now: datetime) -> None:
        self._play.now = now

    def hear(self, news: News, key: str | None = None) -> Step | Refused:
        return self._play.hear(self.opening.id, news, key)

    def pass_time(self, time: timedelta) -> None:
        """Everything due until then happens, each at its own instant."""
        self._play.time_passes(self.now + time)

    def _record(self, unrecorded: Unrecorded) -> tuple[News, ...]:
        recording = unrecorded.recording
        recorded = self.run(partial(record, recording=recording))
        self.recordings.append((recording, recorded))
        return recorded.replies


async def record_all(course: Course, database: Database) -> Sequence[Step | Refused]:
    """The same where the database is waited for: the verdicts on what the store replied."""
    verdicts: list[Step | Refused] = []
    while course.unrecorded:
        recording = course.unrecorded[0].recording
        recorded = await database.write(partial(record, recording=recording))
        verdicts += course.recorded(recorded.replies, recording.at)
    return verdicts
