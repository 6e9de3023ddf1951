"""Rate limits. Counted in this process; who asks more is told when to come back."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=1)
REMEMBERED = 10_000  # callers at once: a table that strangers could otherwise fill


@dataclass
class Rate:
    """A window that moves with time, one for each caller."""

    most: int
    _seen: dict[str, deque[datetime]] = field(default_factory=dict)

    def wait(self, caller: str, now: datetime) -> int:
        """Count one request. 0, or for how many seconds the caller is to wait; then it is not counted."""
        moments = self._of(caller)
        while moments and now - moments[0] >= WINDOW:
            moments.popleft()
        if len(moments) >= self.most:
            return max(1, -int((now - moments[0] - WINDOW).total_seconds() // 1))
        moments.append(now)
        return 0

    def _of(self, caller: str) -> deque[datetime]:
        moments = self._seen.pop(caller, None)
        if moments is None:
            moments = deque()
        if len(self._seen) >= REMEMBERED:
            del self._seen[next(iter(self._seen))]  # whoever has been quiet for longest
        self._seen[caller] = moments
        return moments
