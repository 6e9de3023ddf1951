"""Recovery after a crash: the ledger holds steps that the workflow has lost, and each is heard again as it was."""

from collections import deque
from datetime import datetime

from models.news import Envelope, News
from models.process.verdict import Refused
from models.record.play import Course
from models.record.step_record import Heard, Recorded


class Recovery:
    """What is kept while a course catches up with its ledger. It gives no commands: it is told the time."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._replies: deque[News] = deque()
        self._too_early: deque[tuple[News, str | None]] = deque()  # said while the ledger was further than we were

    def knows(self, envelope: Envelope) -> bool:
        """It is told again what the ledger has heard, and has been told before."""
        return envelope.at is not None and envelope.after < self._course.introduction.step

    def recorded(self, recorded: Recorded, now: datetime) -> None:
        """The store's replies are heard, unless the ledger is ahead: then what it holds comes first."""
        course = self._course
        if recorded.instead:
            self._follow(recorded.instead)
            return
        self._replies.extend(recorded.replies)
        course.unrecorded.popleft()
        if recorded.then and not course.introduction.closed:  # what was told after the end was never ours to hear
            self._follow(recorded.then)
            return
        while self._replies:
            course.hear(self._replies.popleft(), now)  # one that no longer fits is refused; the story goes on
        while self._too_early:
            news, key = self._too_early.popleft()
            course.hear(news, now, key)

    def _follow(self, ledger: Heard) -> None:
        """A crash took steps that the ledger has: each is heard again as it was, before what would take its place."""
        course = self._course
        if course.unrecorded:
            self._too_early.extend((each.step.news, each.key) for each in course.unrecorded if each.step.news)
            course.introduction = course.unrecorded[0].before
            course.unrecorded.clear()
        while self._replies and self._replies.popleft() != ledger.news:
            pass  # those were refused the first time
        if ledger.news is None:
            course.begin(ledger.at)
        elif isinstance(refused := course.hear(ledger.news, ledger.at), Refused):
            raise RuntimeError(f"the ledger heard what cannot be heard here: {refused.reason}")
