"""One answer is heard once, however often it is handed over: ten times at once, and after the end (F29)."""

import asyncio
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from models.ids import AskNumber, InboxKey
from models.news import ConnectorApproved, Envelope, Withdrew
from models.process.verdict import Refused, Taken
from tests.cast import CARL, ROSA, policy
from tests.support.world import world
from workflows.client import NotRunning


async def test_one_answer_handed_over_ten_times_is_one_step(temporal_env: WorkflowEnvironment, tmp_path: Path) -> None:
    async with world(temporal_env, tmp_path, policy("demo")) as here:
        life = await here.asked()
        before = (await life.row()).step
        yes = ConnectorApproved(ask=AskNumber(1), by=CARL.id, vouch="introduce")
        said = Envelope(key=InboxKey("inb_yes"), news=yes)
        verdicts = await asyncio.gather(*(here.introductions.deliver(life.opening.id, said) for _ in range(10)))
        await life.settled()
        assert set(map(type, verdicts)) == {Taken}
        assert len({verdict.model_dump_json() for verdict in verdicts}) == 1
        assert (await life.row()).step == before + 1
        ended = Envelope(key=InboxKey("inb_end"), news=Withdrew(by=ROSA.id))
        assert isinstance(await here.introductions.deliver(life.opening.id, ended), Taken)
        await life.handle.result()
        over = (await life.row()).step
        again = await here.introductions.deliver(life.opening.id, said)
        assert isinstance(again, Taken | Refused | NotRunning)
        assert (await life.row()).step == over
