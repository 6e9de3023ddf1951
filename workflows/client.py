"""The client of running introductions: starts their workflows and hands them news."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DeleteWorkflowExecutionRequest,
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
)
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from models.base import Frozen
from models.ids import IntroductionId, PersonId
from models.news import Envelope
from models.process.state.opening import Opening
from models.process.verdict import Reason, Refused, Taken
from workflows.introduction import IntroductionWorkflow
from workflows.runs import RunStart
from workflows.search_attributes import PERSON_REFS, POLICY_VERSION

TASK_QUEUE = "introductions"
DEPLOYMENT = "introbroker"  # under which Temporal lists the builds of workers that have one
PATIENCE = timedelta(seconds=5)
UNSEEN = timedelta(minutes=2)  # a worker that has not asked for so long is gone
TRIES = 3  # the first retry follows at once and often helps; whoever fails three times will fail again
ENDED = "WorkflowType='introduction' AND ExecutionStatus IN ('Terminated', 'Canceled', 'Failed', 'TimedOut')"

SURE_FOR = 60.0  # seconds for which a namespace that was ours still is: its server may be replaced under us
LONG = 1_000  # events of one run: by then a new one should have begun (`workflows/runs.py`)

# "gone": somebody ended it, and Temporal still holds that; "missing": Temporal holds nothing of it.
WorkflowHealth = Literal["well", "idle", "stands_still", "unrecorded", "overgrown", "gone", "missing", "away"]
Recognise = Callable[[str], Awaitable[bool]]  # whether the namespace of this id is the installation's own


class Away(Frozen):
    """Temporal cannot be reached, or no worker answers in time. The inbox keeps the news; the sweep hands it over."""


class NotRunning(Frozen):
    """Temporal knows no such running workflow: it has closed, or it was never started. The store knows which."""


class Gone(Frozen):
    """Temporal holds nothing of it any more."""


class StillThere(Frozen):
    """It runs on, or Temporal has been told to delete it and has not done so yet."""


class IntroductionClient:
    """The running introductions, behind one Temporal client. Nothing is started in a namespace that is not ours."""

    def __init__(self, client: Client, task_queue: str = TASK_QUEUE, recognise: Recognise | None = None) -> None:
        self._client = client
        self._queue = task_queue
        self._recognise = recognise
        self._sure_until = 0.0

    async def start(self, opening: Opening, patience: timedelta = timedelta(seconds=2)) -> bool:
        """Start it, once. False where Temporal is away or not ours. What runs or has run is left alone."""
        try:
            if not await self._is_ours(patience):
                return False
            await self._client.start_workflow(
                IntroductionWorkflow.run,
                RunStart.first(opening),
                id=opening.id,
                task_queue=self._queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=_attributes(opening),
                rpc_timeout=patience,
            )
        except WorkflowAlreadyStartedError:
            return True
        except (RPCError, RuntimeError):  # RuntimeError: a lazy client that has never reached its server
            return False
        return True

    async def deliver(
        self, introduction: IntroductionId, envelope: Envelope, patience: timedelta = timedelta(seconds=2)
    ) -> Taken | Refused | Away | NotRunning:
        """Hand one piece of news over. The envelope's key makes it safe to repeat."""
        handle = self._client.get_workflow_handle_for(IntroductionWorkflow.run, introduction)
        try:
            return await handle.execute_update(
                IntroductionWorkflow.deliver, envelope, id=envelope.key, rpc_timeout=patience
            )
        except WorkflowUpdateFailedError as error:
            return _refusal(error)
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            return Away()
        except RPCError as error:
            return NotRunning() if error.status == RPCStatusCode.NOT_FOUND else Away()
        except RuntimeError:  # a lazy client that has never reached its server
            return Away()

    async def steps(self, introduction: IntroductionId, patience: timedelta = timedelta(seconds=2)) -> int | None:
        """How many steps the workflow knows; None where it cannot say, as in the middle of a step that takes long."""
        handle = self._client.get_workflow_handle_for(IntroductionWorkflow.run, introduction)
        try:
            return (await handle.query(IntroductionWorkflow.state, rpc_timeout=patience)).step
        except (WorkflowQueryFailedError, RPCError, RuntimeError):
            return None

    async def forget(
        self, introduction: IntroductionId, patience: timedelta = timedelta(seconds=5)
    ) -> Gone | StillThere | Away:
        """Have every run of a closed workflow deleted, history and all. Temporal does so in its own time: ask again."""
        try:
            listed = self._client.list_workflows(f"WorkflowId = '{introduction}'", rpc_timeout=patience)
            runs = {each.run_id: each.status async for each in listed}
            newest = await self._newest(introduction, patience)
            runs |= {newest.run_id: newest.status} if newest else {}
            if WorkflowExecutionStatus.RUNNING not in runs.values():
                for run in runs:
                    await self._delete(introduction, run, patience)
        except (RPCError, RuntimeError):  # RuntimeError: a lazy client that has never reached its server
            return Away()
        return StillThere() if runs else Gone()

    async def _newest(self, introduction: IntroductionId, patience: timedelta) -> WorkflowExecutionDescription | None:
        try:
            return await self._client.get_workflow_handle(introduction).describe(rpc_timeout=patience)
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def _delete(self, introduction: IntroductionId, run: str, patience: timedelta) -> None:
        execution = WorkflowExecution(workflow_id=introduction, run_id=run)
        request = DeleteWorkflowExecutionRequest(namespace=self._client.namespace, workflow_execution=execution)
        try:
            await self._client.workflow_service.delete_workflow_execution(request, timeout=patience)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:  # deleted already, and still listed
                raise

    async def with_person(
        self, person: PersonId, patience: timedelta = timedelta(seconds=5)
    ) -> tuple[IntroductionId, ...] | Away:
        """Every execution that Temporal's own lists find under this person's id, whatever our rows say."""
        try:
            found = self._client.list_workflows(f"{PERSON_REFS.name} = '{person}'", rpc_timeout=patience)
            return tuple([IntroductionId(each.id) async for each in found])
        except (RPCError, RuntimeError):
            return Away()

    async def standing(self, introduction: IntroductionId) -> WorkflowHealth:
        """Whether its workflow hears news, records its steps and stays within its bounds.

        `idle`: nothing of it is being done, nor waits to be. That is well, unless something was due.
        """
        try:
            found = await self._newest(introduction, PATIENCE)
        except (RPCError, RuntimeError):  # RuntimeError: a lazy client that has never reached its server
            return "away"
        if found is None:
            return "missing"
        if found.status != WorkflowExecutionStatus.RUNNING:
            return "gone"
        task, recordings = found.raw_description.pending_workflow_task, found.raw_description.pending_activities
        if task.attempt >= TRIES:
            return "stands_still"
        if any(each.attempt >= TRIES for each in recordings):
            return "unrecorded"
        if found.history_length >= LONG:
            return "overgrown"
        return "well" if recordings or found.raw_description.HasField("pending_workflow_task") else "idle"

    async def has_worker(self, now: datetime) -> bool | None:
        """Whether somebody takes tasks of both kinds from our queue; None where Temporal cannot say.

        A worker asks at least once a minute; the server lists it for five after it has asked for the last time.
        """
        for kind in (TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY):
            queue = DescribeTaskQueueRequest(
                namespace=self._client.namespace, task_queue=TaskQueue(name=self._queue), task_queue_type=kind
            )
            try:
                answer = await self._client.workflow_service.describe_task_queue(queue, timeout=PATIENCE)
            except (RPCError, RuntimeError):
                return None
            if all(now - each.last_access_time.ToDatetime(UTC) > UNSEEN for each in answer.pollers):
                return False
        return True

    async def ended_from_outside(self) -> list[IntroductionId]:
        """Workflows that somebody terminated or cancelled, or that failed: ours end by completing."""
        try:
            return [IntroductionId(each.id) async for each in self._client.list_workflows(ENDED, rpc_timeout=PATIENCE)]
        except (RPCError, RuntimeError):
            return []

    async def _is_ours(self, patience: timedelta) -> bool:
        """Asked before anything is started, and once a minute at most."""
        if self._recognise is None or asyncio.get_running_loop().time() < self._sure_until:
            return True
        found = await namespace_id(self._client, patience)
        if found and not await self._recognise(found):
            return False
        self._sure_until = asyncio.get_running_loop().time() + SURE_FOR
        return True


async def namespace_id(client: Client, patience: timedelta = PATIENCE) -> str | None:
    """The id of the namespace this client speaks to; None where the server does not tell."""
    request = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        found = await client.workflow_service.describe_namespace(request, timeout=patience)
    except RPCError as error:
        if error.status in (RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNIMPLEMENTED):
            return None
        raise
    return found.namespace_info.id or None


def _refusal(error: WorkflowUpdateFailedError) -> Refused | Away:
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type == "Refused":
        return Refused(reason=Reason(cause.message))
    return Away()


def _attributes(opening: Opening) -> TypedSearchAttributes:
    people = [opening.requester.id, *([opening.target.id] if opening.target else [])]
    policy = f"{opening.policy.name}-{opening.policy.version}"
    return TypedSearchAttributes(
        [SearchAttributePair(PERSON_REFS, people), SearchAttributePair(POLICY_VERSION, policy)]
    )
