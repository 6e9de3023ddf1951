"""Timers that ring too early: the first alarm of each workflow comes while its clock shows two minutes less."""

from datetime import timedelta

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails

from workflows.runner import Runner, _WithoutContext

EARLY = timedelta(minutes=2)


class EarlyRunner(Runner):
    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _Early(super().create_instance(det))


class _Early(_WithoutContext):
    rang = False

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        if not self.rang and any(job.HasField("fire_timer") for job in act.jobs):
            self.rang = True
            act.timestamp.FromDatetime(act.timestamp.ToDatetime() - EARLY)
        return super().activate(act)
