"""Every introduction is kept apart from the world, and from each other."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec, SerializationContext, WithSerializationContext
from temporalio.testing import WorkflowEnvironment as Env
from temporalio.worker import Replayer

from tests.cast import CARL, policy
from tests.support.services.temporal_env import client_with
from tests.support.world import peopled
from tests.workflows.misbehaving import impure_workflow
from tests.workflows.stories.record import recorded
from tests.workflows.stories.replay import history_of
from worker import build
from workflows.client import IntroductionClient
from workflows.plugin import RESTRICTIONS, converter, plugin
from workflows.runner import Runner


async def test_no_clock_no_dice_no_file_and_nothing_of_another() -> None:
    replayer = Replayer(
        workflows=[impure_workflow.LooksAround],
        data_converter=converter(),
        workflow_runner=Runner(restrictions=RESTRICTIONS),
    )
    history = history_of(recorded("happy")[0])
    for _ in range(2):
        await replayer.replay_workflow(history)


async def test_all_that_lies_in_a_history_went_through_the_codec(temporal_env: Env, tmp_path: Path) -> None:
    queue = "with-a-codec"
    async with peopled(temporal_env, tmp_path, policy("demo"), queue) as here:
        here.client = client_with(temporal_env, [plugin(codec=Backwards())])
        here.introductions = IntroductionClient(here.client, queue)
        async with build(here.client, here.database, queue):
            life = await here.asked()
            assert (await life.state()).asks[0].person == CARL.id
        history = await life.handle.fetch_history()
    begun = [event.workflow_execution_started_event_attributes.input.payloads for event in history.events[:1]]
    steps = [
        payload
        for event in history.events
        for key, kept in event.marker_recorded_event_attributes.details.items()
        if key != "data"  # the server library's own note: which activity this was, and when
        for payload in kept.payloads
    ]
    assert len(steps) == 2
    assert {payload.metadata["encoding"] for payload in [*begun[0], *steps]} == {b"backwards"}


def test_a_codec_that_asks_whose_payload_it_is_would_not_be_told() -> None:
    with pytest.raises(TypeError, match="AsksWhose"):
        converter(AsksWhose())


class Backwards(PayloadCodec):
    """Nobody could read it by accident."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [
            Payload(metadata={"encoding": b"backwards"}, data=each.SerializeToString(deterministic=True)[::-1])
            for each in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [Payload.FromString(each.data[::-1]) for each in payloads]


class AsksWhose(Backwards, WithSerializationContext):
    def with_context(self, context: SerializationContext) -> "AsksWhose":
        return self
