"""The workflow with a fault in it: one shape of news raises, as a line of ours might one day."""

from datetime import datetime

from temporalio import workflow

from models.news import ConnectorApproved, News
from models.process.state.introduction import Introduction
from models.process.verdict import Refused, Step
from models.record.play import Course
from workflows.introduction import IntroductionWorkflow
from workflows.recovery import Recovery
from workflows.runs import RunStart


class Stumbling(Course):
    def hear(self, news: News, at: datetime, key: str | None = None) -> Step | Refused:
        if isinstance(news, ConnectorApproved) and news.vouch == "vouch":
            raise LookupError("a shape nobody had thought of")
        return super().hear(news, at, key)


@workflow.defn(name="introduction")
class Faulty(IntroductionWorkflow):
    @workflow.init
    def __init__(self, opening: RunStart) -> None:
        super().__init__(opening)
        self.course = Stumbling(opening, workflow.now())
        self.recovery = Recovery(self.course)

    @workflow.query
    def state(self) -> Introduction:
        """Fails, as a query may that the SDK answers in the middle of a slow step."""
        raise LookupError("missing associated machine")

    @workflow.run
    async def run(self, opening: RunStart) -> str:
        return await super().run(opening)
