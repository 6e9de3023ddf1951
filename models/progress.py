"""Progress, as the requester and their key may know it. What everybody is told at the same time, and never why (S8)."""

from datetime import datetime
from enum import StrEnum

from models.base import Frozen


class Progress(StrEnum):
    IN_PROGRESS = "in_progress"
    INTRODUCED = "introduced"
    CLOSED = "closed"


class Milestone(StrEnum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"  # by the requester themselves, of a request made for them
    INTRODUCED = "introduced"
    CLOSED = "closed"


class Facts(Frozen):
    """The instants the requester knows of too."""

    asked_at: datetime
    promised_at: datetime
    confirmed_at: datetime | None
    delivered_at: datetime | None
    told: bool
    closed_at: datetime | None


class Event(Frozen):
    kind: Milestone
    at: datetime


def progress(facts: Facts) -> Progress:
    if facts.delivered_at:
        return Progress.INTRODUCED if facts.closed_at is None else Progress.CLOSED
    return Progress.IN_PROGRESS if _told_at(facts) is None else Progress.CLOSED


def events(facts: Facts) -> tuple[Event, ...]:
    """What has happened, in order. Who was asked, who refused and who was silent is nowhere in it."""
    closed_at = facts.closed_at if facts.delivered_at else _told_at(facts)
    happened = (
        (Milestone.REQUESTED, facts.asked_at),
        (Milestone.CONFIRMED, facts.confirmed_at),
        (Milestone.INTRODUCED, facts.delivered_at),
        (Milestone.CLOSED, closed_at),
    )
    return tuple(Event(kind=kind, at=at) for kind, at in happened if at)


def updated_at(facts: Facts) -> datetime:
    return max(event.at for event in events(facts))


def _told_at(facts: Facts) -> datetime | None:
    """When the requester heard that there is no introduction. One that sleeps on is over for them at the promise."""
    if facts.told:
        return min(facts.promised_at, facts.closed_at or facts.promised_at)
    return facts.closed_at
