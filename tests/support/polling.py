"""The smallest workflow that waits: in a file by itself, because the sandbox imports it again."""

from datetime import timedelta

from temporalio import workflow


@workflow.defn
class Napping:
    """Sleeps for the days it is told and says how long that was by its own clock."""

    @workflow.run
    async def run(self, days: int) -> int:
        lay_down_at = workflow.now()
        await workflow.sleep(timedelta(days=days))
        return (workflow.now() - lay_down_at).days
