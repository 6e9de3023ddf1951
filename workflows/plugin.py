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

from models.base import OWN, Frozen
from models.news import Envelope
from models.policy.policy import Policy
from models.process.state.opening import Opening
from models.record.step_record import Recorded
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


# Rules of a programme by which its requests are written, read and kept: no step of an introduction goes by them.
NOT_OF_A_STEP = dict.fromkeys(("retention", "photos_and_places", "request", "tracks", "kinds"), True)


class _Brief(PydanticJSONPlainPayloadConverter):
    """What lies in every history for months says nothing of what is not there, nor what would be read so anyway.

    A default of openings and news is what it means in histories of older versions, so it never changes. One of a
    policy may: what a running introduction goes by is said in full.

    Histories are our own writing: what a newer version has written more is passed over, so that an older one can go
    on with it. News or effects of a kind it does not know it cannot read, and stands still until a newer one comes.
    """

    def to_payload(self, value: Any) -> Payload | None:
        if not isinstance(value, Opening | Envelope | Recorded) or getattr(value, "carried", None):
            return super().to_payload(value)  # what a run hands to the next is read as it stood
        data = to_json(value, exclude_none=True, exclude=_unsaid(value))
        return Payload(metadata={"encoding": self.encoding.encode()}, data=data)

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        return _adapter(Any if type_hint is None else type_hint).validate_json(payload.data, extra=OWN)


def _unsaid(said: Frozen) -> dict[str, Any]:
    """The fields that say what is read where nothing is said, of this and of what stands in it."""
    left_out: dict[str, Any] = {}
    for name, default in _defaults(type(said)).items():
        found = getattr(said, name)
        if found == default:
            left_out[name] = True
        elif isinstance(found, Policy):
            left_out[name] = NOT_OF_A_STEP
        elif isinstance(found, Frozen):
            left_out[name] = _unsaid(found)
        elif isinstance(found, tuple):
            left_out[name] = {number: _unsaid(each) for number, each in enumerate(found) if isinstance(each, Frozen)}
    return {name: which for name, which in left_out.items() if which}


@lru_cache(maxsize=256)
def _defaults(of: type[Frozen]) -> dict[str, Any]:
    """Of each field but the kind, which tells what all the others mean; those without a default equal nothing."""
    return {
        name: object() if field.is_required() else field.default
        for name, field in of.model_fields.items()
        if name != "kind"
    }


@lru_cache(maxsize=256)
def _adapter(of: Any) -> TypeAdapter[Any]:
    return TypeAdapter(of)


_CONVERTERS = {each.encoding.encode(): each for each in (*PydanticPayloadConverter().converters.values(), _Brief())}


def _sandboxed(_: WorkflowRunner | None) -> WorkflowRunner:
    return Runner(restrictions=RESTRICTIONS)
