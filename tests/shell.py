"""An introduction lived against the real store without a server. The shell's loop, one call at a time."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection

from models.introduction import Introduction, Opening
from models.news import News, TimeIsUp
from models.process import begin, decide
from models.recording import Recorded, Recording
from models.verdict import Refused, Step
from models.waiting import next_wake
from store.recording import record

Run = Callable[[Callable[[Connection], Recorded]], Recorded]


class Shell:
    """Hears news, records each step in a transaction of its own, and hears what the store replies, in order."""

    def __init__(self, run: Run, opening: Opening) -> None:
        self.run, self.now = run, opening.asked_at
        self.recordings: list[tuple[Recording, Recorded]] = []
        first = begin(opening, self.now)
        self.introduction: Introduction = first.after
        self._record(deque([Recording.of(first, None, self.now)]))

    def hear(self, news: News, key: str | None = None) -> Step | Refused:
        verdict = decide(self.introduction, news, self.now)
        if isinstance(verdict, Step):
            self.introduction = verdict.after
            self._record(deque([Recording.of(verdict, key, self.now)]))
        return verdict

    def pass_time(self, time: timedelta) -> None:
        """Everything due until then happens, each at its own instant."""
        end = self.now + time
        while (wake := next_wake(self.introduction)) and wake.at <= end:
            self.now = max(self.now, wake.at)
            self.hear(TimeIsUp())
        self.now = end

    def _record(self, steps: deque[Recording]) -> None:
        while steps:
            recording = steps.popleft()
            recorded = self.run(lambda connection, recording=recording: record(connection, recording))  # type: ignore[misc]
            self.recordings.append((recording, recorded))
            for reply in recorded.replies:
                verdict = decide(self.introduction, reply, self.now)
                if isinstance(verdict, Step):
                    self.introduction = verdict.after
                    steps.append(Recording.of(verdict, None, self.now))
