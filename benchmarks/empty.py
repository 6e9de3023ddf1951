"""The smallest workflow there is, as a measure of creation."""

from temporalio import workflow


@workflow.defn(name="empty")
class Empty:
    @workflow.run
    async def run(self, opening: dict[str, object]) -> None:
        await workflow.wait_condition(lambda: False, timeout=None)
