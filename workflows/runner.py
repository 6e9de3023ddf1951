"""The runner of workflows. In its sandbox, entered once for each message.

The worker asks a workflow for the context in which each payload is read or written, three times a payload and each time
through the sandbox: a fifth of its Python time (py-spy over `make bench`). No converter of ours looks at it
(`workflows/plugin.py` refuses a codec that would), so it is answered here.
"""

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info


class Runner(SandboxedWorkflowRunner):
    """Temporal's own sandbox around each workflow."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _WithoutContext(super().create_instance(det))


class _WithoutContext(WorkflowInstance):
    def __init__(self, inside: WorkflowInstance) -> None:
        self._inside = inside

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._inside.activate(act)

    def get_serialization_context(self, command_info: object) -> None:
        return None

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:
        return _NOWHERE

    def get_info(self) -> Info:
        return self._inside.get_info()

    def get_thread_id(self) -> int | None:
        return self._inside.get_thread_id()


_NOWHERE = StorageDriverStoreContext(target=None)  # payloads stay in Temporal: there is no storage beside it
