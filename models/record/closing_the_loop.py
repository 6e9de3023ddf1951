"""Closing the loop: how it went, as the connector may know it; nothing that only one of the two has said against it."""

from datetime import datetime
from enum import StrEnum

from models.base import Frozen
from models.letters import PARTIES, Role
from models.outcomes import NO_MEETING, Ending
from models.record.disclosure import LoopClosed


class Went(StrEnum):
    """What the connector reads, in one word. What did not come together has one for every cause."""

    MET_USEFUL = "met_useful"
    MET = "met"
    TWO_LINES = "two_lines"
    DID_NOT_MEET = "did_not_meet"
    NOT_HEARD = "not_heard"
    NOT_TOGETHER = "not_together"


class PartyReport(Frozen):
    """What a party has said of the meeting; `kind` and `useful` as in models/outcomes.py."""

    role: Role
    kind: str
    useful: bool | None = None
    at: datetime | None = None


class Reports(Frozen):
    """All that the two have said of the meeting, in order, beside how it ended."""

    ending: Ending | None
    closed_at: datetime | None
    given: tuple[PartyReport, ...]

    def to_connector(self, heard: LoopClosed | None) -> Went:
        """`heard`: what the connector has heard of how it ended."""
        if heard != LoopClosed.CAME_TOGETHER:
            return Went.NOT_TOGETHER
        match self.ending:
            case Ending.MET:
                return Went.MET_USEFUL if any(each.useful for each in self._in_time() if _met(each)) else Went.MET
            case Ending.TWO_LINES:
                return Went.TWO_LINES
            case Ending.DID_NOT_MEET if self._both_say_no():
                return Went.DID_NOT_MEET
            case Ending.DID_NOT_MEET | Ending.DELIVERED:
                return Went.NOT_HEARD
            case _:
                return Went.NOT_TOGETHER

    def is_agreed(self, report: PartyReport) -> bool:
        """Whether what was written with this report may be read by the connector, where its writer lets them: the two
        do not contradict it, and it came in time."""
        if self._came_late(report):
            return False
        return (self.ending == Ending.MET and _met(report)) or (report.kind == "did_not_meet" and self._both_say_no())

    def _both_say_no(self) -> bool:
        last = {each.role: each.kind in NO_MEETING for each in self._in_time()}
        return all(last.get(role) for role in PARTIES)

    def _in_time(self) -> tuple[PartyReport, ...]:
        return tuple(each for each in self.given if not self._came_late(each))

    def _came_late(self, report: PartyReport) -> bool:
        """What is said after the end is for the staff alone; a letter that still waits then tells nothing of it."""
        return bool(self.closed_at and report.at and report.at > self.closed_at)


def _met(report: PartyReport) -> bool:
    return report.kind == "met"
