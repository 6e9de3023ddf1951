"""The Temporal plugin that client, worker and replay share: converter, workflows, sandbox."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import to_json
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter, PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    WithSerializationContext,
)
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxRestrictions

from models.base import OWN
from models.news import Envelope
from models.process.state.opening import Opening
from models.record.step_record import Recorded
from models.time.open_hours import Days
from workflows.introduction import IntroductionWorkflow
from workflows.runner import Runner

# Models, pydantic, the recovery and the runs (both give no commands) are passed through the sandbox, which is fast and
# they are pure; the workflow's own module is not, so that a clock or dice in it is refused.
RESTRICTIONS = SandboxRestrictions.default.with_passthrough_modules(
    "models", "pydantic", "pydantic_core", "workflows.recovery", "workflows.runs"
)


def plugin(activities: Sequence[Callable[..., Any]] = (), codec: PayloadCodec | None = None) -> SimplePlugin:
    """The one way in which this product speaks to Temporal."""
    return SimplePlugin(
        "introbroker",
        data_converter=converter(codec),
        workflows=[IntroductionWorkflow],
        activities=list(activities),
        workflow_runner=_sandboxed,
    )


def converter(codec: PayloadCodec | None = None) -> DataConverter:
    """Raises TypeError for a codec that asks whose payload it is: our runner does not tell (`workflows/runner.py`)."""
    if isinstance(codec, WithSerializationContext):
        raise TypeError(f"{type(codec).__name__} goes by a context that no payload here has")
    return DataConverter(
        payload_converter_class=_OneForAll,
        payload_codec=codec,
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


class _OneForAll(CompositePayloadConverter):
    """Every workflow asks for a converter of its own; what converters have learnt of our types is kept once."""

    def __init__(self) -> None:
        self.converters = _CONVERTERS


class _Brief(PydanticJSONPlainPayloadConverter):
    """What lies in every history for months says nothing of what is not there, nor that somebody's days are as most.

    Histories are our own writing: what a newer version has written more is passed over, so that an older one can go
    on with it. News or effects of a kind it does not know it cannot read, and stands still until a newer one comes.
    """

    def to_payload(self, value: Any) -> Payload | None:
        if not isinstance(value, Opening | Envelope | Recorded) or getattr(value, "carried", None):
            return super().to_payload(value)  # what a run hands to the next is read as it stood
        usual = _with_usual_days(value) if isinstance(value, Opening) else {}
        data = to_json(value, exclude_none=True, exclude=usual)
        return Payload(metadata={"encoding": self.encoding.encode()}, data=data)

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        return _adapter(Any if type_hint is None else type_hint).validate_json(payload.data, extra=OWN)


def _with_usual_days(opening: Opening) -> dict[str, Any]:
    people = {"requester": opening.requester, "target": opening.target}
    named = {name: {"days"} for name, somebody in people.items() if somebody and somebody.days == Days()}
    return named | ({"days": True} if opening.days == Days() else {})


@lru_cache(maxsize=256)
def _adapter(of: Any) -> TypeAdapter[Any]:
    return TypeAdapter(of)


_CONVERTERS = {each.encoding.encode(): each for each in (*PydanticPayloadConverter().converters.values(), _Brief())}


def _sandboxed(_: WorkflowRunner | None) -> WorkflowRunner:
    return Runner(restrictions=RESTRICTIONS)
