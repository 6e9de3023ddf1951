"""Record the history of each story that has none yet: `python -m tests.workflows.stories.record`.

A recorded history is never edited and never removed while an introduction of its age may be open: it is what running
introductions look like, and every later release must replay it.
"""

import asyncio
import tempfile
from pathlib import Path

from tests.support.services.temporal_env import start_environment
from tests.support.world import world
from tests.workflows.stories.stories import STORIES

HISTORIES = Path(__file__).parents[2] / "histories"
RELEASE = "0.3"
# One of each stage, told again: since this release an opening tells of clocks.
TOLD_AGAIN = (
    "a_need", "made_for_her", "sent_back", "three_silent_connectors", "later_and_back", "two_lines", "held", "venture",
    "alumni_as_a_term_ends", "community", "undone", "a_step_recorded_slowly",
)  # fmt: skip


def recorded(name: str) -> list[Path]:
    return sorted(HISTORIES.glob(f"*/{name}.json"))


async def record_missing() -> None:
    (HISTORIES / RELEASE).mkdir(exist_ok=True)
    async with await start_environment() as env:
        for name, story in STORIES.items():
            if _is_recorded(name):
                continue
            with tempfile.TemporaryDirectory() as folder:
                async with world(env, Path(folder), story.rules(), story.connectors, slow_step=story.slow_step) as here:
                    life = await story.tell(here)
                    history = await life.handle.fetch_history()
            (HISTORIES / RELEASE / f"{name}.json").write_text(history.to_json() + "\n")


def _is_recorded(name: str) -> bool:
    return (HISTORIES / RELEASE / f"{name}.json").exists() if name in TOLD_AGAIN else bool(recorded(name))


if __name__ == "__main__":
    asyncio.run(record_missing())
