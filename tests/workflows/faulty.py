"""The workflow with a fault in it: one shape of news raises, as a line of ours might one day."""

from datetime import datetime

from temporalio import workflow

from models.introduction import Introduction, Opening
from models.news import ConnectorApproved
from models.verdict import Step
from workflows.introduction import IntroductionWorkflow


@workflow.defn(name="introduction")
class Faulty(IntroductionWorkflow):
    @workflow.init
    def __init__(self, opening: Opening) -> None:
        super().__init__(opening)

    @workflow.run
    async def run(self, opening: Opening) -> str:
        return await super().run(opening)

    def _queue(self, step: Step, before: Introduction, key: str | None, at: datetime | None = None) -> None:
        if isinstance(step.news, ConnectorApproved) and step.news.vouch == "vouch":
            raise LookupError("a shape nobody had thought of")
        super()._queue(step, before, key, at)
