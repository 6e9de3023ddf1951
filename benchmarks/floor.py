"""The floor: the least a workflow of this shape costs.

The same messages and one timer, with nothing done about them.
"""

from datetime import timedelta

from temporalio import workflow


@workflow.defn(name="floor")
class Floor:
    """A start, four updates, one timer that never fires: the bare floor the product is measured against."""

    @workflow.init
    def __init__(self, opening: str) -> None:
        self.heard = 0

    @workflow.run
    async def run(self, opening: str) -> int:
        await workflow.wait_condition(lambda: self.heard == 4, timeout=timedelta(days=30))
        return self.heard

    @workflow.update
    async def deliver(self, envelope: str) -> int:
        self.heard += 1
        return self.heard
