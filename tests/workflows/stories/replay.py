"""Replay every recorded history with today's code, in this process: `python -m tests.workflows.stories.replay`.

`... 1 3` replays the second of every three. Printed: how many those are, and which release of zone law this process
knows.
"""

import asyncio
import sys
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

import tests.support.run.garbage_collection  # noqa: F401  # seldom looked for: it took a sixth of the time
from calendars.clocks import law
from tests.workflows.stories.record import HISTORIES
from workflows.plugin import plugin


def files_of(turn: int = 0, turns: int = 1) -> list[Path]:
    return sorted(HISTORIES.glob("*/*.json"))[turn::turns]


async def replay_all(files: list[Path]) -> int:
    replayer = Replayer(workflows=[], plugins=[plugin()])
    for file in files:
        await replayer.replay_workflow(history_of(file))
    return len(files)


def history_of(file: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(file.stem, file.read_text())


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(replay_all(files_of(*map(int, sys.argv[1:]))))} {law()}\n")
