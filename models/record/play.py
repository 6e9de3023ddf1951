"""Introductions without Temporal: each step is decided, recorded, and what recording returns is decided in its turn.

Timetables, rehearsals and tests play many of them on one clock. The workflow keeps one `Course` too, so that what is
played is what is lived.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import NamedTuple

from models.ids import IntroductionId
from models.news import News, TimeIsUp
from models.process.state.introduction import Introduction
from models.process.state.opening import Opening
from models.process.story import begin, decide
from models.process.timetable import next_wake
from models.process.verdict import Refused, Step
from models.record.ledger import Began, Moved, began, standing
from models.record.step_record import Recording


class Unrecorded(NamedTuple):
    """A step on its way into the ledger, and where the introduction stood before it."""

    step: Step
    at: datetime
    key: str | None
    before: Introduction

    @property
    def recording(self) -> Recording:
        return Recording.of(self.step, self.key, self.at)


class Course:
    """One introduction: where it stands, and the steps that are decided and not yet recorded, in order."""

    introduction: Introduction

    def __init__(self, opening: Opening, at: datetime, stands: Introduction | None = None) -> None:
        """`stands`: where it stands already, every step of it recorded; None: it begins at `at`."""
        self.opening = opening
        self.unrecorded: deque[Unrecorded] = deque()
        if stands:
            self.introduction = stands
        else:
            self.begin(at)

    def begin(self, at: datetime) -> None:
        step = begin(self.opening, at)
        self._take(Unrecorded(step, at, None, before=step.after))

    def hear(self, news: News, at: datetime, key: str | None = None) -> Step | Refused:
        """The core's verdict on news that comes at `at` (UTC), through the inbox row `key` if through one."""
        verdict = decide(self.introduction, news, at)
        if isinstance(verdict, Step):
            self._take(Unrecorded(verdict, at, key, before=self.introduction))
        return verdict

    def recorded(self, replies: Iterable[News], at: datetime) -> Sequence[Step | Refused]:
        """The oldest step is written down. What the store replied is news: a reply that no longer fits is refused, and
        the story goes on without it."""
        self.unrecorded.popleft()
        return [self.hear(reply, at) for reply in replies]

    def _take(self, decided: Unrecorded) -> None:
        self.introduction = decided.step.after
        self.unrecorded.append(decided)


Record = Callable[[Unrecorded], Iterable[News]]  # writes a step down, and returns the news that come of it


class Due(NamedTuple):
    """The earliest instant (UTC) at which time alone moves an introduction."""

    at: datetime
    introduction: IntroductionId


class Play:
    """Introductions on one clock, which moves to the next due instant. Whatever news brings about happens with it."""

    def __init__(self, now: datetime, record: Record) -> None:
        self.now, self.record = now, record
        self.courses: dict[IntroductionId, Course] = {}
        self._due: list[Due] = []  # a heap; an instant that has moved stays in it until it comes up

    def begin(self, opening: Opening) -> Introduction:
        course = self.courses[opening.id] = Course(opening, self.now)
        return self._record(course)

    def hear(self, introduction: IntroductionId, news: News, key: str | None = None) -> Step | Refused:
        """The verdict on news that comes now; all that follows from it at once has happened too."""
        course = self.courses[introduction]
        verdict = course.hear(news, self.now, key)
        self._record(course)
        return verdict

    def next_due(self) -> Due | None:
        while self._due and not self._stands(self._due[0]):
            heappop(self._due)
        return self._due[0] if self._due else None

    def wake(self) -> bool:
        """The clock moves to the next due instant, and what is due happens. False where nothing ever is."""
        due = self.next_due()
        if due is None:
            return False
        self.now = max(self.now, due.at)
        verdict = self.hear(due.introduction, TimeIsUp())
        assert isinstance(verdict, Step), f"{due} is due and cannot be heard: {verdict.reason}"  # or it would never end
        return True

    def time_passes(self, until: datetime) -> None:
        """Everything due until then happens, each at its own instant."""
        while (due := self.next_due()) and due.at <= until:
            self.wake()
        self.now = max(self.now, until)

    def _record(self, course: Course) -> Introduction:
        while course.unrecorded:
            course.recorded(self.record(course.unrecorded[0]), self.now)
        if wake := next_wake(course.introduction):
            heappush(self._due, Due(wake.at, course.opening.id))
        return course.introduction

    def _stands(self, due: Due) -> bool:
        wake = next_wake(self.courses[due.introduction].introduction)
        return wake is not None and wake.at == due.at


class Moment(NamedTuple):
    """One step, and when it was taken."""

    at: datetime
    step: Step


class MemoryLedger:
    """Every step in memory, in order. `replies` says what the store would say to a step."""

    def __init__(self, replies: Callable[[Step], Iterable[News]]) -> None:
        self.replies = replies
        self.moments: list[Moment] = []

    def __call__(self, unrecorded: Unrecorded) -> Iterable[News]:
        self.moments.append(Moment(unrecorded.at, unrecorded.step))
        return self.replies(unrecorded.step)


def event(opening: Opening, step: Step) -> Began | Moved:
    """What the ledger says of this step; words, and what the store replied, are the store's to add."""
    stands = standing(step.after)
    if step.news is None:
        return began(opening, step.effects, stands)
    return Moved(step=step.after.step, news=step.news, effects=step.effects, standing=stands)
