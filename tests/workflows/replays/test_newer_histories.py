"""Gone back to this version: what a newer one has written more is passed over, and what only it knows suspends."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.workflows.stories.record import recorded
from tests.workflows.stories.replay import history_of
from workflows.plugin import plugin

OURS = {"kind", "id", "key", "news", "number", "replies"}
NEWER = {"of_a_newer_version": {"kind": "told", "by": ["somebody"]}}


async def test_fields_of_a_newer_version_are_passed_over() -> None:
    for name in ("happy", "edited", "accelerator"):
        await replayed(rewritten(name, with_more))


async def test_news_of_a_kind_it_does_not_know_suspends_and_loses_nothing() -> None:
    def of_another_kind(found: Any) -> Any:
        if isinstance(found, dict) and found.get("kind") == "opted_in":
            return found | {"kind": "agreed_by_telephone"}
        return found

    with pytest.raises(NondeterminismError):
        await replayed(rewritten("happy", of_another_kind))


async def replayed(history: WorkflowHistory) -> None:
    await Replayer(workflows=[], plugins=[plugin()]).replay_workflow(history)


def rewritten(name: str, how: Callable[[Any], Any]) -> WorkflowHistory:
    """A recorded history, as another version would have written it."""
    history = history_of(recorded(name)[0])
    for event in history.events:
        for payload in payloads(event):
            if payload.data:
                payload.data = json.dumps(throughout(json.loads(payload.data), how)).encode()
    return history


def with_more(found: Any) -> Any:
    """Values of ours, not what a policy lists by name."""
    return found | NEWER if isinstance(found, dict) and OURS & found.keys() else found


def throughout(found: Any, how: Callable[[Any], Any]) -> Any:
    if isinstance(found, dict):
        found = {key: throughout(value, how) for key, value in found.items()}
    elif isinstance(found, list):
        found = [throughout(each, how) for each in found]
    return how(found)


def payloads(message: Message) -> Iterator[Payload]:
    """Those that hold values of ours."""
    if isinstance(message, Payload):
        if message.metadata.get("encoding") == b"json/plain":
            yield message
        return
    for description, value in message.ListFields():
        if description.message_type is None:
            continue
        inside = value.values() if hasattr(value, "values") else value if hasattr(value, "__len__") else [value]
        for each in inside:
            if isinstance(each, Message):
                yield from payloads(each)
