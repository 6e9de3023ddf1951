"""Each instant that running introductions wait for is the one their policy means.

Recounted from what each recorded history holds, the opening and when news was heard, without asking the core: nothing
of it but the clocks that were told.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from models.time.clocks import ZoneClock, clock_in
from tests.workflows.stories.record import HISTORIES
from tests.workflows.stories.replay import history_of

UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
OURS = (timedelta(seconds=30), timedelta(minutes=1))  # how soon the shell looks again
A_MOMENT = timedelta(seconds=1.5)  # between a task's start and what it hears
MOVES = (  # its clock stands where a task began, and moves on with each step it has recorded
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_MARKER_RECORDED,
)
CONNECTORS = ("Europe/Stockholm", "Europe/Paris", "America/Sao_Paulo")
Walls = dict[str, ZoneClock]
FILES = sorted(HISTORIES.glob("*/*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_timer_rings_when_the_policy_says(file: Path) -> None:
    history = history_of(file)
    meant = sorted(_meant(history))
    timers = list(_timers(history))
    assert timers
    for rings in timers:
        place = bisect_left(meant, rings)
        nearest = min(meant[max(0, place - 1) : place + 1], key=lambda instant: abs(instant - rings))
        assert abs(nearest - rings) < A_MOMENT, f"{rings} is {rings - nearest} from anything this policy means"


def test_a_timer_that_is_wrong_by_a_minute_is_noticed() -> None:
    history = history_of(HISTORIES / "0.1" / "happy.json")
    meant = _meant(history)
    wrong = [rings + timedelta(seconds=73) for rings in _timers(history)]
    assert any(min(abs(instant - rings) for instant in meant) > A_MOMENT for rings in wrong)


def _meant(history: WorkflowHistory) -> set[datetime]:
    """By the clocks it was told first; and where they have changed, by those after, at the same hours on the wall."""
    opening, heard, meant, before = _opening(history), list(_heard(history)), set[datetime](), Walls()
    for walls in _told(history):
        changed = [(clock, walls[zone]) for zone, clock in before.items() if walls[zone] != clock]
        meant |= {after.instant(clock.wall(at)) for clock, after in changed for at in meant}
        meant |= set(_by_clocks(opening, heard, walls))
        before = walls
    return meant


def _told(history: WorkflowHistory) -> Iterator[Walls]:
    """The clocks of everybody in it, as it was told them at first, and after each change."""
    opening = _opening(history)
    told = tuple((zone, ZoneClock.model_validate(clock)) for zone, clock in opening.get("clocks", ()))
    zones = {opening["zone"], *_zones_of_parties(opening), *CONNECTORS}
    walls = {zone: clock_in(told, zone) for zone in sorted(zones)}
    yield walls
    for news in _news(history):
        if news["kind"] == "clocks_changed":
            walls = walls | {zone: ZoneClock.model_validate(clock) for zone, clock in news["clocks"]}
            yield walls


def _zones_of_parties(opening: dict[str, Any]) -> set[str]:
    return {each["zone"] for each in (opening["requester"], opening.get("target")) if each}


def _by_clocks(opening: dict[str, Any], heard: list[datetime], walls: Walls) -> Iterator[datetime]:
    """Every instant this policy can mean by what was heard: a patience after it, or after its yes can be undone."""
    yield datetime.fromisoformat(opening["promised_at"])
    patiences = set(_patiences(opening["policy"]))
    parties, clocks = {walls[zone] for zone in _zones_of_parties(opening)}, set(walls.values())
    yield from _term_ends(opening, clocks)
    undo, hours = _plain(opening["policy"]["undo_for"]), opening["policy"].get("hours")
    for at in heard:
        yield from (at + each for each in OURS)
        for start in (at, at + undo):
            yield start
            yield _open_to_all(start, parties, hours)
            yield from (_over(start, patience, clock, hours) for patience in patiences for clock in clocks)


def _term_ends(opening: dict[str, Any], clocks: set[ZoneClock]) -> Iterator[datetime]:
    """The mornings on which its terms end, in the two years after the ask."""
    asked, hours = datetime.fromisoformat(opening["asked_at"]), opening["policy"].get("hours")
    term = opening["policy"]["follow_up"].get("term") or {"ends": []}
    for day in term["ends"]:
        for year in range(asked.year, asked.year + 3):
            nine = datetime.fromisoformat(f"{year}-{day[-5:]} 09:00")
            for clock in clocks:
                morning = clock.instant(nine)
                yield _opens(morning, clock, hours) if hours else morning


def _patiences(table: dict[str, Any]) -> Iterator[str]:
    for value in table.values():
        if isinstance(value, dict):
            yield from _patiences(value)
        elif isinstance(value, str) and value.partition(" ")[0].isdecimal():
            yield value


def _plain(patience: str) -> timedelta:
    amount, unit = patience.split()
    return int(amount) * UNITS[unit]


def _over(start: datetime, patience: str, clock: ZoneClock, hours: dict[str, str] | None) -> datetime:
    """Counted on the wall of that zone, from one open hour to another where there are hours; nothing recorded so far
    has holidays."""
    if not hours:
        return _counted(start, patience, clock)
    start = _opens(start, clock, hours)
    if patience.endswith("wh"):
        return _worked(start, timedelta(hours=int(patience.split()[0])), clock, hours)
    return _opens(_counted(start, patience, clock), clock, hours)


def _counted(start: datetime, patience: str, clock: ZoneClock) -> datetime:
    """Day by day; of business days, five make a whole week."""
    amount, unit = patience.split()
    if unit in ("s", "min", "h"):
        return start + _plain(patience)
    local, left = clock.wall(start), int(amount)
    if unit != "bd":
        local, left = local + timedelta(days=left), 0
    weeks = max(0, (left - 1) // 5)
    local, left = local + timedelta(weeks=weeks), left - 5 * weeks
    while left:
        local += timedelta(days=1)
        left -= local.weekday() < 5
    if unit.startswith("morning"):
        local = local.replace(hour=9, minute=0, second=0, microsecond=0)
    return clock.instant(local)


def _opens(at: datetime, clock: ZoneClock, hours: dict[str, str]) -> datetime:
    """Now, or when the next working day opens."""
    opens, closes = time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])
    local = clock.wall(at)
    while local.weekday() > 4 or local.time() >= closes:
        local = datetime.combine(local.date() + timedelta(days=1), opens)
    local = max(local, datetime.combine(local.date(), opens))
    return clock.instant(local)


def _worked(at: datetime, left: timedelta, clock: ZoneClock, hours: dict[str, str]) -> datetime:
    """Day by day, until so much of their open time has passed."""
    while True:
        closing = clock.instant(datetime.combine(clock.wall(at).date(), time.fromisoformat(hours["closes"])))
        if at + left < closing:
            return at + left
        at, left = _opens(closing, clock, hours), left - (closing - at)


def _open_to_all(at: datetime, clocks: set[ZoneClock], hours: dict[str, str] | None) -> datetime:
    """The first instant at which nobody sleeps."""
    while hours and (latest := max(_opens(at, clock, hours) for clock in clocks)) > at:
        at = latest
    return at


def _opening(history: WorkflowHistory) -> dict[str, Any]:
    started = history.events[0].workflow_execution_started_event_attributes
    opening: dict[str, Any] = json.loads(started.input.payloads[0].data)
    return opening


def _heard(history: WorkflowHistory) -> Iterator[datetime]:
    """When the workflow may have heard something, and the instants that were named to it: "later" until a day.

    Before this run, others heard of it: what they were waiting for is in what it was handed.
    """
    carried = _opening(history).get("carried")
    for ask in carried["introduction"]["asks"] if carried else ():
        yield from (datetime.fromisoformat(ask[name]) for name in ("opened_at", "answered_at") if ask[name])
    for event in history.events:
        if event.event_type in MOVES:
            yield event.event_time.ToDatetime(tzinfo=UTC)
    for news in _news(history):
        yield from (datetime.fromisoformat(news[name]) for name in ("until", "at") if news.get(name))


def _news(history: WorkflowHistory) -> Iterator[dict[str, Any]]:
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            attributes = event.workflow_execution_update_accepted_event_attributes
            yield json.loads(attributes.accepted_request.input.args.payloads[0].data)["news"]


def _timers(history: WorkflowHistory) -> Iterator[datetime]:
    began: dict[int, datetime] = {}
    for event in history.events:
        at = event.event_time.ToDatetime(tzinfo=UTC)
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            started = event.workflow_task_completed_event_attributes.started_event_id
            began[event.event_id] = history.events[started - 1].event_time.ToDatetime(tzinfo=UTC)
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            attributes = event.timer_started_event_attributes
            lasts: Duration = attributes.start_to_fire_timeout
            yield began.get(attributes.workflow_task_completed_event_id, at) + lasts.ToTimedelta()
