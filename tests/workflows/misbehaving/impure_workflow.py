"""A workflow that reads the clock, throws dice, opens a file, and leaves something behind for the next one."""

import random
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from temporalio import workflow
from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

from workflows.introduction import IntroductionWorkflow
from workflows.runs import RunStart

LOOKS: tuple[Callable[[], object], ...] = (
    lambda: datetime.now(UTC),
    lambda: time.time(),  # the sandbox looks at the use of a name: `time.time` alone is allowed
    lambda: random.random(),
    lambda: uuid.uuid4(),
    lambda: open(__file__),  # noqa: SIM115
)
LEFT_BEHIND: list[str] = []


@workflow.defn(name="introduction")
class LooksAround(IntroductionWorkflow):
    @workflow.init
    def __init__(self, opening: RunStart) -> None:
        super().__init__(opening)
        assert all(refused(look) for look in LOOKS)
        assert not LEFT_BEHIND, "another introduction's"
        LEFT_BEHIND.append(opening.id)

    @workflow.run
    async def run(self, opening: RunStart) -> str:
        return await super().run(opening)


def refused(look: Callable[[], object]) -> bool:
    try:
        look()
    except RestrictedWorkflowAccessError:
        return True
    return False
