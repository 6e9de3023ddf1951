"""Replay every recorded history with today's code, in this process: `python -m tests.workflows.stories.replay`.

Printed: how many there are, and which release of zone law this process knows.
"""

import asyncio
import sys
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from calendars.clocks import law
from tests.workflows.stories.record import HISTORIES
from workflows.plugin import plugin


async def replay_all() -> int:
    replayer = Replayer(workflows=[], plugins=[plugin()])
    files = sorted(HISTORIES.glob("*/*.json"))
    for file in files:
        await replayer.replay_workflow(history_of(file))
    return len(files)


def history_of(file: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(file.stem, file.read_text())


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(replay_all())} {law()}\n")
