"""Gates: a measured number held against its goal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Gate:
    """One goal. A hard gate fails the run; any other is shown, and "not decided" where its range spans the goal."""

    name: str
    measured: float
    goal: float
    hard: bool = True
    low: float | None = None
    high: float | None = None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        if self.low is not None and self.high is not None and self.low <= self.goal <= self.high:
            return "not decided"
        return "ok" if self._holds else "FAILED"

    @property
    def failed(self) -> bool:
        return self.hard and not self._holds

    @property
    def _holds(self) -> bool:
        return self.measured >= self.goal if self.at_least else self.measured <= self.goal

    def line(self) -> str:
        spread = f" ({self.low:.2f}-{self.high:.2f})" if self.low is not None and self.high is not None else ""
        sign = ">=" if self.at_least else "<="
        return f"  {self.name:<58} {self.measured:>9.2f}{spread}  {sign} {self.goal:g}  {self.verdict}"
