"""Findings about running introductions, as the mailrooms' monitor has last seen them: which are stalled, and why."""

from datetime import datetime

from sqlalchemy import Connection

from commands.doctor.findings import Diagnosis, well, wrong
from store.views.installation import alarms
from store.views.installation.alarms import Alarm
from store.views.stalled_workflows import What, counted

# What was seen, and what to do. docs/operating.md says the same at length.
STALLED: dict[What, tuple[str, str]] = {
    "stands_still": (
        "our program fails on it",
        "Go back to the version before, or on to one that mends it",
    ),
    "unrecorded": ("a step cannot be recorded", "Look into the worker's log, and at the database it names"),
    "asleep": ("it is overdue and nothing is being done", "temporal workflow reset --type LastWorkflowTask, by its id"),
    "overgrown": ("its run has more than 1,000 events", "See that every worker is of this version"),
    "gone": ("somebody ended its workflow", "temporal workflow reset --type LastWorkflowTask, by its id"),
}
ALARMS: dict[Alarm, tuple[str, str]] = {"no_worker": ("no worker is running", "introbroker worker")}


def look(connection: Connection, now: datetime) -> list[Diagnosis]:
    found = [
        wrong("introductions", f"{said}: {many}, {one} among them", do)
        for what, (many, one) in counted(connection, now).items()
        if what in STALLED  # those that are missing are the namespace's: `databases`
        for said, do in (STALLED[what],)
    ]
    for kind, since in alarms.raised(connection):
        said, do = ALARMS[kind]
        found.append(wrong("introductions", f"{said}, since {since:%Y-%m-%d %H:%M} UTC", do))
    return found or [well("introductions", "none is known to be stalled")]
