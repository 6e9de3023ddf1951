"""Events, tasks and bytes of one introduction (goal G1). Exact, so a hard gate."""

import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.testing import WorkflowEnvironment

from benchmarks.gates import Gate
from models.news import Withdrew
from tests.cast import CARL, ROSA, TOMOKO, policy
from tests.support.news_phrases import approves, opts_in
from tests.support.world import Life, World, world

# What virtual time itself writes into a history is not the product's.
NOT_OURS = ("TIME_SKIPPING", "OPTIONS_UPDATED")
FOLLOW_UP_WAKES = 4
LIVES = 3  # the cheapest counts: watching one at a bad moment adds a task of its own


@dataclass(frozen=True)
class Cost:
    """What one introduction's history holds."""

    events: int
    tasks: int
    bytes: int
    activities: int
    by_type: dict[str, int]


async def measure(env: WorkflowEnvironment) -> tuple[Cost, Cost]:
    """The answers-only path, and the same with delivery and follow-up to the ending."""
    with tempfile.TemporaryDirectory() as folder:
        async with world(env, Path(folder), policy("demo")) as here:
            short = [await _answered(here) for _ in range(LIVES)]
            whole = [await _lived(here) for _ in range(LIVES)]
            return min(short, key=_events), min(whole, key=_events)


async def _answered(here: World) -> Cost:
    life = await here.asked()
    await life.hear(approves(CARL), opts_in(ROSA), opts_in(TOMOKO), Withdrew(by=ROSA.id))
    return await cost(life)


async def _lived(here: World) -> Cost:
    life = await here.asked()
    await life.hear(approves(CARL), opts_in(ROSA), opts_in(TOMOKO))
    await life.time_passes(timedelta(days=1))
    return await cost(life)


def _events(cost: Cost) -> int:
    return cost.events


def gates(answers: Cost, whole: Cost) -> list[Gate]:
    each_more = (whole.events - answers.events) / (FOLLOW_UP_WAKES + 1)
    return [
        Gate("G1a answers only: events", answers.events, 40),
        Gate("G1a answers only: workflow tasks", answers.tasks, 6),
        Gate("G1a answers only: kilobytes", answers.bytes / 1000, 8),
        Gate("G1a answers only: normal activities", answers.activities, 0),
        Gate("G1b to the ending: events", whole.events, 70),
        Gate("G1b to the ending: workflow tasks", whole.tasks, 10),
        Gate("G1b to the ending: kilobytes", whole.bytes / 1000, 12),
        Gate("G1b to the ending: normal activities", whole.activities, 0),
        Gate("G1 events for each further wake-up", each_more, 6),
    ]


async def cost(life: Life) -> Cost:
    await life.handle.result()
    history = await life.handle.fetch_history()
    ours = [event for event in history.events if not any(word in _kind(event.event_type) for word in NOT_OURS)]
    kinds = Counter(_kind(event.event_type) for event in ours)
    return Cost(
        events=len(ours),
        tasks=kinds["WORKFLOW_TASK_COMPLETED"],
        bytes=sum(event.ByteSize() for event in ours),
        activities=kinds["ACTIVITY_TASK_SCHEDULED"],
        by_type=dict(kinds),
    )


def _kind(number: "EventType.ValueType") -> str:
    return EventType.Name(number).removeprefix("EVENT_TYPE_")
