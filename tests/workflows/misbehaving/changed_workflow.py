"""A workflow of the same name with other commands: what a careless change to the shell would be."""

from datetime import timedelta
from typing import Any

from temporalio import workflow


@workflow.defn(name="introduction")
class Impostor:
    @workflow.run
    async def run(self, opening: Any) -> str:
        await workflow.execute_activity("record", opening, start_to_close_timeout=timedelta(seconds=1))
        return "never"

    @workflow.update
    async def deliver(self, envelope: Any) -> None:
        """Takes anything."""
